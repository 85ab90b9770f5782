import { window } from 'vscode';
import { errors } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';

/** Asks for several of the packages in the active environment. @returns undefined where none is chosen. @throws venv_not_found. */
export async function choosePackages(folder: PythonFolder, verb: string): Promise<readonly string[] | undefined> {
  const { packages, venv } = await folder.listPackages();
  if (venv === null) throw errors.noActiveVenv();
  const items = packages.map(({ name, version }) => ({ label: name, description: version }));
  const chosen = await window.showQuickPick(items, {
    title: `${verb} Packages in ${venv}`,
    placeHolder: packages.length > 0 ? 'Tick the packages, then press Enter' : 'The environment is empty',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen && chosen.length > 0 ? chosen.map(({ label }) => label) : undefined;
}
