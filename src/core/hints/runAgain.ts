import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { isSameName, realPath } from '../pathIdentity';
import { isInside, relativeInside } from '../paths';
import { readBeginning } from '../files/readFiles';
import { variableIn } from '../process/environment';
import type { RunRequest } from '../runner/PythonRunner';
import { shownCall } from './shownCall';

/** Enough for the imports at the top of a script. */
const scriptBytes = 65_536;

/**
 * @param root the workspace folder.
 * @returns the folders of the workspace that a run has on its path: a file's own, for a module the working directory,
 * for inline code the workspace folder, and those of PYTHONPATH.
 */
export async function foldersOnPath({ program, cwd, env }: RunRequest, root: string): Promise<string[]> {
  const first = program.kind === 'file' ? dirname(await realOf(program.path)) : program.kind === 'module' ? cwd : root;
  const more = (variableIn(env, 'PYTHONPATH') ?? '').split(delimiter).filter((entry) => entry !== '');
  return await Promise.all([first, ...more.map((entry) => resolve(cwd, entry))].map(realOf));
}

/** @returns a path with its links followed, as far as it exists. */
export const realOf = async (path: string): Promise<string> => await realPath(path).catch(() => path);

/**
 * @param folder what has to be on the path, absolute.
 * @returns how to run the same program with it: as a module where the program is part of a package in it, else with
 * PYTHONPATH.
 */
export function runWith(request: RunRequest, folder: string, root: string): string {
  const { program, cwd } = request;
  if (program.kind === 'file') {
    const module = moduleIn(folder, program.path);
    const isInPackage = existsSync(join(dirname(program.path), '__init__.py'));
    if (module !== undefined && isInPackage && !importsNeighbours(program.path))
      return moduleCall(request, module, folder, root);
  }
  if (program.kind === 'module' && startsIn(folder, program.name)) {
    return moduleCall(request, program.name, folder, root);
  }
  const PYTHONPATH = [relative(cwd, folder) || '.', variableIn(request.env, 'PYTHONPATH') ?? '']
    .filter(Boolean)
    .join(delimiter);
  const env = { PYTHONPATH };
  if (program.kind === 'code') return `run the code again with "env": ${JSON.stringify(env).replace(':', ': ')}`;
  const what = program.kind === 'file' ? { file: relativeInside(root, program.path) } : { module: program.name };
  return (
    shownCall('run', { ...what, ...(isSameName(cwd, root) ? {} : { cwd: relativeInside(root, cwd) }), env }) +
    unchanged(request)
  );
}

/** @returns the call that runs a module from a folder. */
export function moduleCall(request: RunRequest, module: string, folder: string, root: string): string {
  const cwd = isSameName(folder, root) ? {} : { cwd: relativeInside(root, folder) };
  return shownCall('run', { module, ...cwd }) + unchanged(request);
}

/** @returns the dotted name that a file has from a folder; undefined where a part of it is no identifier. */
export function moduleIn(folder: string, file: string): string | undefined {
  if (!isInside(folder, file) || !file.endsWith('.py')) return undefined;
  const parts = relative(folder, file).slice(0, -'.py'.length).split(sep);
  return parts.every((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part)) ? parts.join('.') : undefined;
}

const unchanged = ({ args, stdin, env }: RunRequest): string =>
  args.length > 0 || (stdin ?? '') !== '' || Object.keys(env).some((name) => name !== 'PYTHONPATH')
    ? ' with the other fields as before'
    : '';

function startsIn(folder: string, module: string): boolean {
  const place = join(folder, module.split('.')[0] ?? '');
  return existsSync(`${place}.py`) || existsSync(place);
}

/** @returns whether a script imports, by its bare name, a file beside it: as a module of a package it would not find it. */
function importsNeighbours(file: string): boolean {
  const source = readBeginning(file, scriptBytes) ?? '';
  const imported = [...source.matchAll(/^[ \t]*(?:import|from)[ \t]+(\w+)/gm)].map(([, name = '']) => name);
  return imported.some((name) => name !== basename(file, '.py') && startsIn(dirname(file), name));
}
