import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { posix, win32 } from 'node:path';

// PATH may hold ".", an empty entry (which is the current folder to POSIX), or a folder that every user may write to:
// then a project, or another user of the machine, decides what "git" is.

/**
 * @returns whether an executable may be looked up in a folder of PATH: it is absolute, and no user but its owner and
 * the administrator can put a file there or another folder in its place. Windows says so in access lists, which are not
 * read. Who owns the folder does not count: Homebrew's belongs to whoever installed it.
 * @param here whether the folder is one of this machine's, rather than of a machine that a test describes.
 */
export function isTrustedFolder(
  folder: string,
  platform: NodeJS.Platform = process.platform,
  here = platform === process.platform,
): boolean {
  if (platform === 'win32') return /^(?:[a-z]:|[\\/]{2}[^\\/])[\\/]?/i.test(folder) && win32.isAbsolute(folder);
  if (!posix.isAbsolute(folder)) return false;
  return !here || (isOutOfReach(folder) && isOutOfReach(realPathOf(folder)));
}

/** @returns whether no other user can change what the path leads to; what is missing is what its parents make of it. */
function isOutOfReach(path: string): boolean {
  let below: Stats | undefined;
  for (let folder = posix.resolve(path); ; folder = posix.dirname(folder)) {
    const facts = orUndefined(() => lstatSync(folder, { throwIfNoEntry: false }));
    if (facts && !facts.isSymbolicLink() && (facts.mode & 0o002) !== 0) {
      // In a sticky folder (/tmp) only the owner of an entry can replace it; anybody can make one that is missing.
      const isSticky = (facts.mode & 0o1000) !== 0;
      if (!isSticky || !below || !isOfThisUser(below)) return false;
    }
    below = facts;
    if (folder === '/') return true;
  }
}

const isOfThisUser = ({ uid }: Stats): boolean => uid === 0 || uid === process.getuid?.();

const realPathOf = (path: string): string => orUndefined(() => realpathSync.native(path)) ?? path;

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** What PATH is where nothing of it is left: an empty one is the current folder to POSIX. */
const leastPath = '/usr/bin:/bin';

/**
 * @returns PATH without its entries that are relative, empty or no trusted folder, for programs that are started on a
 * tool's behalf (pip starts git by its name) rather than a user's.
 */
export function trustedPath(path: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    const entries = [...path.matchAll(/(?:"[^"]*"?|[^;"])+/g)].map(([entry]) => entry);
    return entries.filter((entry) => isTrustedFolder(entry.replaceAll('"', '').trim(), platform)).join(';');
  }
  const entries = path.split(posix.delimiter).filter((entry) => isTrustedFolder(entry, platform));
  return entries.length > 0 ? entries.join(posix.delimiter) : leastPath;
}
