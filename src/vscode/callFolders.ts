import { window, workspace as editor } from 'vscode';
import { folderAndFileErrors } from '../core/failures/folderAndFileErrors';
import type { PythonFolder } from '../core/folder';
import type { Workspace } from '../core/workspace';
import type { Folders } from '../tools/callTool';

/** @returns the folders of the window, as calls pick one. In a workspace that is not trusted there are none. */
export function callFolders(workspace: Workspace): Folders {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must become a rejection
    pick: async (wanted) => {
      if (!editor.isTrusted) throw folderAndFileErrors.workspaceUntrusted();
      const uri = window.activeTextEditor?.document.uri;
      return workspace.pick({ ...wanted, current: uri?.scheme === 'file' ? uri.fsPath : undefined });
    },
  };
}

/** Where a call was found to work when it was prepared, or why nowhere. */
export type Place = { readonly folder: PythonFolder } | { readonly error: unknown };

/** @returns that folder and no other, also where the user is in another one by now. */
export function preparedFolder(workspace: Workspace, place: Place): Folders {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must become a rejection
    pick: async () => {
      if ('error' in place) throw place.error;
      if (!workspace.folders.includes(place.folder)) throw folderAndFileErrors.folderMissing(place.folder.root);
      return place.folder;
    },
  };
}
