import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ThemeIcon, Uri, window } from 'vscode';
import { errors } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import { offer } from '../offer';
import type { Parts } from '../parts';

/** Asks for an environment or a Python anywhere on the machine, and selects it. */
export async function selectElsewhere(parts: Parts, folder: PythonFolder): Promise<void> {
  const path = await choosePath(folder);
  if (path !== undefined) await selectPath(parts, folder, path);
}

/** Selects the environment that a path is, or is a Python of. A base interpreter is never changed: it makes a new one. */
export async function selectPath({ finder }: Parts, folder: PythonFolder, path: string): Promise<void> {
  const isFile = (await stat(path).catch(() => undefined))?.isFile() === true;
  // Not where the link leads: a venv's python is a link out of it.
  const venv = isFile ? dirname(dirname(path)) : path;
  if ((await folder.venvs.info(venv)).exists) {
    await folder.venvs.select(venv);
    return;
  }
  const { executable, version } = await finder.find(path, { folder: folder.root }).catch((error: unknown) => {
    throw isFile ? error : errors.notAVenv(path);
  });
  const message = `${executable} is a base interpreter (Python ${version}), which is never changed. Create an environment with it?`;
  offer(window.showInformationMessage, message, [
    {
      title: 'Create Environment…',
      command: 'pythonTools.createEnvironment',
      arguments: [{ folder: folder.root, python: executable }],
    },
  ]);
}

/** Two kinds, since a dialog of Windows and of Linux shows either folders or files. */
async function choosePath(folder: PythonFolder): Promise<string | undefined> {
  const kinds = [
    { label: "An Environment's Folder…", iconPath: new ThemeIcon('folder'), canSelectFolders: true },
    { label: 'A Python Executable…', iconPath: new ThemeIcon('file-binary'), canSelectFolders: false },
  ];
  const kind = await window.showQuickPick(kinds, { title: 'Select Elsewhere', placeHolder: 'What is to be selected?' });
  if (!kind) return undefined;
  const chosen = await window.showOpenDialog({
    title: kind.label.replace('…', ''),
    openLabel: 'Select',
    canSelectFolders: kind.canSelectFolders,
    canSelectFiles: !kind.canSelectFolders,
    defaultUri: Uri.file(folder.root),
  });
  return chosen?.[0]?.fsPath;
}
