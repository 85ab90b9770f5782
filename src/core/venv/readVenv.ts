import type { Stats } from 'node:fs';
import { access, constants, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Machine } from '../storage';
import { foreignTo, headerLength } from './binaryFormat';
import type { PyvenvConfig } from './pyvenvConfig';
import { readPyvenvConfig } from './pyvenvConfig';

/** A folder with a pyvenv.cfg, as its files tell; nothing is run. */
export interface Venv {
  /** Absolute, as it was named; a link in it is kept. */
  readonly path: string;
  readonly config: PyvenvConfig;
  /** As far as it is known: "3.12.1", or "3.12" after the name of its library folder. */
  readonly version: string | undefined;
  /** Absolute; it may not exist, where the venv is broken. */
  readonly python: string;
  readonly scripts: string;
  /** Its site-packages folders: purelib, then platlib where it is another one. */
  readonly libraries: readonly string[];
  /** Why it cannot run on this system, as in "it is broken: …". */
  readonly broken: string | undefined;
}

type System = Pick<Machine, 'platform' | 'arch'>;

/** @returns the venv in a folder; undefined where the folder is none. */
export async function readVenv(path: string, system: System): Promise<Venv | undefined> {
  const config = await readPyvenvConfig(path);
  if (!config) return undefined;
  const scripts = join(path, system.platform === 'win32' ? 'Scripts' : 'bin');
  const python = await pythonIn(path, scripts, system.platform);
  const versions = await libraryVersions(path, system.platform);
  const libraries = await librariesOf(path, versions, system.platform);
  const found = { path, config, python, scripts: dirname(python) };
  const version = config.version ?? versions[0]?.replace(/^[a-z]+|t$/g, '');
  return { ...found, version, libraries, broken: await whyBroken(found, versions, system) };
}

/** MSYS2's Python for Windows lays its venvs out as on Unix. */
async function pythonIn(path: string, scripts: string, platform: NodeJS.Platform): Promise<string> {
  const usual = join(scripts, platform === 'win32' ? 'python.exe' : 'python');
  const other = platform === 'win32' ? join(path, 'bin', 'python.exe') : join(scripts, 'python3');
  return !(await fileAt(usual)) && (await fileAt(other)) ? other : usual;
}

/** @returns the names of the folders in lib: "python3.12", "python3.13t", "pypy3.10". */
async function libraryVersions(path: string, platform: NodeJS.Platform): Promise<string[]> {
  if (platform === 'win32') return [];
  const names = await readdir(join(path, 'lib')).catch(() => []);
  return names.filter((name) => /^(python|pypy)\d+\.\d+t?$/.test(name));
}

async function librariesOf(path: string, versions: readonly string[], platform: NodeJS.Platform): Promise<string[]> {
  if (platform === 'win32') return [join(path, 'Lib', 'site-packages')];
  const libraries: string[] = [];
  const seen = new Set<string>();
  // Fedora and openSUSE put compiled packages into lib64; elsewhere it is a link to lib.
  for (const version of versions) {
    for (const lib of ['lib', 'lib64']) {
      const library = join(path, lib, version, 'site-packages');
      const real = await realpath(library).catch(() => undefined);
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      libraries.push(library);
    }
  }
  return libraries;
}

/** @returns why its python cannot be run, or would not be this venv's. */
async function whyBroken(
  { path, config, python, scripts }: Pick<Venv, 'path' | 'config' | 'python' | 'scripts'>,
  versions: readonly string[],
  { platform, arch }: System,
): Promise<string | undefined> {
  const name = join(basename(scripts), basename(python));
  const file = await fileAt(python);
  if (!file) return await whyMissing(path, python, name, platform);
  if (!file.isFile()) return `its ${name} is not a file`;
  // An alias of the Windows Store has no size, but a venv has never one.
  if (file.size === 0) return `its ${name} is an empty file`;
  if (!(await isExecutable(python))) return `its ${name} is not executable`;
  const foreign = foreignTo(await headerOf(python), platform, arch);
  if (foreign) return `its ${name} is ${foreign}`;
  if (config.home === undefined) return 'its pyvenv.cfg names no base Python ("home")';
  if (!(await fileAt(config.home))) return `its base Python is gone ("${config.home}")`;
  return await whyForeignLibrary(path, config, python, versions, platform);
}

async function whyMissing(path: string, python: string, name: string, platform: NodeJS.Platform): Promise<string> {
  const target = await readlink(python).catch(() => undefined);
  if (target !== undefined) return `its ${name} is a link to "${resolve(dirname(python), target)}", which is gone`;
  const [other, system] =
    platform === 'win32' ? [join('bin', 'python'), 'Linux or macOS'] : [join('Scripts', 'python.exe'), 'Windows'];
  const isOther = await readlink(join(path, other)).then(
    () => true,
    async () => (await fileAt(join(path, other))) !== undefined,
  );
  return isOther ? `it was made on ${system}` : `it has no ${name}`;
}

/** A base that was replaced by the next minor version behind the same name looks for packages in another folder. */
async function whyForeignLibrary(
  path: string,
  config: PyvenvConfig,
  python: string,
  versions: readonly string[],
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  if (platform === 'win32') {
    return (await fileAt(join(path, 'Lib'))) ? undefined : 'it has no Lib folder';
  }
  const runs = /\d+\.\d+/.exec(basename(await realpath(python)))?.[0] ?? /^\d+\.\d+/.exec(config.version ?? '')?.[0];
  if (runs === undefined || versions.some((name) => name.replace(/^[a-z]+|t$/g, '') === runs)) return undefined;
  const [there] = versions;
  return there === undefined
    ? `it has no lib/python${runs} folder`
    : `its packages are those of ${there}, its base is Python ${runs} now`;
}

const fileAt = async (path: string): Promise<Stats | undefined> => await stat(path).catch(() => undefined);

const isExecutable = async (path: string): Promise<boolean> =>
  await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function headerOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerLength), 0, headerLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** @returns the base interpreter's executable as far as its files tell; undefined where it is gone. */
export async function basePythonOf({ config, version, python }: Venv): Promise<string | undefined> {
  const { baseExecutable, home } = config;
  const names = [`python${/^\d+\.\d+/.exec(version ?? '')?.[0] ?? ''}`, 'python3', basename(python), 'python'];
  const candidates = [baseExecutable, ...(home === undefined ? [] : names.map((name) => join(home, name)))];
  for (const path of candidates) {
    if (path !== undefined && (await fileAt(path))?.isFile()) return path;
  }
  return undefined;
}
