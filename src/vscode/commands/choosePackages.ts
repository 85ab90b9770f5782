import { window } from 'vscode';
import { errors } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import { offer } from '../offer';

/** Asks for several of the packages in the active environment. @returns undefined where none is chosen. @throws venv_not_found. */
export async function choosePackages(folder: PythonFolder, verb: string): Promise<readonly string[] | undefined> {
  const { packages, venv } = await folder.listPackages();
  if (venv === null) throw errors.noActiveVenv();
  if (packages.length === 0) {
    offer(window.showInformationMessage, `No packages are installed in ${venv}.`, [
      { title: 'Install Packages…', command: 'pythonTools.installPackages', arguments: [{ folder: folder.root }] },
    ]);
    return undefined;
  }
  const items = packages.map(({ name, version }) => ({ label: name, description: version }));
  const chosen = await window.showQuickPick(items, {
    title: `${verb} Packages in ${venv}`,
    placeHolder: 'Tick the packages, then press Enter',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen && chosen.length > 0 ? chosen.map(({ label }) => label) : undefined;
}
