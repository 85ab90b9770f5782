import type { Stats } from 'node:fs';
import { lstat, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errors, nameProcesses } from '../errors';
import { isSameName, realPath } from '../pathIdentity';
import { exists, isInside } from '../paths';
import { processesUsing } from '../process/processesUsing';
import { HeldFolder, ReplacedError, type FolderIdentity } from '../files/heldFolder';
import { removeFolder, type Removal } from '../files/removeFolder';
import { asToolError, codeOf, isMissing } from '../files/systemErrors';
import { readPyvenvConfig } from './pyvenvConfig';
import { mayBeHeld, removeAbandoned, setAside } from './setAside';
import { findUndeletable } from './undeletable';
import { venvContents, type VenvContents } from './venvContents';

/**
 * Checks that a path may be deleted as a venv: a real folder with a pyvenv.cfg, no link, that holds nothing but what
 * tools and installers put there.
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
  try {
    await ownContents(path, named);
  } catch (error) {
    throw asToolError(error, named, `looking at "${named}"`);
  }
  return true;
}

/** @returns what is in a venv; undefined where it is no folder. @throws refused, where a part of it is somebody's own. */
async function ownContents(path: string, named: string): Promise<VenvContents | undefined> {
  const found = await venvContents(path);
  if (found && found.foreign.size > 0) throw errors.venvHoldsMore(named, [...found.foreign]);
  return found;
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

/** What tests replace, and listen to. */
export interface DeletionSteps {
  readonly setAside: (path: string) => Promise<string | undefined>;
  readonly onRemove?: (path: string) => void;
}

/**
 * Removes a venv, wholly or not at all: it is first looked at for what could not or must not be removed, then renamed,
 * which makes it go from its place at once, then what was seen in it is removed. Links in it are removed, never followed.
 * @returns notes on what could not be removed after all, which then lies under another name.
 * @throws permission_denied, refused, and what else the file system throws; the venv is as it was then.
 */
export async function deleteVenv(deletion: VenvDeletion, steps: DeletionSteps = { setAside }): Promise<string[]> {
  const { path, named } = deletion;
  try {
    await removeAbandoned(dirname(path));
    await checkRemovable(deletion);
    const contents = await ownContents(path, named);
    if (!contents) throw replaced(named);
    const aside = await steps.setAside(path);
    await checkSame(aside ?? path, contents, deletion);
    if (aside !== undefined) return await removeAside(aside, { ...contents, ...steps }, named);
    await removeInPlace(path, { ...contents, ...steps }, named);
    return [];
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

/**
 * Somebody may have put a link, or another folder, in the place of the venv or of a folder above it since it was looked
 * at. What is looked at now is that folder itself, whatever is put in its place from here on.
 */
async function checkSame(place: string, { contents }: VenvContents, { path, named }: VenvDeletion): Promise<void> {
  if (isStillAt(place, contents.identity) && readPyvenvConfig(place)) return;
  if (place !== path) await rename(place, path);
  throw replaced(named);
}

const replaced = (named: string): Error =>
  errors.refused(`"${named}" was replaced while it was being deleted.`, 'Look at what is there, then call again.');

function isStillAt(place: string, identity: FolderIdentity): boolean {
  try {
    const folder = HeldFolder.open(place, { expected: identity });
    try {
      return isSameName(folder.realPath(), place);
    } finally {
      folder.close();
    }
  } catch (error) {
    if (error instanceof ReplacedError) return false;
    throw error;
  }
}

/** The venv is gone from its place by now: what of it cannot be removed is told, and no reason to bring back a part of it. */
async function removeAside(aside: string, removal: Removal, named: string): Promise<string[]> {
  try {
    await removeFolder(aside, removal);
    return [];
  } catch (error) {
    const users = await processesUsing(aside);
    const because = users.length > 0 ? ` (in use by ${nameProcesses(users)})` : ` (${reasonOf(error)})`;
    return [`"${named}" is deleted, but a part of it could not be removed${because}: remove "${aside}" by hand.`];
  }
}

/** Where a folder cannot be renamed: pyvenv.cfg goes last, so that what stays is a venv still, which a second call removes. */
async function removeInPlace(path: string, removal: Removal, named: string): Promise<void> {
  try {
    await removeFolder(path, removal);
  } catch (error) {
    if (isMissing(error)) return;
    throw errors.venvPartlyDeleted(named, reasonOf(error), await processesUsing(path));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ReplacedError || codeOf(error) === 'ENOTEMPTY') return 'something was put into it meanwhile';
  return codeOf(error) ?? 'unknown reason';
}
