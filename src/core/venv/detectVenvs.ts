import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { takingTurns } from '../eventLoop';
import { entriesIn } from '../files/readFiles';
import type { Machine } from '../files/storage';
import { isSetAside } from './asideName';
import type { Venv } from './readVenv';
import { readVenv } from './readVenv';

/** The names that people and tools give a venv, in the order in which they are looked for. */
export const conventionalNames = ['.venv', 'venv', '.virtualenv', 'virtualenv'] as const;

/** @yields the venvs that are children of a folder, read as they are asked for: the conventional ones, then by name. */
export async function* venvsIn(root: string, machine: Machine): AsyncGenerator<Venv> {
  for (const name of conventionalNames) {
    const venv = readVenv(join(root, name), machine);
    if (venv) yield venv;
  }
  const names = entriesIn(root)
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .filter((name) => !isSetAside(name))
    .filter((name) => !conventionalNames.some((conventional) => conventional === name));
  const turn = takingTurns();
  for (const name of names.sort()) {
    const due = turn();
    if (due) await due;
    // Synchronous, since most children are no venv and a folder can have thousands.
    if (!existsSync(join(root, name, 'pyvenv.cfg'))) continue;
    const venv = readVenv(join(root, name), machine);
    if (venv) yield venv;
  }
}

/**
 * @returns when a venv was made, "2025-01-06T10:00:00Z": the birth of its pyvenv.cfg, or its last change on a file
 * system that keeps no birth.
 */
export async function createdAt({ path }: Venv): Promise<string> {
  const { birthtimeMs, birthtime, mtime } = await stat(join(path, 'pyvenv.cfg'));
  return (birthtimeMs > 0 ? birthtime : mtime).toISOString().replace(/\.\d+Z$/, 'Z');
}
