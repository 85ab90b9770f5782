import { cpSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWheel } from '../support/wheels';
import type { Rig } from './rig';

const windows = process.platform === 'win32';

/** @returns the python of a venv. */
export const pythonOf = (venv: string): string =>
  windows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

/** @returns the folder that a venv's packages lie in. */
export const libraryOf = (venv: string, { python }: Rig): string =>
  windows ? join(venv, 'Lib', 'site-packages') : join(venv, 'lib', `python3.${python.minor}`, 'site-packages');

/** Names of the packages of `venvOfHundred`. */
export const packageNames = Array.from({ length: 100 }, (_, index) => `bench-package-${index}`);

/** A description such as a README gives: pip and we both have to get past it. */
const description = 'A line of the description that stands below the headers.\n'.repeat(60);

/** Writes wheels of packages with ten modules each. @returns the folder they are in. */
export async function writeWheels(folder: string, names: readonly string[]): Promise<string> {
  for (const [index, name] of names.entries()) {
    const module = name.replaceAll('-', '_');
    const requires = names.slice(index + 1, index + 4);
    const sources = Array.from({ length: 9 }, (_, part): [string, string] => [
      `${module}/part${part}.py`,
      `def work(value: int) -> int:\n    return value + ${part}\n`.repeat(20),
    ]);
    const imports = sources.map((_, part) => `from . import part${part}\n`).join('');
    const modules = { [`${module}/__init__.py`]: imports, ...Object.fromEntries(sources) };
    const metadata = { Summary: `Package ${index}`, License: 'MIT' };
    await writeWheel(folder, { name, version: `1.${index}.0`, requires, modules, metadata, description });
  }
  return folder;
}

/** @returns a venv with pip and 100 packages; copy it with `copyVenv`. */
export async function venvOfHundred(rig: Rig): Promise<string> {
  const folder = await rig.folder();
  const wheels = await writeWheels(join(folder, 'wheels'), packageNames);
  const venv = await rig.shared(venvWithPip);
  const copy = copyVenv(venv, join(folder, '.venv'));
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-index'];
  await rig.run({ command: pythonOf(copy), args: [...install, '--find-links', wheels, ...packageNames] });
  return copy;
}

/** @returns a venv with nothing but pip; copy it with `copyVenv`. */
export async function venvWithPip(rig: Rig): Promise<string> {
  const venv = join(await rig.folder(), '.venv');
  await rig.run({ command: rig.python.path, args: ['-m', 'venv', venv] });
  // pip compiles itself once.
  await rig.run({ command: pythonOf(venv), args: ['-m', 'pip', 'list'] });
  return venv;
}

/** Copies a venv; all but its scripts works at the new place. @returns that place. */
export function copyVenv(venv: string, to: string): string {
  cpSync(venv, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return to;
}

/** @returns a folder with a `.venv` of 100 packages. */
export async function folderOfHundred(rig: Rig): Promise<string> {
  const folder = await rig.folder();
  copyVenv(await rig.shared(venvOfHundred), join(folder, '.venv'));
  return folder;
}

/** Removes installed packages whose names start so, whatever installed them. */
export function removePackages(library: string, prefix: string): void {
  for (const name of readdirSync(library)) {
    if (name.startsWith(prefix)) rmSync(join(library, name), { recursive: true });
  }
}

/** Fills a folder with small files, a hundred to a folder, ten folders to a folder. */
export async function writeFiles(folder: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += 100) {
    const parent = join(folder, `folder${Math.floor(first / 1000)}`, `part${(first / 100) % 10}`);
    await mkdir(parent, { recursive: true });
    const names = Array.from({ length: Math.min(100, count - first) }, (_, index) => `file${index}.txt`);
    await Promise.all(
      names.map(async (name) => {
        await writeFile(join(parent, name), name);
      }),
    );
  }
}
