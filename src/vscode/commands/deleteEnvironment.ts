import { window } from 'vscode';
import { errors } from '../../core/errors';
import { relativeInside } from '../../core/paths';
import type { DeletedVenv } from '../../core/venv/venvResults';
import { offer } from '../offer';
import type { Parts } from '../parts';
import { chooseEnvironment, packageCount } from './chooseEnvironment';
import type { CommandArguments } from './commandArguments';
import { commandFolder } from './commandFolder';
import { longWork } from './longWork';

/** Deletes an environment after a question that names its folder and size. */
export async function deleteEnvironment(parts: Parts, args: CommandArguments): Promise<DeletedVenv | undefined> {
  const folder = await commandFolder(parts, args);
  if (!folder) return undefined;
  const path = args.path ?? (await chooseEnvironment(folder, 'Which environment is to be deleted?'));
  if (path === undefined) return undefined;
  const info = await folder.venvs.info(path);
  if (!info.exists) throw errors.venvNotFound(path);
  const name = relativeInside(folder.root, info.path);
  const size = `${info.size_mb} MB`;
  const detail = `${info.path}\n${size} · Python ${info.python_version ?? '?'} · ${packageCount(info.packages_count)}\n\nThis cannot be undone.`;
  const answer = await window.showWarningMessage(
    `Delete the environment "${name}" with all that is in it?`,
    { modal: true, detail },
    'Delete',
  );
  if (answer !== 'Delete') return undefined;
  const deleted = await longWork(
    parts,
    folder,
    `Deleting ${name}`,
    async (control) => await folder.deleteVenv(info.path, control),
  );
  const { active } = await folder.venvs.list();
  const told = [{ folder: folder.root }];
  offer(
    window.showInformationMessage,
    `${name} was deleted (${size}).${active === null ? '' : ` ${active} is active now.`}`,
    [
      active === null
        ? { title: 'Create Environment…', command: 'pythonTools.createEnvironment', arguments: told }
        : { title: 'Select Environment…', command: 'pythonTools.selectEnvironment', arguments: told },
    ],
  );
  return deleted;
}
