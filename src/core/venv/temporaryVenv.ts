import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../environment';
import type { Finder } from '../interpreters/finder';
import type { Uv } from '../interpreters/uv';
import { newPrivateFolder } from '../files/privateFolder';
import { thisMachine } from '../files/storage';
import { asToolError } from '../files/systemErrors';
import { createVenv } from './createVenv';
import { readVenv } from './readVenv';

/** What a temporary venv is made with. */
export interface TemporaryVenvOptions {
  readonly finder: Finder;
  readonly findUv: (signal?: AbortSignal) => Promise<Uv | undefined>;
  /** A command, version or path. */
  readonly interpreter: string;
  /** Where a relative path to an interpreter starts. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets `use` work in a venv as a create would make it, outside of any project, which is removed afterwards: the plan of
 * an install needs an environment even where none may be made yet.
 *
 * @throws ToolError as a create does; and what `use` throws.
 */
export async function inTemporaryVenv<T>(
  { finder, findUv, interpreter, folder, signal = new AbortController().signal }: TemporaryVenvOptions,
  use: (environment: Environment) => Promise<T>,
): Promise<T> {
  const machine = thisMachine();
  const { interpreter: base } = await finder.findDefault(interpreter, { folder, signal });
  const temporary = newPrivateFolder('plans', 'venv-');
  try {
    const path = join(temporary, '.venv');
    const uv = await findUv(signal);
    const plan = {
      path,
      named: path,
      base,
      systemSitePackages: false,
      uv,
      finder,
      machine,
      signal,
      onProgress: () => undefined,
    };
    await createVenv(plan).catch((cause: unknown) => {
      throw asToolError(cause, path, 'planning');
    });
    const venv = readVenv(path, machine);
    if (!venv) throw new Error(`no venv at ${path} after its creation`);
    const { python, scripts, libraries: own, version = base.version } = venv;
    return await use({ path, python, scripts, version, isVenv: true, libraries: { own, inherited: [] } });
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}
