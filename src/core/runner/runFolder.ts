import { lstatSync, mkdtempSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesIn, readBeginning } from '../files/readFiles';
import { inPrivateFolder } from '../files/privateFolder';
import type { Program } from './program';

/** The folder of sitecustomize.py, which every run has on its path while it starts; it is shipped beside the code. */
export const supportFolder = join(__dirname, 'python');

// A handful of small operations: through the thread pool, which waits for a processor where many runs are going on, they
// take longer than the rest of what is done for a run.

/**
 * @returns a new private folder outside the project, in which a run leaves its exception and its pictures. Inline code
 * lies there, where the interpreter reads it; another program is where it is. @throws ToolError
 */
export const makeRunFolder = (program: Program): string =>
  inPrivateFolder('runs', (runs) => {
    const folder = mkdtempSync(join(runs, 'run-'));
    try {
      if (program.kind === 'code') writeFileSync(join(folder, 'code.py'), program.code, { mode: 0o600, flag: 'wx' });
      return folder;
    } catch (error) {
      removeRunFolder(folder);
      throw error;
    }
  });

/**
 * @param word that of the order.
 * @returns whether a waiting interpreter left its program to one that is started for it.
 */
export const wasRefused = (folder: string, word: string): boolean =>
  readBeginning(join(folder, 'refused'), word.length) === word;

/** A run leaves its code, its report and four pictures; a program that forks some more. */
const usualNames = 32;

/**
 * Removes a run's folder, or what the program put in its place. More than a run leaves is removed in the background. A process
 * that could not be ended may still write there: what is left is removed after a day. Never throws.
 */
export function removeRunFolder(folder: string): void {
  try {
    // A link that the program put there leads to something that is not ours to empty.
    const entries = lstatSync(folder).isDirectory() ? entriesIn(folder, usualNames + 1) : [];
    if (entries.length <= usualNames && !entries.some((entry) => entry.isDirectory())) {
      for (const { name } of entries) unlinkSync(join(folder, name));
      rmdirSync(folder);
      return;
    }
  } catch {
    // It is no folder, may not be changed, or something in it is in use (Windows).
  }
  void import('./removeTree').then(async ({ removeTree }) => {
    await removeTree(folder);
  });
}
