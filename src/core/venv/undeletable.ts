import { accessSync, constants, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { takingTurns } from '../eventLoop';
import { isInside } from '../paths';
import { codeOf } from '../systemErrors';

/** Something in a folder that could not be removed, and so keeps the whole. */
export interface Undeletable {
  /** Absolute. */
  readonly path: string;
  /** As in "it is a mount point". */
  readonly reason: string;
}

/**
 * Looks, before anything is removed, for what could not be: a mount, a folder that this user may not write to, a file
 * that is immutable. For Unix; on Windows, where these are no obstacles, the rename tells.
 * @param path a real path.
 * @returns the first that was found; undefined where all can go, as far as this can tell.
 */
export async function findUndeletable(path: string): Promise<Undeletable | undefined> {
  const mount = (await mountPoints()).find((point) => point === path || isInside(path, point));
  if (mount !== undefined) return { path: mount, reason: 'it is a mount point' };
  const turn = takingTurns();
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const reason = whyFolderStays(folder);
    if (reason !== undefined) return { path: folder, reason };
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const child = `${folder}${sep}${entry.name}`;
      if (entry.isDirectory()) folders.push(child);
      else if (entry.isFile() && isImmutable(child)) return { path: child, reason: 'it is immutable' };
    }
    const due = turn();
    if (due) await due;
  }
  return undefined;
}

/** @returns the mount points that this process sees, absolute; none where the system does not list them (macOS). */
async function mountPoints(): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return table.split('\n').flatMap((line) => {
    // proc(5): the fifth field, in which blanks and the like are written as octal numbers.
    const point = line.split(' ')[4];
    return point === undefined ? [] : point.replace(/\\(\d{3})/g, (_, digits: string) => fromOctal(digits));
  });
}

const fromOctal = (digits: string): string => String.fromCharCode(Number.parseInt(digits, 8));

function whyFolderStays(folder: string): string | undefined {
  const code = accessCode(folder, constants.W_OK | constants.X_OK | constants.R_OK);
  if (code === undefined || code === 'ENOENT') return undefined;
  return code === 'EPERM' ? 'it is immutable' : 'this user may not change it';
}

/** A file that may not be written to (EACCES) can be removed; one that nobody may change (EPERM) can't. */
const isImmutable = (file: string): boolean => accessCode(file, constants.W_OK) === 'EPERM';

function accessCode(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}
