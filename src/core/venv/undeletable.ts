import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { sep } from 'node:path';
import { takingTurns } from '../eventLoop';
import { mountPoints } from '../files/mountPoints';
import { isInside } from '../paths';
import { codeOf } from '../files/systemErrors';
import { entriesToDelete } from './entriesToDelete';

/** Something in a folder that could not be removed, and so keeps the whole. */
export interface Undeletable {
  /** Absolute. */
  readonly path: string;
  /** As in "it is a mount point". */
  readonly reason: string;
}

/**
 * Looks, before anything is removed, for what could not be: on Unix a mount, a folder that this user may not write to, a
 * file that is immutable; on Windows an executable or a library that a process runs or has loaded. Any other open file
 * shows there when the folder is renamed.
 * @param path a real path.
 * @returns the first that was found; undefined where all can go, as far as this can tell.
 */
export async function findUndeletable(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Undeletable | undefined> {
  const isWindows = platform === 'win32';
  const mount = (isWindows ? [] : await mountPoints()).find((point) => point === path || isInside(path, point));
  if (mount !== undefined) return { path: mount, reason: 'it is a mount point' };
  const whyFolder = isWindows ? () => undefined : whyFolderStays;
  const whyFile = isWindows ? whyBinaryStays : whyFileStays;
  const turn = takingTurns();
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const reason = whyFolder(folder);
    if (reason !== undefined) return { path: folder, reason };
    for (const entry of entriesToDelete(folder)) {
      const child = `${folder}${sep}${entry.name}`;
      if (entry.isDirectory()) folders.push(child);
      const why = entry.isFile() ? whyFile(child) : undefined;
      if (why !== undefined) return { path: child, reason: why };
    }
    const due = turn();
    if (due) await due;
  }
  return undefined;
}

function whyFolderStays(folder: string): string | undefined {
  const code = codeOfFailure(() => {
    accessSync(folder, constants.W_OK | constants.X_OK | constants.R_OK);
  });
  if (code === undefined || code === 'ENOENT') return undefined;
  return code === 'EPERM' ? 'it is immutable' : 'this user may not change it';
}

/** A file that may not be written to (EACCES) can be removed; one that nobody may change (EPERM) can't. */
function whyFileStays(file: string): string | undefined {
  const code = codeOfFailure(() => {
    accessSync(file, constants.W_OK);
  });
  return code === 'EPERM' ? 'it is immutable' : undefined;
}

/** What runs or is loaded cannot be opened for writing (ERROR_SHARING_VIOLATION). Nothing is written. */
function whyBinaryStays(file: string): string | undefined {
  if (!/\.(exe|dll|pyd)$/i.test(file)) return undefined;
  const code = codeOfFailure(() => {
    closeSync(openSync(file, 'r+'));
  });
  return code === 'EBUSY' ? 'it is in use' : undefined;
}

function codeOfFailure(look: () => void): string | undefined {
  try {
    look();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}
