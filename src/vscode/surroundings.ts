import { homeFolder } from '../core/files/homeFolder';
import { isToolError } from '../core/errors';
import { readText } from '../core/files/readFiles';
import type { PythonFolder } from '../core/folder';
import { absolutePath } from '../core/paths';
import { readScriptMetadata } from '../core/scripts/environmentForScript';
import type { Call } from '../tools/calls';
import type { Surroundings } from './confirmations';

/** A requirements file longer than this is not one that a person reads. */
const readableBytes = 256 * 1024;

/**
 * @returns what a person should know before a call: where it works, and on what. Changes nothing and throws nothing:
 * what cannot be found out is left out, with the reason.
 */
export async function surroundingsOf(
  call: Call,
  folder: PythonFolder,
  severalFolders: boolean,
  signal: AbortSignal,
): Promise<Surroundings> {
  const base = {
    root: folder.root,
    interpreterSetting: folder.settings.interpreter,
    paths: pathsOf(call, folder.root),
    ...(severalFolders ? { folderName: folder.name } : {}),
  };
  try {
    return { ...base, ...(await lookAround(call, folder, signal)) };
  } catch (cause) {
    return { ...base, problem: isToolError(cause) ? cause.message : String(cause) };
  }
}

function pathsOf({ tool, input }: Call, root: string): Surroundings['paths'] {
  const absolute = (path: string): string => {
    try {
      return absolutePath(root, path, homeFolder());
    } catch {
      return path; // The call will say what is wrong with it.
    }
  };
  const named =
    tool === 'run'
      ? { file: input.file, cwd: input.cwd }
      : tool === 'venv'
        ? { venv: input.path ?? '.venv' }
        : { requirements: input.requirements, editable: input.editable };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, path]) => (path === undefined ? [] : [[name, absolute(path)]])),
  );
}

async function lookAround(
  { tool, input }: Call,
  folder: PythonFolder,
  signal: AbortSignal,
): Promise<Partial<Surroundings>> {
  if (tool === 'run') {
    const script =
      input.file === undefined ? undefined : await readScriptMetadata(await folder.existingFile(input.file));
    if (script) return { script: { dependencies: script.dependencies, python: script.requiresPython?.text } };
    const { environment, venv } = await folder.environmentToRun(signal);
    return { environment: { venv, python: environment.python, version: environment.version } };
  }
  if (tool === 'venv') {
    if (input.action !== 'delete' && input.action !== 'select') return {};
    const info = await folder.venvs.info(input.path ?? '.venv', signal);
    if (!info.exists) return { problem: `There is no virtual environment at ${info.path}.` };
    return { venv: { version: info.python_version, packages: info.packages_count, megabytes: info.size_mb } };
  }
  const { environment, relative: venv } = await folder.venvs.active();
  const requirements = input.requirements === undefined ? undefined : await contentOf(folder, input.requirements);
  return {
    environment: environment ? { venv, python: environment.python, version: environment.version } : null,
    ...(requirements === undefined ? {} : { requirements }),
  };
}

async function contentOf(folder: PythonFolder, path: string): Promise<string | undefined> {
  return await readText(await folder.existingFile(path), readableBytes);
}
