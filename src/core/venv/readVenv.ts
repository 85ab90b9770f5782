import { accessSync, constants, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { executableFile } from '../interpreters/executableFile';
import { firstBytes, namesIn, reasonOf } from '../files/readFiles';
import type { Machine } from '../files/storage';
import { binaryFormat, foreignTo, headerLength } from './binaryFormat';
import type { PyvenvConfig } from './pyvenvConfig';
import { attemptPyvenvConfig, parsePyvenvConfig } from './pyvenvConfig';

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

// A dozen small looks at the disk: synchronously they take a tenth of what a way through the thread pool does for each.

type System = Pick<Machine, 'platform' | 'arch'>;

/** @returns the venv in a folder; undefined where the folder is none. */
export function readVenv(path: string, system: System): Venv | undefined {
  const read = attemptPyvenvConfig(path);
  if ('unread' in read && ['missing', 'folder'].includes(read.unread.kind)) return undefined;
  // What Python would read, too, as it starts: nothing of it may be run.
  const unreadable = 'unread' in read ? `its pyvenv.cfg cannot be used: ${reasonOf(read.unread)}` : undefined;
  const config = 'config' in read ? read.config : parsePyvenvConfig('');
  const scripts = join(path, system.platform === 'win32' ? 'Scripts' : 'bin');
  const python = pythonIn(path, scripts, system.platform);
  const versions = libraryVersions(path, system.platform);
  const libraries = librariesOf(path, versions, system.platform);
  const found = { path, config, python, scripts: dirname(python) };
  const version = config.version ?? versions[0]?.replace(/^[a-z]+|t$/g, '');
  return { ...found, version, libraries, broken: unreadable ?? whyBroken(found, versions, system) };
}

/** MSYS2's Python for Windows lays its venvs out as on Unix. */
function pythonIn(path: string, scripts: string, platform: NodeJS.Platform): string {
  const usual = join(scripts, platform === 'win32' ? 'python.exe' : 'python');
  const other = platform === 'win32' ? join(path, 'bin', 'python.exe') : join(scripts, 'python3');
  return !fileAt(usual) && fileAt(other) ? other : usual;
}

/** @returns the names of the folders in lib: "python3.12", "python3.13t", "pypy3.10". */
function libraryVersions(path: string, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return [];
  return namesIn(join(path, 'lib'))
    .filter((name) => /^(python|pypy)\d+\.\d+t?$/.test(name))
    .sort();
}

function librariesOf(path: string, versions: readonly string[], platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return [join(path, 'Lib', 'site-packages')];
  const libraries: string[] = [];
  const seen = new Set<string>();
  // Fedora and openSUSE put compiled packages into lib64; elsewhere it is a link to lib.
  for (const version of versions) {
    for (const lib of ['lib', 'lib64']) {
      const library = join(path, lib, version, 'site-packages');
      const real = orUndefined(() => realpathSync.native(library));
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      libraries.push(library);
    }
  }
  return libraries;
}

/** @returns why its python cannot be run, or would not be this venv's. */
function whyBroken(
  { path, config, python, scripts }: Pick<Venv, 'path' | 'config' | 'python' | 'scripts'>,
  versions: readonly string[],
  { platform, arch }: System,
): string | undefined {
  const name = join(basename(scripts), basename(python));
  const file = fileAt(python);
  if (!file) return whyMissing(path, python, name, platform);
  if (!file.isFile()) return `its ${name} is not a file`;
  // An alias of the Windows Store has no size, but a venv has never one.
  if (file.size === 0) return `its ${name} is an empty file`;
  if (!isExecutable(python)) return `its ${name} is not executable`;
  const header = headerOf(python);
  // A shell would be asked to run what the system cannot.
  if (header.length > 0 && header.every((byte) => byte === 0)) return `its ${name} is no program`;
  const foreign = foreignTo(header, platform, arch);
  if (foreign) return `its ${name} is ${foreign}`;
  if (config.home === undefined) return 'its pyvenv.cfg names no base Python ("home")';
  if (!fileAt(config.home)) return `its base Python is gone ("${config.home}")`;
  return whyForeignLibrary(path, config, python, versions, platform);
}

function whyMissing(path: string, python: string, name: string, platform: NodeJS.Platform): string {
  const target = orUndefined(() => readlinkSync(python));
  if (target !== undefined) return `its ${name} is a link to "${resolve(dirname(python), target)}", which is gone`;
  const [other, system] =
    platform === 'win32' ? [join('bin', 'python'), 'Linux or macOS'] : [join('Scripts', 'python.exe'), 'Windows'];
  const isOther =
    orUndefined(() => readlinkSync(join(path, other))) !== undefined || fileAt(join(path, other)) !== undefined;
  return isOther ? `it was made on ${system}` : `it has no ${name}`;
}

/** A base that was replaced by the next minor version behind the same name looks for packages in another folder. */
function whyForeignLibrary(
  path: string,
  config: PyvenvConfig,
  python: string,
  versions: readonly string[],
  platform: NodeJS.Platform,
): string | undefined {
  if (platform === 'win32') {
    return fileAt(join(path, 'Lib')) ? undefined : 'it has no Lib folder';
  }
  const runs =
    /(?<!\d)\d+\.\d+/.exec(basename(realpathSync.native(python)))?.[0] ?? /^\d+\.\d+/.exec(config.version ?? '')?.[0];
  if (runs === undefined || versions.some((name) => name.replace(/^[a-z]+|t$/g, '') === runs)) return undefined;
  const [there] = versions;
  return there === undefined
    ? `it has no lib/python${runs} folder`
    : `its packages are those of ${there}, its base is Python ${runs} now`;
}

const fileAt = (path: string): Stats | undefined => orUndefined(() => statSync(path, { throwIfNoEntry: false }));

const isExecutable = (path: string): boolean =>
  orUndefined(() => {
    accessSync(path, constants.X_OK);
    return true;
  }) ?? false;

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** @returns the architecture that an executable is made for, as Node names it; undefined where it does not tell. */
export const executableArch = (path: string): string | undefined =>
  orUndefined(() => binaryFormat(headerOf(path))?.arch);

const headerOf = (path: string): Buffer => firstBytes(path, headerLength) ?? Buffer.alloc(0);

/**
 * @returns the base interpreter's executable as far as its files tell; undefined where it is gone. A Python of the Windows
 * Store is an alias that cannot be opened: `isAlias` tells it.
 */
export function basePythonOf(
  { config, version, python }: Venv,
  isAlias: (path: string) => boolean = isAliasOfPython,
): string | undefined {
  const { baseExecutable, home } = config;
  const names = [`python${/^\d+\.\d+/.exec(version ?? '')?.[0] ?? ''}`, 'python3', basename(python), 'python'];
  const candidates = [baseExecutable, ...(home === undefined ? [] : names.map((name) => join(home, name)))];
  for (const path of candidates) {
    if (path !== undefined && (fileAt(path)?.isFile() === true || isAlias(path))) return path;
  }
  return undefined;
}

const isAliasOfPython = (path: string): boolean =>
  process.platform === 'win32' && executableFile(path, 'win32')?.alias?.kind === 'python';
