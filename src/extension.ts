import { window, type ExtensionContext } from 'vscode';
import { endAllProcesses } from './core/process/runProcess';
import { Busy } from './vscode/busy';
import { openFolders } from './vscode/folders';
import { registerLanguageModelTools } from './vscode/languageModelTools';
import { registerMcpProvider } from './vscode/mcpProvider';
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
    settings: readSettings,
    busy,
    onDidChangeEnvironment: folders.onDidChangeEnvironment,
    loadTools: async () => await import('./tools'),
  };
  context.subscriptions.push(log, busy, folders);
  context.subscriptions.push(registerLanguageModelTools(parts), registerMcpProvider(parts));
}

/** Nothing that was started stays behind. */
export async function deactivate(): Promise<void> {
  await endAllProcesses();
}
