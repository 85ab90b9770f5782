import type { BigIntStats, Stats } from 'node:fs';
import { lstat, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errors, nameProcesses } from '../errors';
import { inParallel } from '../eventLoop';
import { isSameName, realPath } from '../pathIdentity';
import { exists, isInside } from '../paths';
import { processesUsing } from '../process/processesUsing';
import { asToolError, codeOf, isMissing } from '../files/systemErrors';
import { readPyvenvConfig } from './pyvenvConfig';
import { mayBeHeld, removeAbandoned, setAside } from './setAside';
import { findUndeletable } from './undeletable';

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
  const real = await realPath(path);
  const held = protectedFolders.find((folder) => isSameName(folder, real) || isInside(real, folder));
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

export interface VenvDeletion {
  /** The real path of a venv that may be deleted; see `checkDeletable`. */
  readonly path: string;
  /** The same as the caller wrote it. */
  readonly named: string;
}

/**
 * Removes a venv, wholly or not at all: it is first looked at for what could not be removed, then renamed, which makes it
 * go from its place at once, then removed. Links in it are removed, never followed.
 * @returns notes on what could not be removed after all, which then lies under another name.
 * @throws permission_denied, refused, and what else the file system throws; the venv is as it was then.
 */
export async function deleteVenv(deletion: VenvDeletion): Promise<string[]> {
  const { path, named } = deletion;
  try {
    await removeAbandoned(dirname(path));
    await checkRemovable(deletion);
    const before = await lstat(path, { bigint: true });
    const aside = await setAside(path);
    if (aside === undefined) {
      await remove(path);
      return [];
    }
    await checkSame(before, aside, path, named);
    return await removeAside(aside, deletion);
  } catch (error) {
    if (isMissing(error)) return [];
    // Elsewhere a file in use can be moved and removed.
    if (process.platform === 'win32' && mayBeHeld(error)) {
      throw errors.venvInUse(named, await processesUsing(path));
    }
    throw asToolError(error, named, `deleting "${named}"`);
  }
}

/** How often a venv on Windows is looked at, 100 ms apart: a process that just ended, or a virus scanner, soon lets go. */
const windowsAttempts = 5;

async function checkRemovable({ path, named }: VenvDeletion): Promise<void> {
  const attempts = process.platform === 'win32' ? windowsAttempts : 1;
  let obstacle = await findUndeletable(path);
  for (let attempt = 1; obstacle && attempt < attempts; attempt++) {
    await delay(100);
    obstacle = await findUndeletable(path);
  }
  if (!obstacle) return;
  const users = process.platform === 'win32' ? await processesUsing(path) : [];
  throw users.length > 0 ? errors.venvInUse(named, users) : errors.venvCannotGo(named, obstacle.path, obstacle.reason);
}

/** Somebody may have put a link, or another folder, in the venv's place since it was looked at. */
async function checkSame(before: BigIntStats, aside: string, path: string, named: string): Promise<void> {
  const now = await lstat(aside, { bigint: true });
  const isSame = now.isDirectory() && now.ino === before.ino && now.dev === before.dev;
  if (isSame && readPyvenvConfig(aside)) return;
  await rename(aside, path);
  throw errors.refused(
    `"${named}" was replaced while it was being deleted.`,
    'Look at what is there, then call again.',
  );
}

/** The venv is gone from its place by now: what of it cannot be removed is told, and no reason to bring back a part of it. */
async function removeAside(aside: string, { named }: VenvDeletion): Promise<string[]> {
  try {
    await remove(aside);
    return [];
  } catch (error) {
    const users = await processesUsing(aside);
    const because =
      users.length > 0 ? ` (in use by ${nameProcesses(users)})` : ` (${codeOf(error) ?? 'unknown reason'})`;
    return [`"${named}" is deleted, but a part of it could not be removed${because}: remove "${aside}" by hand.`];
  }
}

/**
 * Removes a venv's folder, its pyvenv.cfg last: what an interruption leaves is still a (broken) venv, which a second
 * delete removes. @throws the first failure, after the rest was removed all the same.
 */
async function remove(path: string): Promise<void> {
  const names = (await readdir(path)).filter((name) => name !== 'pyvenv.cfg');
  const failures: unknown[] = [];
  await inParallel(names, 4, async (name) => {
    await rm(join(path, name), { recursive: true, force: true, maxRetries: 5 }).catch((error: unknown) => {
      failures.push(error);
    });
  });
  if (failures.length > 0) throw failures[0];
  await rm(join(path, 'pyvenv.cfg'), { force: true });
  await rmdir(path);
}
