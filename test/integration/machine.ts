import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InterpreterFinder } from '../../src/core/interpreters/finder';
import type { Interpreter } from '../../src/core/interpreters/interpreter';
import { uvFinder } from '../../src/core/interpreters/uv';
import type { Machine } from '../../src/core/files/storage';
import { thisMachine } from '../../src/core/files/storage';
import { testPythons } from '../support/pythons';

/** @returns this machine without what its user configured for pip, uv and Python. */
export function plainMachine(env: Machine['env'] = {}): Machine {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PIP|UV|PYTHON(?!_TOOLS))_?|^XDG_/.test(name));
  return { ...thisMachine(), env: { ...Object.fromEntries(kept), PIP_CONFIG_FILE: '/dev/null', ...env } };
}

/** @returns the environment for the test's own child processes. */
export const plainEnvironment = (): NodeJS.ProcessEnv => ({ ...plainMachine().env });

const discovered = new Map<string, Promise<Interpreter[]>>();

/** @returns every Python from 3.8 on of this machine; they are looked for once. @throws where there are some that are not found. */
export async function pythonsHere(cacheFolder: string): Promise<Interpreter[]> {
  const known = discovered.get('all') ?? new InterpreterFinder({ machine: plainMachine(), cacheFolder }).discover();
  discovered.set('all', known);
  const versions = (await known).map(({ version }) => version);
  for (const { path, version } of testPythons()) {
    if (!versions.includes(version)) throw new Error(`${path} was not found`);
  }
  return await known;
}

/** @returns the path of uv for tests, from PYTHON_TOOLS_TEST_UV or as the product finds it. */
export async function uvHere(cacheFolder: string): Promise<string | undefined> {
  const named = process.env['PYTHON_TOOLS_TEST_UV'];
  if (named && existsSync(named)) return named;
  return (await uvFinder({ machine: plainMachine(), cacheFolder: join(cacheFolder, 'uv') })())?.path;
}
