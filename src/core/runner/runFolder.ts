import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryRoot } from '../process/spillFile';
import type { Program } from './program';

/** The folder of sitecustomize.py, which every run has on its path while it starts; it is shipped beside the code. */
export const supportFolder = join(__dirname, 'python');

/**
 * Gives a run a private folder outside the project, in which inline code stands and in which the run leaves its
 * exception and its pictures; the folder is removed afterwards.
 */
export async function withRunFolder<T>(program: Program, use: (folder: string) => Promise<T>): Promise<T> {
  const runs = join(temporaryRoot(), 'runs');
  await mkdir(runs, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(runs, 'run-'));
  try {
    if (program.kind === 'code') await writeFile(join(folder, 'code.py'), program.code, { mode: 0o600 });
    return await use(folder);
  } finally {
    // A process that could not be ended may still write there; what is left is removed after a day.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}
