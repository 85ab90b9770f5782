import { chmodSync, lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { takingTurns } from '../eventLoop';
import { mountPoints } from '../files/mountPoints';
import { entriesIn } from '../files/readFiles';
import { isInside } from '../paths';

/** Names that are taken of a folder at once. */
const someNames = 1000;

/**
 * Removes what a program left, in small steps between which everything else goes on: a million files, a thousand folders in
 * each other, folders that were made unreadable. Links are removed, never followed; where something is mounted, all stays.
 * Never throws: what cannot be removed stays, too.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    const mounts = await mountPoints();
    if (mounts.some((point) => point === path || isInside(path, point))) return;
    await removeEntry(path);
  } catch {
    // In use, on Windows; or deeper than the system has names for.
  }
}

async function removeEntry(path: string): Promise<void> {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (!facts) return;
  if (!facts.isDirectory()) {
    unlinkSync(path);
    return;
  }
  const turn = takingTurns();
  const folders = [path];
  for (let folder = folders.at(-1); folder !== undefined; folder = folders.at(-1)) {
    const inner = emptyOfFiles(folder);
    if (inner.length > 0) folders.push(...inner);
    else if (isEmpty(folder)) {
      rmdirSync(folder);
      folders.pop();
    }
    const due = turn();
    if (due) await due;
  }
}

/** Removes some of the files in a folder. @returns the folders that were met. */
function emptyOfFiles(folder: string): string[] {
  chmodSync(folder, 0o700);
  const inner: string[] = [];
  for (const entry of entriesIn(folder, someNames)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) inner.push(path);
    else unlinkSync(path);
  }
  return inner;
}

const isEmpty = (folder: string): boolean => entriesIn(folder, 1).length === 0;
