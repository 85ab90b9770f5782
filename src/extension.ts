import { window, type ExtensionContext } from 'vscode';
import { endAllProcesses } from './core/process/runProcess';
import { Busy } from './vscode/busy';
import { registerCommands } from './vscode/commands/registerCommands';
import { openFolders } from './vscode/folders';
import type { Parts } from './vscode/parts';
import { readSettings } from './vscode/settings';

/** Builds the parts and wires them; what is heavy loads on first use. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Python Tools', { log: true });
  const busy = new Busy();
  const folders = openFolders();
  const parts: Parts = {
    log,
    workspace: folders.workspace,
    finder: folders.machinery.finder,
    forget: folders.machinery.forget,
    settings: readSettings,
    busy,
    onDidChangeEnvironment: folders.onDidChangeEnvironment,
    loadTools: async () => await import('./tools'),
  };
  context.subscriptions.push(log, busy, folders, registerCommands(parts));
}

/** Nothing that was started stays behind. */
export async function deactivate(): Promise<void> {
  await endAllProcesses();
}
