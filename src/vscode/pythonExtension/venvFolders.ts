import { basename, dirname, isAbsolute } from 'node:path';

/**
 * @param paths of an interpreter or of an environment's folder, as the Python extensions name them.
 * @returns the folders that may be the venv. No link is followed: a venv's python is often one to its base.
 */
export function venvFolders(paths: readonly string[]): string[] {
  const folders = paths
    .filter((path) => isAbsolute(path))
    .flatMap((path) => (/^(bin|Scripts)$/i.test(basename(dirname(path))) ? [path, dirname(dirname(path))] : [path]));
  return [...new Set(folders)];
}
