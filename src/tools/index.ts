import type { ToolDefinition } from './defineTool';
import { pipTool } from './pipTool';
import { runTool } from './runTool';
import { venvTool } from './venvTool';

export type { ToolDefinition } from './defineTool';
export { parseCall } from './calls';
export { callTool } from './callTool';
export { languageModelName } from './manifest';
export { renderText, textOutputBudget } from './renderText';

/** The tools, in the order in which every door lists them. A new one is its own file and a line here. */
export const tools: readonly ToolDefinition[] = [runTool, venvTool, pipTool];
