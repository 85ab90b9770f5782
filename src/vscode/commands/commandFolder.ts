import { window, workspace } from 'vscode';
import { errors } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import { currentFolder } from '../folders';
import type { Parts } from '../parts';
import type { CommandArguments } from './commandArguments';

/**
 * @returns the folder that a command works in: the one it is told, else that of the active editor, else the one that
 * the user chooses; undefined where they choose none. @throws workspace_untrusted, no_folder, invalid_input.
 */
export async function commandFolder(
  { workspace: open }: Parts,
  { folder, uri }: CommandArguments,
): Promise<PythonFolder | undefined> {
  if (!workspace.isTrusted) throw errors.workspaceUntrusted();
  if (open.folders.length === 0) throw errors.noFolder();
  if (folder !== undefined) return open.pick({ folder, paths: [] });
  const holding = uri && workspace.getWorkspaceFolder(uri);
  if (holding) return open.pick({ folder: holding.uri.fsPath, paths: [] });
  return currentFolder(open) ?? (await chooseFolder(open.folders));
}

/** Asks which of the open folders is meant. */
export async function chooseFolder(folders: readonly PythonFolder[]): Promise<PythonFolder | undefined> {
  const items = folders.map((folder) => ({ label: folder.name, description: folder.root, folder }));
  return (await window.showQuickPick(items, { title: 'Python Tools', placeHolder: 'Which folder?' }))?.folder;
}
