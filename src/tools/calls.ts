import type * as z from 'zod';
import type { ToolDefinition } from './defineTool';
import { parseInput } from './parseInput';
import { pipTool, type PipInput } from './pipTool';
import { runTool, type RunInput } from './runTool';
import { venvTool, type VenvInput } from './venvTool';

/** A call that was checked, for doors that say beforehand what it will do. */
export type Call =
  | { readonly tool: 'run'; readonly input: RunInput }
  | { readonly tool: 'venv'; readonly input: VenvInput }
  | { readonly tool: 'pip'; readonly input: PipInput };

/**
 * @returns a call with its input checked as the tool checks it; undefined for a tool that is not told apart here.
 * @throws ToolError invalid_input, as the call itself will.
 */
export function parseCall({ name }: ToolDefinition, raw: unknown): Call | undefined {
  switch (name) {
    case 'python.run':
      return { tool: 'run', input: checked(runTool, raw) };
    case 'python.venv':
      return { tool: 'venv', input: checked(venvTool, raw) };
    case 'python.pip':
      return { tool: 'pip', input: checked(pipTool, raw) };
    default:
      return undefined;
  }
}

function checked<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: ToolDefinition<Input, Output>,
  raw: unknown,
): z.output<Input> {
  const input = parseInput(tool, raw);
  tool.check(input);
  return input;
}
