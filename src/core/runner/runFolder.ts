import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryRoot } from '../process/spillFile';
import type { Program } from './program';

/** The folder of sitecustomize.py, which every run has on its path while it starts; it is shipped beside the code. */
export const supportFolder = join(__dirname, 'python');

/** @returns a new private folder outside the project, in which a run leaves its exception and its pictures. */
export async function makeRunFolder(): Promise<string> {
  const runs = join(temporaryRoot(), 'runs');
  await mkdir(runs, { recursive: true, mode: 0o700 });
  return await mkdtemp(join(runs, 'run-'));
}

/** Writes inline code where the interpreter reads it; another program is where it is. */
export async function placeProgram(program: Program, folder: string): Promise<void> {
  if (program.kind === 'code') await writeFile(join(folder, 'code.py'), program.code, { mode: 0o600 });
}

/** @returns whether a waiting interpreter left its program to one that is started for it. */
export const wasRefused = (folder: string): boolean => existsSync(join(folder, 'refused'));

/** Removes a run's folder. A process that could not be ended may still write there: what is left is removed after a day. */
export async function removeRunFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
