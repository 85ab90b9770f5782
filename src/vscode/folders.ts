import { Disposable, EventEmitter, window, workspace as editor, type Event } from 'vscode';
import { PythonFolder, type EnvironmentChanged } from '../core/folder';
import { createMachinery, type ForgetfulMachinery } from '../core/machinery';
import { isSameName } from '../core/pathIdentity';
import { Workspace } from '../core/workspace';
import type { Parts } from './parts';
import { readSettings } from './settings';

/** The folders of the window with their managers. */
export interface Folders {
  readonly dispose: () => void;
  readonly workspace: Workspace;
  /** What they share. */
  readonly machinery: ForgetfulMachinery;
  readonly onDidChangeFolders: Event<void>;
  readonly onDidChangeEnvironment: (listener: (event: EnvironmentChanged) => void) => Disposable;
}

/** @returns one `PythonFolder` for each folder of the window that is on this machine, made and disposed as they come and go. */
export function openFolders(): Folders {
  const machinery = createMachinery();
  const changed = new EventEmitter<EnvironmentChanged>();
  const foldersChanged = new EventEmitter<void>();
  const workspace = new Workspace((root, otherRoots) => {
    const name = editor.workspaceFolders?.find(({ uri }) => isSameName(uri.fsPath, root))?.name;
    const folder = new PythonFolder({
      ...machinery,
      root,
      otherRoots,
      settings: () => readSettings(root),
      ...(name === undefined ? {} : { name }),
    });
    folder.onDidChange((event) => {
      changed.fire(event);
    });
    return folder;
  });
  const follow = (): void => {
    const local = (editor.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    workspace.setFolders(local.map(({ uri }) => uri.fsPath));
    foldersChanged.fire();
  };
  follow();
  const listening = editor.onDidChangeWorkspaceFolders(follow);
  return {
    workspace,
    machinery,
    onDidChangeFolders: foldersChanged.event,
    onDidChangeEnvironment: changed.event,
    dispose: () => {
      listening.dispose();
      workspace.dispose();
      changed.dispose();
      foldersChanged.dispose();
    },
  };
}

/** Keeps what `start` makes for each folder for as long as the folder is open. */
export function eachFolder(
  { workspace, onDidChangeFolders }: Pick<Parts, 'workspace' | 'onDidChangeFolders'>,
  start: (folder: PythonFolder) => { dispose: () => void },
): Disposable {
  const running = new Map<PythonFolder, { dispose: () => void }>();
  const follow = (folders: readonly PythonFolder[]): void => {
    for (const [folder, part] of running) {
      if (folders.includes(folder)) continue;
      running.delete(folder);
      part.dispose();
    }
    for (const folder of folders) if (!running.has(folder)) running.set(folder, start(folder));
  };
  follow(workspace.folders);
  const listening = onDidChangeFolders(() => {
    follow(workspace.folders);
  });
  return new Disposable(() => {
    listening.dispose();
    follow([]);
  });
}

/** @returns the folder that the user is in: that of the active editor, else the only one, else none. */
export function currentFolder(workspace: Workspace): PythonFolder | undefined {
  const document = window.activeTextEditor?.document.uri;
  try {
    return workspace.pick({ paths: [], current: document?.scheme === 'file' ? document.fsPath : undefined });
  } catch {
    return undefined;
  }
}
