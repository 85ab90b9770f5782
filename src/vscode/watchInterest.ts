import { basename, dirname } from 'node:path';
import { conventionalNames } from '../core/venv/detectVenvs';
import { isProjectFile } from './pythonProject';

/** The places of a folder at which something about its environments shows. Absolute. */
export interface WatchedPaths {
  readonly root: string;
  readonly venvs: readonly string[];
  /** The site-packages folders of the active venv. */
  readonly libraries: readonly string[];
  /** Where all servers of the user remember which venv was selected. */
  readonly selections: string;
}

/**
 * What a changed path can mean: a venv that is another now; packages that come and go; a file by which the folder is a
 * Python project; something else directly in the folder, which may become a venv.
 */
export type Interest = 'venv' | 'packages' | 'projectFile' | 'child';

/** @returns what a changed path can mean for the environments of a folder; undefined for nothing. */
export function interestIn(path: string, { root, venvs, libraries, selections }: WatchedPaths): Interest | undefined {
  const name = basename(path);
  const parent = dirname(path);
  if (libraries.includes(path) || venvs.includes(path) || parent === selections) return 'venv';
  // Python writes its cache beside modules that it imports.
  if (libraries.includes(parent)) return name === '__pycache__' ? undefined : 'packages';
  if (parent === root) {
    if (conventionalNames.some((conventional) => conventional === name)) return 'venv';
    return isProjectFile(name) ? 'projectFile' : 'child';
  }
  if (name === 'pyvenv.cfg') return dirname(parent) === root || venvs.includes(parent) ? 'venv' : undefined;
  if (venvs.includes(parent)) return /^(bin|Scripts|lib)$/i.test(name) ? 'venv' : undefined;
  if (venvs.includes(dirname(parent))) {
    const within = basename(parent);
    if (/^(bin|Scripts)$/i.test(within)) return /^(python|pypy)[\d.]*(\.exe)?$/i.test(name) ? 'venv' : undefined;
    if (/^lib$/i.test(within)) return /^(python|pypy)[\d.]+t?$|^site-packages$/i.test(name) ? 'venv' : undefined;
  }
  return undefined;
}
