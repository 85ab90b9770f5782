import { relativeInside } from '../paths';
import type { Machine } from '../files/storage';
import { venvsIn } from './detectVenvs';
import type { Venv } from './readVenv';
import { readVenv } from './readVenv';
import type { Selection } from './selection';

export interface FoundActive {
  /** The active venv; a selected one also where it is broken. */
  readonly venv: Venv | undefined;
  /** The first broken one, where there is none that works. */
  readonly broken: Venv | undefined;
  readonly notes: readonly string[];
}

/**
 * @param venvs those in the folder, in their order, where they are known already; else they are read as far as need be.
 * @returns the venv that is active in a folder: the selected one, else the first that works of those in it.
 */
export async function findActive(
  root: string,
  selection: Selection,
  machine: Machine,
  venvs: Iterable<Venv> | AsyncIterable<Venv> = venvsIn(root, machine),
): Promise<FoundActive> {
  const notes: string[] = [];
  const selected = await selection.read();
  if (selected !== undefined) {
    const venv = readVenv(selected, machine);
    if (venv) return { venv, broken: undefined, notes };
    notes.push(`The selected environment "${relativeInside(root, selected)}" is no longer there.`);
  }
  let broken: Venv | undefined;
  for await (const venv of venvs) {
    if (venv.broken === undefined) return { venv, broken: undefined, notes };
    broken ??= venv;
    notes.push(`The environment "${relativeInside(root, venv.path)}" is broken (${venv.broken}) and passed over.`);
  }
  return { venv: undefined, broken, notes };
}
