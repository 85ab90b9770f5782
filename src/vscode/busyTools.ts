import type { ToolDefinition } from '../tools/defineTool';
import type { Busy } from './busy';

/** What the spinner says, by action. */
const works: Readonly<Record<string, string>> = {
  create: 'Creating an environment',
  delete: 'Deleting an environment',
  install: 'Installing packages',
  uninstall: 'Uninstalling packages',
};

/** @returns the tools, so that a folder is busy for as long as one of them changes it, whatever door a call comes through. */
export function busyTools(tools: readonly ToolDefinition[], busy: Busy): ToolDefinition[] {
  return tools.map((tool) => ({
    ...tool,
    handle: async (input, folder, context) => {
      const { action, dry_run: dry } = input;
      const work = typeof action === 'string' && dry !== true ? works[action] : undefined;
      const handle = async () => await tool.handle(input, folder, context);
      return work === undefined ? await handle() : await busy.during(folder.root, work, handle);
    },
  }));
}
