import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, parse, sep } from 'node:path';

/** As many as Linux follows. */
const mostLinks = 40;
const sticky = 0o1000;
const writableByGroup = 0o020;
const writableByOthers = 0o002;
const anythingOfOthers = 0o077;

/** Who this process is; undefined on Windows, where folders are the user's by where they lie. */
export const thisUser = (): number | undefined => process.geteuid?.();

/** @returns whether a folder (no link to one) is there and belongs to this user, who alone may enter it. */
export function isPrivate(path: string, user = thisUser()): boolean {
  const facts = factsOf(path);
  if (!facts?.isDirectory()) return false;
  return user === undefined || (facts.uid === user && (facts.mode & anythingOfOthers) === 0);
}

/**
 * @returns whether nobody but this user and root can put another folder in the place of this one: all on the way to it,
 * links too, belong to the two, and others may write there only as they may in /tmp. The folder itself is looked at as well.
 */
export function isTrusted(path: string, user = thisUser()): boolean {
  if (user === undefined) return factsOf(path)?.isDirectory() ?? false;
  let { root: place } = parse(path);
  const names = partsOf(path.slice(place.length));
  for (let links = 0; ;) {
    const facts = factsOf(place);
    if (!facts || (facts.uid !== user && facts.uid !== 0)) return false;
    if (facts.isSymbolicLink()) {
      const target = ++links > mostLinks ? undefined : targetOf(place);
      if (target === undefined) return false;
      const { root } = parse(target);
      names.unshift(...partsOf(target.slice(root.length)));
      place = root === '' ? dirname(place) : root;
      continue;
    }
    if (!facts.isDirectory() || othersMayReplace(facts)) return false;
    const name = names.shift();
    if (name === undefined) return true;
    place = join(place, name);
  }
}

/** @returns whether others cannot replace what this user makes in a folder, whoever made the folder: as in /tmp. */
export function keepsNames(path: string): boolean {
  const facts = factsOf(path);
  return facts?.isDirectory() === true && (thisUser() === undefined || !othersMayReplace(facts));
}

/** A group of which the user is the only member has the user's own number; and who is in root's group may act as root. */
function othersMayReplace({ mode, gid, uid }: Stats): boolean {
  if ((mode & sticky) !== 0) return false;
  const isOwnGroup = gid === 0 || (gid === uid && gid === process.getegid?.());
  return (mode & writableByOthers) !== 0 || ((mode & writableByGroup) !== 0 && !isOwnGroup);
}

const partsOf = (path: string): string[] => path.split(sep).filter((name) => name !== '' && name !== '.');

function factsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // Not permitted, or no folder above it.
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
