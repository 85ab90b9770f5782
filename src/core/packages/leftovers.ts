import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Environment } from '../environment';
import { namesIn } from '../files/readFiles';
import { removeEntry } from '../files/removeFolder';

/**
 * What an installer that was killed leaves in site-packages: folders that pip had renamed out of the way ("~equests"),
 * and metadata without RECORD, which is written last: that makes a half-installed distribution look installed, so that
 * the next install would be content with it and no uninstall could remove it.
 *
 * @returns their paths, absolute.
 */
export function findLeftovers({ libraries }: Environment): ReadonlySet<string> {
  const found = libraries.own.flatMap((folder) =>
    namesIn(folder)
      .filter(
        (name) =>
          name.startsWith('~') || (name.endsWith('.dist-info') && !existsSync(`${folder}${sep}${name}${sep}RECORD`)),
      )
      .map((name) => join(folder, name)),
  );
  return new Set(found);
}

/** Removes the leftovers that were not there before, so that a second install starts from a clean state. */
export async function removeLeftovers(environment: Environment, before: ReadonlySet<string>): Promise<void> {
  const left = [...findLeftovers(environment)].filter((path) => !before.has(path));
  // What can't be removed (in use on Windows) stays as the installer left it.
  await Promise.all(left.map((path) => removeEntry(path).catch(() => undefined)));
}
