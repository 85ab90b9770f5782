import type { Environment, LibraryPaths } from '../environment';
import { pathRules } from '../files/storage';
import type { VersionParts } from './version';
import { compareVersions } from './version';

/** What an interpreter was found through. */
export type InterpreterSource =
  | 'path'
  | 'pyenv'
  | 'uv'
  | 'homebrew'
  | 'conda'
  | 'asdf'
  | 'mise'
  | 'rye'
  | 'hatch'
  | 'python.org'
  | 'registry'
  | 'py-launcher'
  | 'scoop'
  | 'store'
  | 'system'
  | 'named';

/** A Python that was run once and said what it is. */
export interface Interpreter {
  /** Absolute, as it was found: a link is kept, a shim replaced by what it starts. */
  readonly executable: string;
  /** Full version, such as "3.12.1" or "3.14.0rc2". */
  readonly version: string;
  /** The numbers of `version`: [3, 12, 1]. */
  readonly versionInfo: VersionParts;
  /** False for an alpha, beta or release candidate. */
  readonly isFinal: boolean;
  /** Built without the global interpreter lock (PEP 703). */
  readonly freeThreaded: boolean;
  /** `sys.implementation.name`: "cpython", "pypy". */
  readonly implementation: string;
  /** `sys.prefix`. */
  readonly prefix: string;
  /** `sys.base_prefix`: another folder than `prefix` in a venv. */
  readonly basePrefix: string;
  /** The executable of the base interpreter; of itself where this is one. */
  readonly baseExecutable: string;
  readonly isVenv: boolean;
  /** Marked by its system as not to be installed into (PEP 668). */
  readonly externallyManaged: boolean;
  readonly libraries: LibraryPaths;
  /** `sys.path` of an isolated start, without the user site. */
  readonly sysPath: readonly string[];
  /** Absolute path of the pip wheel that its ensurepip would install, where it has one. */
  readonly ensurepipWheel: string | undefined;
  readonly source: InterpreterSource;
}

/** @returns the interpreter as an environment to run code in. */
export function environmentOf(interpreter: Interpreter, platform: NodeJS.Platform = process.platform): Environment {
  const rules = pathRules(platform);
  return {
    path: interpreter.prefix,
    python: interpreter.executable,
    version: interpreter.version,
    isVenv: interpreter.isVenv,
    scripts: platform === 'win32' ? rules.join(interpreter.prefix, 'Scripts') : rules.dirname(interpreter.executable),
    libraries: interpreter.libraries,
  };
}

/** Sorts newest first; pre-releases last, since nobody who does not name one wants one; free-threaded after regular. */
export const newestFirst = (a: Interpreter, b: Interpreter): number =>
  Number(b.isFinal) - Number(a.isFinal) ||
  compareVersions(b.versionInfo, a.versionInfo) ||
  Number(a.freeThreaded) - Number(b.freeThreaded);
