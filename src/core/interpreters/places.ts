import type { InterpreterSource } from './interpreter';
import { compareVersions, promisedVersion } from './version';

/** A file that is called like a Python; whether it is one, only running it tells. */
export interface Candidate {
  readonly path: string;
  readonly source: InterpreterSource;
}

/** A folder that holds executables. */
export interface Place {
  readonly folder: string;
  readonly source: InterpreterSource;
}

/** @returns the names in a folder; nothing where there is none, or it cannot be read. */
export type ReadFolder = (path: string) => readonly string[];

/** What is looked at while candidates are collected. */
export interface Disk {
  readonly names: ReadFolder;
  /** @returns the text of a small file; undefined where there is none, or it cannot be read. */
  readonly text: (path: string) => string | undefined;
}

/** @returns those of the names that are Python's, the most telling first: python3.12, python3, python. */
export function pythonNames(names: readonly string[], platform: NodeJS.Platform): string[] {
  const pattern = platform === 'win32' ? /^python(3(\.\d+t?)?)?\.exe$/i : /^python(3(\.\d+t?)?)?$/;
  return names
    .filter((name) => pattern.test(name))
    .sort((a, b) => compareVersions(promisedVersion(b) ?? [], promisedVersion(a) ?? []) || b.length - a.length);
}

/** @returns the names of installations, newest version first; hidden ones are a tool's own (uv's .lock, .temp). */
export const newestNames = (names: readonly string[]): string[] =>
  names
    .filter((name) => !name.startsWith('.'))
    .sort((a, b) => compareVersions(promisedVersion(b) ?? [], promisedVersion(a) ?? []));
