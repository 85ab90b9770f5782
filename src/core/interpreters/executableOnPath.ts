import { pathRules, thisMachine } from '../files/storage';
import { executableFile } from './executableFile';
import { pathFolders } from './pathFolders';

/**
 * @param name without ".exe".
 * @param outside a folder whose own executables do not count: the project that the program is to look at.
 * @returns the absolute path of the first such program in a trusted folder of PATH; undefined where there is none.
 */
export function executableOnPath(name: string, outside: string, machine = thisMachine()): string | undefined {
  const { platform } = machine;
  const rules = pathRules(platform);
  const isOutside = (folder: string): boolean => {
    const way = rules.relative(outside, folder);
    return way === '..' || way.startsWith(`..${rules.sep}`) || rules.isAbsolute(way);
  };
  return pathFolders(machine)
    .filter(isOutside)
    .map((folder) => rules.join(folder, platform === 'win32' ? `${name}.exe` : name))
    .find((file) => executableFile(file, platform) !== undefined);
}
