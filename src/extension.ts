import { Disposable, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { endAllProcesses } from './core/process/living';
import { keepTidy } from './core/process/keepTidy';
import { Busy } from './vscode/busy';
import { registerCommands } from './vscode/commands/registerCommands';
import { onceTrusted, whileEnabled } from './vscode/conditions';
import { watchEnvironments } from './vscode/environmentWatcher';
import { openFolders } from './vscode/folders';
import { refreshServerCopy } from './vscode/keptServer';
import { registerLanguageModelTools } from './vscode/languageModelTools';
import { serveLanguages } from './vscode/languageServers/whenPythonIsOpen';
import { logActivity } from './vscode/logActivity';
import { registerMcpProvider } from './vscode/mcpProvider';
import type { Parts } from './vscode/parts';
import { keepStepWithPythonExtensions } from './vscode/pythonExtension/keepStep';
import { TheirSelection } from './vscode/pythonExtension/theirSelection';
import { readSettings } from './vscode/settings';
import { showStatus } from './vscode/statusBar';
import { activateTerminals } from './vscode/terminals';

/** Code that tidies is none that an activation should wait for. */
const tidyingPauseMs = 60_000;

/** Registers what the setting `enable` allows; what is heavy loads on first use. */
export function activate(context: ExtensionContext): void {
  const started = performance.now();
  const log = window.createOutputChannel('Python Tools', { log: true });
  context.subscriptions.push(
    log,
    whileEnabled(() => start(context, log)),
  );
  log.info(`Activated in ${Math.round(performance.now() - started)} ms`);
}

/** Builds the parts and wires them. */
function start(context: ExtensionContext, log: LogOutputChannel): Disposable {
  const busy = new Busy();
  const folders = openFolders();
  const theirs = new TheirSelection();
  const parts: Parts = {
    log,
    workspace: folders.workspace,
    finder: folders.machinery.finder,
    forget: folders.machinery.forget,
    settings: readSettings,
    busy,
    theirs,
    memory: context.workspaceState,
    onDidChangeFolders: folders.onDidChangeFolders,
    onDidChangeEnvironment: folders.onDidChangeEnvironment,
    terminalVariables: context.environmentVariableCollection,
    loadTools: async () => await import('./tools'),
  };
  void import('./core/quoteErrors');
  refreshServerCopy(__dirname, log);
  return Disposable.from(
    folders,
    busy,
    theirs,
    keepTidy(tidyingPauseMs),
    logActivity(parts),
    showStatus(parts),
    registerCommands(parts),
    registerLanguageModelTools(parts),
    registerMcpProvider(parts),
    onceTrusted(() => watchEnvironments(parts)),
    onceTrusted(() => activateTerminals(parts)),
    onceTrusted(() => serveLanguages(parts)),
    onceTrusted(() => keepStepWithPythonExtensions(parts)),
  );
}

/** Nothing that was started stays behind. */
export async function deactivate(): Promise<void> {
  await endAllProcesses();
}
