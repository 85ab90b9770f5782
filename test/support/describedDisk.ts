import type { Disk } from '../../src/core/interpreters/places';
import { pathRules } from '../../src/core/files/storage';

/** @returns a disk that holds just the files listed; those with a text are listed with it. Windows heeds no case. */
export function describedDisk(platform: NodeJS.Platform, files: readonly (string | readonly [string, string])[]): Disk {
  const rules = pathRules(platform);
  const texts = files.map((file) => (typeof file === 'string' ? ([file, undefined] as const) : file));
  return {
    names: (folder) => [
      ...new Set(
        texts
          .map(([file]) => rules.relative(folder, file))
          .filter((way) => !way.startsWith('..') && !rules.isAbsolute(way))
          .map((way) => way.split(rules.sep)[0] ?? ''),
      ),
    ],
    text: (path) => texts.find(([file]) => rules.relative(file, path) === '')?.[1],
  };
}
