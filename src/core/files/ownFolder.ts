import { chmodSync, lstatSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { codeOf } from './errorCode';
import { makeFolderSync } from './makeFolder';
import { cacheFolder, stateFolder, thisMachine, type Machine } from './storage';
import { isPrivate, isTrusted, thisUser } from './trustedPath';

/** @returns our folder in the user's cache, absolute; undefined where there is none that this user alone can change. */
export const lastingCache = (machine: Machine = thisMachine()): string | undefined =>
  ownFolder(cacheFolder(machine), machine);

/** As `lastingCache`, for what must survive a restart. */
export const lastingState = (machine: Machine = thisMachine()): string | undefined =>
  ownFolder(stateFolder(machine), machine);

/** A home that does not exist is not made. Under sudo HOME can be somebody else's, who would then own what root runs. */
function ownFolder(folder: string, { home, platform }: Machine): string | undefined {
  if (platform !== process.platform) return folder; // Of a machine that a test describes.
  return folder.startsWith(home + sep) && !isThere(home) ? undefined : madePrivate(folder);
}

/** @returns the folder, made where it was missing; undefined where it cannot be private. */
export function madePrivate(folder: string): string | undefined {
  try {
    let above = dirname(folder);
    while (!isThere(above)) above = dirname(above);
    return isTrusted(above) && becomesPrivate(folder) ? folder : undefined;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** @returns whether a folder in one that others cannot change is private, or was made so now. @throws what the file system throws. */
export function becomesPrivate(path: string): boolean {
  if (isPrivate(path)) return true;
  makeFolderSync(path, 0o700);
  const facts = lstatSync(path);
  // An earlier version left it open, or the umask is odd.
  if (facts.isDirectory() && facts.uid === thisUser()) chmodSync(path, 0o700);
  return isPrivate(path);
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true; // What there is cannot be seen.
  }
}
