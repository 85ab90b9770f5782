import type { Disposable } from 'vscode';
import { languages, LanguageStatusSeverity, window, type LanguageStatusItem, type Uri } from 'vscode';
import { relativeInside } from '../../core/paths';
import type { ServerState } from '../../core/languageServers/serverSlot';
import type { FolderStatus } from './folderServers';

/** The item beside the language of a Python file: which server serves it, and how that is. */
export class LanguageStatus {
  readonly #statusOf: (uri: Uri) => FolderStatus | undefined;
  readonly #listening: Disposable;
  #item: LanguageStatusItem | undefined;

  constructor(statusOf: (uri: Uri) => FolderStatus | undefined) {
    this.#statusOf = statusOf;
    this.#listening = window.onDidChangeActiveTextEditor(() => {
      this.update();
    });
  }

  /** Shows what is true of the active file's folder now. */
  update(): void {
    const uri = window.activeTextEditor?.document.uri;
    const status = uri && this.#statusOf(uri);
    const text = status && statusText(status);
    if (!text) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= this.#create();
    Object.assign(this.#item, text);
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item?.dispose();
  }

  #create(): LanguageStatusItem {
    const selector = { language: 'python', scheme: 'file' };
    const item = languages.createLanguageStatusItem('pythonTools.languageServer', selector);
    item.name = 'Python Language Server';
    return item;
  }
}

type StatusText = Pick<LanguageStatusItem, 'text' | 'detail' | 'severity' | 'busy' | 'command'>;

function statusText(status: FolderStatus): StatusText | undefined {
  const { states, plan, folder } = status;
  const { language, lint } = states;
  if (language.kind === 'none') return noServer(status);
  const { name } = language.server.server;
  const python = plan?.python && relativeInside(folder.root, plan.python.path);
  const detail = [
    stateText(language),
    ...(python === undefined ? [] : [python]),
    ...(lint.kind === 'running' ? [nameOf(lint)] : []),
  ].join(' · ');
  return {
    text: language.kind === 'running' ? nameOf(language) : name,
    detail,
    severity: language.kind === 'failed' ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information,
    busy: language.kind === 'starting' || language.kind === 'waiting',
    command:
      language.kind === 'failed'
        ? { title: 'Restart', command: 'pythonTools.restartLanguageServer' }
        : { title: 'Show Log', command: 'pythonTools.showLanguageServerLog' },
  };
}

/** Where none was found, one is offered; where none is wanted, or somebody else has one, nothing is said. */
function noServer({ plan, states: { lint }, folder }: FolderStatus): StatusText | undefined {
  if (!plan || plan.noSearch) return undefined;
  return {
    text: 'No Python language server',
    detail: lint.kind === 'running' ? nameOf(lint) : 'Imports are not checked, and nothing is completed',
    severity: LanguageStatusSeverity.Information,
    busy: false,
    command: {
      title: 'Install basedpyright…',
      command: 'pythonTools.installLanguageServer',
      arguments: [{ folder: folder.root }],
    },
  };
}

const nameOf = ({ server, version }: Extract<ServerState, { readonly kind: 'running' }>): string =>
  version === undefined ? server.server.name : `${server.server.name} ${version}`;

function stateText(state: Exclude<ServerState, { readonly kind: 'none' }>): string {
  switch (state.kind) {
    case 'starting':
      return 'starting';
    case 'running':
      return 'Python language server';
    case 'waiting':
      return 'ended by itself, starting again';
    case 'failed':
      return `not running: ${state.reason}`;
  }
}
