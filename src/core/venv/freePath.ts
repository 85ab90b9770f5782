import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environmentErrors } from '../failures/environmentErrors';
import { processErrors } from '../failures/processErrors';
import { exists, isInside, resolveInside } from '../paths';
import { isTooLongToStart } from '../process/windows/longPaths';
import { readPyvenvConfig } from './pyvenvConfig';

/**
 * @returns the absolute path for a new venv, at which nothing is yet: an empty folder is something, too.
 * @throws venv_exists, refused, outside_workspace, invalid_input.
 */
export async function freePath(root: string, named: string, home: string): Promise<string> {
  const { path, real, realFolder } = await resolveInside(root, named, home);
  const python = join(path, 'Scripts', 'python.exe');
  if (isTooLongToStart(python)) throw processErrors.pathTooLong('program', python);
  if (await exists(real)) {
    if (readPyvenvConfig(real)) throw environmentErrors.venvExists(named);
    const entry = await lstat(real);
    const kind = entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : 'file';
    throw environmentErrors.refused(
      `At "${named}" there is a ${kind} already that is not a virtual environment.`,
      'Choose another "path", for example ".venv".',
    );
  }
  for (let above = dirname(real); isInside(realFolder, above); above = dirname(above)) {
    if (await exists(join(above, 'pyvenv.cfg'))) {
      throw environmentErrors.refused(`"${named}" lies inside a virtual environment.`, 'Choose a "path" beside it.');
    }
  }
  return path;
}
