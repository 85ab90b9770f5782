import { access, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../environment';

/**
 * What an installer that was killed leaves in site-packages: folders that pip had renamed out of the way ("~equests"),
 * and metadata without RECORD, which is written last: that makes a half-installed distribution look installed, so that
 * the next install would be content with it and no uninstall could remove it.
 *
 * @returns their paths, absolute.
 */
export async function findLeftovers({ libraries }: Environment): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    libraries.own.map(async (folder) => {
      const names = await readdir(folder).catch(() => []);
      const suspects = names.filter((name) => name.startsWith('~') || name.endsWith('.dist-info'));
      const kept = await Promise.all(
        suspects.map(async (name) => name.startsWith('~') || !(await isThere(join(folder, name, 'RECORD')))),
      );
      return suspects.filter((_, index) => kept[index] === true).map((name) => join(folder, name));
    }),
  );
  return new Set(found.flat());
}

const isThere = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

/** Removes the leftovers that were not there before, so that a second install starts from a clean state. */
export async function removeLeftovers(environment: Environment, before: ReadonlySet<string>): Promise<void> {
  const left = [...(await findLeftovers(environment))].filter((path) => !before.has(path));
  // What can't be removed (in use on Windows) stays as the installer left it.
  await Promise.all(left.map((path) => rm(path, { recursive: true, force: true }).catch(() => undefined)));
}
