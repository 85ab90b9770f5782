import type { Stats } from 'node:fs';
import { lstat, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../errors';
import { inParallel } from '../eventLoop';
import { exists, isInside } from '../paths';
import { asToolError, isMissing } from '../systemErrors';
import { readPyvenvConfig } from './pyvenvConfig';

/**
 * Checks that a path may be deleted as a venv: a real folder with a pyvenv.cfg, no link, that holds nothing of a
 * project.
 * @param named the path as the caller wrote it.
 * @param protectedFolders folders that must never go, real paths: the workspace folders.
 * @returns false where there is nothing at all.
 * @throws not_a_venv, refused, permission_denied.
 */
export async function checkDeletable(
  path: string,
  named: string,
  protectedFolders: readonly string[],
): Promise<boolean> {
  const entry = await entryAt(path, named);
  if (!entry) return false;
  if (entry.isSymbolicLink()) {
    throw errors.refused(
      `"${named}" is a link to a folder, and a link is never followed to delete.`,
      'Remove the link itself, or delete the environment where it really is.',
    );
  }
  if (!entry.isDirectory() || !readPyvenvConfig(path)) throw errors.notAVenv(named);
  const real = await realpath(path);
  const held = protectedFolders.find((folder) => folder === real || isInside(real, folder));
  if (held !== undefined) throw errors.refused(`"${named}" holds the open folder "${held}".`);
  if (await exists(join(path, '.git'))) {
    throw errors.refused(
      `"${named}" holds a Git repository beside its pyvenv.cfg.`,
      'Move the repository elsewhere first, or remove the folder by hand.',
    );
  }
  return true;
}

async function entryAt(path: string, named: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw asToolError(error, named, `looking at "${named}"`);
  }
}

/**
 * Removes a venv; links in it are removed, never followed. Its pyvenv.cfg goes last: what an interrupted delete leaves
 * is still a (broken) venv, which a second delete removes.
 * @throws permission_denied, and what else the file system throws.
 */
export async function deleteVenv(path: string, named: string): Promise<void> {
  try {
    const names = (await readdir(path)).filter((name) => name !== 'pyvenv.cfg');
    const options = { recursive: true, force: true, maxRetries: 3 };
    await inParallel(names, 4, async (name) => {
      await rm(join(path, name), options);
    });
    await rm(join(path, 'pyvenv.cfg'), { force: true });
    await rmdir(path);
  } catch (error) {
    if (isMissing(error)) return;
    throw asToolError(error, named, `deleting "${named}"`);
  }
}
