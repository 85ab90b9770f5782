import { randomBytes } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../files/systemErrors';
import { isSetAside } from './asideName';

/** How often a rename is tried on Windows, 100 ms apart: a virus scanner or a process that just ended holds a file so long. */
const windowsAttempts = 10;

/**
 * Gives a folder a name beside its own under which nobody looks for it: all of it is gone from its place at once, or
 * nothing is. Windows refuses where any file in it is open, or runs.
 * @returns the new path; undefined where the file system cannot rename it (a folder in a lower layer of an overlay).
 * @throws what the file system throws; nothing has changed then.
 */
export async function setAside(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const aside = join(dirname(path), `.deleting-${randomBytes(6).toString('hex')}`);
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(path, aside);
      return aside;
    } catch (error) {
      if (codeOf(error) === 'EXDEV') return undefined;
      if (platform !== 'win32' || attempt === windowsAttempts || !mayBeHeld(error)) throw error;
      await delay(100);
    }
  }
}

/** @returns whether the error is what Windows says of a file that is in use. */
export const mayBeHeld = (error: unknown): boolean => ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '');

/**
 * Removes what interrupted deletions left in a folder, unless something else was put into it since. Never throws: tidying
 * must not fail a call.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (isSetAside(name)) await removeWhereOnlyVenv(join(folder, name)).catch(() => undefined);
  }
}

async function removeWhereOnlyVenv(path: string): Promise<void> {
  const { venvContents } = await import('./venvContents');
  const found = await venvContents(path);
  if (!found || found.foreign.size > 0) return;
  const isEmpty = found.contents.files.length + found.contents.folders.size === 0;
  if (isEmpty || found.lastly.files.includes('pyvenv.cfg')) {
    const { removeFolder } = await import('../files/removeFolder');
    await removeFolder(path, found);
  }
}
