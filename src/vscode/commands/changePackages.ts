import { window } from 'vscode';
import { offer, openOutput } from '../offer';
import type { Parts } from '../parts';
import { choosePackages } from './choosePackages';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';
import { install } from './installPackages';
import { longWork } from './longWork';

/** Upgrades packages of the active environment to the newest versions that suit. */
export async function upgradePackages(parts: Parts, args: CommandArguments) {
  const folder = await commandFolder(parts, args);
  if (!folder) return undefined;
  const packages = args.packages ?? (await choosePackages(folder, 'Upgrade'));
  return packages && (await install(parts, folder, packages.join(', '), { packages, upgrade: true }));
}

/** Uninstalls packages from the active environment. */
export async function uninstallPackages(parts: Parts, args: CommandArguments) {
  const folder = await commandFolder(parts, args);
  if (!folder) return undefined;
  const packages = args.packages ?? (await choosePackages(folder, 'Uninstall'));
  if (packages === undefined) return undefined;
  const result = await longWork(
    parts,
    folder,
    `Uninstalling ${packages.length > 5 ? `${packages.length} packages` : packages.join(', ')}`,
    async (control) => await folder.uninstallPackages({ packages, ...control }),
  );
  const gone = result.uninstalled.map(({ name, version }) => `${name} ${version}`).join(', ');
  const missing = result.not_installed.length > 0 ? ` Not installed: ${result.not_installed.join(', ')}.` : '';
  const notes = (result.notes ?? []).map((note) => ` ${note}`).join('');
  const message = gone === '' ? 'Nothing was uninstalled.' : `Uninstalled from ${result.venv ?? '?'}: ${gone}.`;
  offer(window.showInformationMessage, message + missing + notes, [
    { title: 'Show Packages', command: 'pythonTools.showPackages', arguments: [{ folder: folder.root }] },
    openOutput,
  ]);
  return result;
}
