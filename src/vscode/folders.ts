import { EventEmitter, window, workspace as editor, type Disposable } from 'vscode';
import { PythonFolder, type EnvironmentChanged } from '../core/folder';
import { createMachinery, type ForgetfulMachinery } from '../core/machinery';
import { Workspace } from '../core/workspace';
import { readSettings } from './settings';

/** The folders of the window with their managers. */
export interface Folders {
  readonly dispose: () => void;
  readonly workspace: Workspace;
  /** What they share. */
  readonly machinery: ForgetfulMachinery;
  readonly onDidChangeEnvironment: (listener: (event: EnvironmentChanged) => void) => Disposable;
}

/** @returns one `PythonFolder` for each folder of the window that is on this machine, made and disposed as they come and go. */
export function openFolders(): Folders {
  const machinery = createMachinery();
  const changed = new EventEmitter<EnvironmentChanged>();
  const workspace = new Workspace((root) => {
    const name = editor.workspaceFolders?.find(({ uri }) => uri.fsPath === root)?.name;
    const folder = new PythonFolder({
      ...machinery,
      root,
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
  };
  follow();
  const listening = editor.onDidChangeWorkspaceFolders(follow);
  return {
    workspace,
    machinery,
    onDidChangeEnvironment: changed.event,
    dispose: () => {
      listening.dispose();
      workspace.dispose();
      changed.dispose();
    },
  };
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
