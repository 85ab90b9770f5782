import { closeSync, lstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file that a candidate's name leads to. Synchronous: some dozen calls of microseconds each. */
export interface ExecutableFile {
  /** Absolute, links followed; the name itself where they cannot be (a Windows Store alias). */
  readonly real: string;
  /** Changes when the file does. */
  readonly stamp: string;
}

/** @returns the file; undefined where there is none that can be run. */
export function executableFile(path: string, platform: NodeJS.Platform): ExecutableFile | undefined {
  try {
    const { mtimeMs, size, mode } = statSync(path);
    if (platform !== 'win32' && (mode & 0o111) === 0) return undefined;
    const real = realpathSync.native(path);
    return statSync(real).isFile() ? { real, stamp: `${real}|${mtimeMs}|${size}` } : undefined;
  } catch {
    return platform === 'win32' ? storeAlias(path) : undefined;
  }
}

/** An "app execution alias" can be run, but neither be opened nor resolved. */
function storeAlias(path: string): ExecutableFile | undefined {
  try {
    return { real: path, stamp: `${path}|${lstatSync(path).mtimeMs}` };
  } catch {
    return undefined;
  }
}

/**
 * @returns whether the file starts an interpreter that it chooses anew each time (a pyenv, asdf or mise shim, a
 * wrapper), so that its answer is true for this moment and folder only.
 */
export function isShim(real: string): boolean {
  if (!/^(python|pypy|graalpy)/i.test(basename(real))) return true;
  try {
    const file = openSync(real, 'r');
    try {
      const start = Buffer.alloc(2);
      readSync(file, start);
      return start.toString('latin1') === '#!';
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** @returns whether the executable is that of a venv, which its link leads out of (PEP 405). */
export const isInVenv = (path: string): boolean =>
  statSync(join(dirname(dirname(path)), 'pyvenv.cfg'), { throwIfNoEntry: false }) !== undefined;
