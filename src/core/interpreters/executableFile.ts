import { lstatSync, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readBeginning } from '../files/readFiles';
import { isBatchFile } from '../process/windows/batchFile';
import { appAlias, type AppAlias } from './windows/appAlias';

/** A file that a candidate's name leads to. Synchronous: some dozen calls of microseconds each. */
export interface ExecutableFile {
  /** Absolute, links followed; the name itself where they cannot be (a Windows Store alias). */
  readonly real: string;
  /** The same for all names of what is started: Windows does not heed their case. */
  readonly identity: string;
  /** Changes when the file does. */
  readonly stamp: string;
  /** Where the name is an app execution alias of Windows. */
  readonly alias?: AppAlias;
}

/** @returns the file; undefined where there is none that can be run. */
export function executableFile(path: string, platform: NodeJS.Platform): ExecutableFile | undefined {
  if (platform === 'win32') return fileOnWindows(path);
  try {
    const { mtimeMs, size, mode } = statSync(path);
    if ((mode & 0o111) === 0) return undefined;
    const real = realpathSync.native(path);
    return statSync(real).isFile() ? { real, identity: real, stamp: `${real}|${mtimeMs}|${size}` } : undefined;
  } catch {
    return undefined;
  }
}

function fileOnWindows(path: string): ExecutableFile | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return undefined;
  } catch {
    // There is something, but it cannot be opened.
  }
  // An alias is empty for whatever can look at it; no program is.
  if (!stats || stats.size === 0) return aliasAt(path);
  if (!stats.isFile()) return undefined;
  const real = orUndefined(() => realpathSync.native(path)) ?? path; // Not every driver of a file system can tell it.
  return { real, identity: real.toLowerCase(), stamp: `${real}|${stats.mtimeMs}|${stats.size}` };
}

function aliasAt(path: string): ExecutableFile | undefined {
  const stats = orUndefined(() => lstatSync(path, { throwIfNoEntry: false }));
  if (!stats || stats.isDirectory()) return undefined;
  const alias = appAlias(path, aliasTarget);
  const identity = (alias.kind === 'python' ? alias.package : path).toLowerCase();
  // The Store puts another version behind the same alias: its folder tells.
  return { real: path, identity, stamp: `${path}|${stats.mtimeMs}|${identity}`, alias };
}

const aliasTarget = (path: string): string | undefined => orUndefined(() => readlinkSync(path));

/** @returns whether running the file does no more than to start a Python: no batch file (a shell reads its arguments), no alias that opens the Store. */
export const startsPython = (path: string, { alias }: ExecutableFile, platform: NodeJS.Platform): boolean =>
  platform !== 'win32' || (!isBatchFile(path, platform) && (alias === undefined || alias.kind === 'python'));

/**
 * @returns whether the file starts an interpreter that it chooses anew each time (a pyenv, asdf or mise shim, a
 * wrapper), so that its answer is true for this moment and folder only.
 */
export function isShim(real: string): boolean {
  return !/^(python|pypy|graalpy)/i.test(basename(real)) || readBeginning(real, 2) === '#!';
}

/** @returns whether the executable is that of a venv, which its link leads out of (PEP 405). */
export const isInVenv = (path: string): boolean =>
  orUndefined(() => statSync(join(dirname(dirname(path)), 'pyvenv.cfg'), { throwIfNoEntry: false })) !== undefined;

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
