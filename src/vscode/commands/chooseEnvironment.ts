import { ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { PythonFolder } from '../../core/folder';
import { relativeInside } from '../../core/paths';
import type { ListedVenv } from '../../core/venv/venvResults';

/** An environment in a Quick Pick: the active one ticked, a broken one marked. */
export interface EnvironmentItem extends QuickPickItem {
  readonly venv: ListedVenv;
}

/** @returns a venv as a row of a Quick Pick. */
export function environmentItem(folder: PythonFolder, venv: ListedVenv): EnvironmentItem {
  const { path, python_version: version, packages_count: count, active, broken } = venv;
  const packages = packageCount(count);
  return {
    label: relativeInside(folder.root, path),
    description:
      broken === undefined ? `${version ?? '?'} · ${packages}${active ? ' · active' : ''}` : `broken: ${broken}`,
    iconPath: new ThemeIcon(broken !== undefined ? 'warning' : active ? 'check' : 'blank'),
    venv,
  };
}

export const packageCount = (count: number): string => `${count} package${count === 1 ? '' : 's'}`;

/** Asks for one of the environments that lie in a folder. @returns undefined where none is chosen. */
export async function chooseEnvironment(folder: PythonFolder, placeHolder: string): Promise<string | undefined> {
  const items = folder.venvs
    .list()
    .then(({ venvs }) =>
      venvs.map((venv) => environmentItem(folder, venv)).filter(({ label, venv }) => label !== venv.path),
    );
  const options = { title: `Environments in ${folder.name}`, placeHolder, matchOnDescription: true };
  return (await window.showQuickPick(items, options))?.venv.path;
}
