import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** @returns whether a waiting interpreter left its program to one that is started for it. */
export const wasRefused = (folder: string): boolean => existsSync(join(folder, 'refused'));

/** Removes a run's folder. A process that could not be ended may still write there: what is left is removed after a day. */
export function removeRunFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Something is in use there, on Windows.
  }
}
