import type { Uri } from 'vscode';
import { Disposable, extensions, window, workspace, type LogOutputChannel } from 'vscode';
import type { PythonFolder } from '../../core/folder';
import { isInside } from '../../core/paths';
import type { Parts } from '../parts';
import { section } from '../settings';
import type { ClientStarter } from './clientStarter';
import { FolderServers } from './folderServers';
import { LanguageStatus } from './languageStatus';

/** Settings that say which server runs, or that servers read. */
const affecting = ['languageServer', 'languageServerPath', 'languageServerSettings', 'ruffServer'];
const serverSections = ['python', 'basedpyright', 'pyright', 'ty', 'pylsp', 'jedi', 'ruff'];

/** The language servers of the window: those of each folder in which a Python file was opened. */
export class LanguageServers {
  readonly #parts: Parts;
  readonly #folders = new Map<PythonFolder, FolderServers>();
  readonly #status: LanguageStatus;
  readonly #listening: Disposable;
  #log: LogOutputChannel | undefined;
  #starter: Promise<ClientStarter> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#status = new LanguageStatus((uri) => {
      const folder = this.#folderOf(uri);
      return folder && this.#folders.get(folder)?.status;
    });
    this.#listening = Disposable.from(
      this.#status,
      parts.onDidChangeEnvironment(({ folder, reason }) => {
        this.#folders.get(folder)?.change(reason === 'packages' || reason === 'external' ? 'packages' : 'look');
      }),
      { dispose: parts.onDidChangeFolders(() => void this.#followFolders()).dispose },
      extensions.onDidChange(() => {
        this.#changeAll('look');
      }),
      workspace.onDidChangeConfiguration((change) => {
        const names = [...affecting.map((name) => `${section}.${name}`), ...serverSections];
        if (names.some((name) => change.affectsConfiguration(name))) this.#changeAll('look');
      }),
    );
  }

  /** Sees to it that the folder of a file has its servers. */
  serve(uri: Uri): void {
    const folder = this.#folderOf(uri);
    if (!folder || this.#folders.has(folder)) return;
    const servers = new FolderServers({
      folder,
      start: async (server, plan, signal) => await (await this.#loadStarter()).start(folder.root, server, plan, signal),
      onInfo: (message) => {
        this.#parts.log.info(`${folder.root}: ${message}`);
      },
      onProblem: (message) => {
        this.#parts.log.warn(`${folder.root}: ${message}`);
      },
      onStatus: () => {
        this.#status.update();
      },
    });
    this.#folders.set(folder, servers);
    servers.change('look');
  }

  /** Starts all servers anew, also those that were left off. */
  restart(): void {
    for (const { uri, languageId } of workspace.textDocuments) if (languageId === 'python') this.serve(uri);
    this.#changeAll('restart');
  }

  showLog(): void {
    (this.#log ?? this.#parts.log).show();
  }

  /** Asks which server to install into which environment, or never to be asked again. */
  async offerInstall(argument: unknown): Promise<void> {
    const { offerInstall } = await import('./offerInstall');
    await offerInstall(this.#parts, argument);
  }

  async dispose(): Promise<void> {
    this.#listening.dispose();
    const all = [...this.#folders.values()];
    this.#folders.clear();
    await Promise.all(all.map((servers) => servers.dispose()));
    this.#log?.dispose();
  }

  #changeAll(what: 'look' | 'restart'): void {
    for (const servers of this.#folders.values()) servers.change(what);
  }

  /** The innermost folder that holds a file. */
  #folderOf(uri: Uri): PythonFolder | undefined {
    const root = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    return root === undefined ? undefined : this.#parts.workspace.at(root);
  }

  async #followFolders(): Promise<void> {
    const { folders } = this.#parts.workspace;
    const gone = [...this.#folders].filter(([folder]) => !folders.includes(folder));
    for (const [folder] of gone) this.#folders.delete(folder);
    // A file of a folder within another belongs to the inner one: who has it open must let go of it.
    for (const [{ root }, servers] of this.#folders) {
      const inner = folders.filter((other) => isInside(root, other.root)).map((other) => other.root);
      servers.followInner(inner);
    }
    await Promise.all(gone.map(([, servers]) => servers.dispose()));
  }

  /** The client's code is a hundred times the rest, and loaded for a server that was found only. */
  async #loadStarter(): Promise<ClientStarter> {
    this.#starter ??= import('./clientStarter').then(({ ClientStarter: Starter }) => {
      this.#log ??= window.createOutputChannel('Python Language Server', { log: true });
      return new Starter(this.#log);
    });
    return await this.#starter;
  }
}
