import { Disposable, window, workspace } from 'vscode';
import type { PythonFolder } from '../../core/folder';
import { eachFolder } from '../folders';
import type { Parts } from '../parts';
import { section } from '../settings';
import { FolderSync } from './folderSync';
import { readSelection, type PythonSelection } from './pythonSelection';

/** Keeps all folders in step with the Python extension that keeps the selection. Loaded when one is active. */
export class SelectionSync {
  readonly #parts: Parts;
  readonly #folders = new Map<PythonFolder, FolderSync>();
  readonly #listening: Disposable;
  #selection: PythonSelection | undefined;
  #following: Disposable | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#listening = Disposable.from(
      eachFolder(parts, (folder) => {
        const sync = new FolderSync(parts, folder, () => this.#selection);
        this.#folders.set(folder, sync);
        sync.look();
        return new Disposable(() => {
          this.#folders.delete(folder);
          sync.dispose();
        });
      }),
      parts.onDidChangeEnvironment(({ folder, reason }) => {
        if (reason !== 'packages') this.#folders.get(folder)?.look();
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${section}.syncWithPythonExtension`)) this.#look();
        if (change.affectsConfiguration('python.interpreter')) this.#show();
      }),
      window.onDidChangeActiveTextEditor(() => {
        this.#show();
      }),
    );
  }

  /** Takes notice of an extension that is active, given what it exports. */
  meet(id: string, exports: unknown): void {
    const selection = readSelection(exports);
    this.#parts.log.info(`${id} is active${selection ? '' : ' and keeps no selection'}`);
    // The other one passes on what this one keeps.
    if (!selection || (this.#selection && id === 'ms-python.python')) return;
    this.#selection = selection;
    this.#following?.dispose();
    this.#following = selection.onDidChange(() => {
      this.#look();
    });
    this.#look();
  }

  dispose(): void {
    this.#following?.dispose();
    this.#listening.dispose();
  }

  #look(): void {
    for (const sync of this.#folders.values()) sync.look();
  }

  #show(): void {
    for (const sync of this.#folders.values()) sync.show();
  }
}
