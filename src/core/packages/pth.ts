import { join, resolve } from 'node:path';
import type { FileStamps } from '../files/fileStamps';

/**
 * @param folder a site-packages folder.
 * @param names the names in it.
 * @returns the folders that its .pth files add to `sys.path`, absolute, in order, whether they exist or not. Lines that
 * are code are passed over: what they do (import hooks for editable projects) adds no distribution.
 */
export function foldersFromPth(folder: string, names: readonly string[], stamps: FileStamps): string[] {
  // Python's `site` module passes over hidden ones.
  const files = names.filter((name) => name.endsWith('.pth') && !name.startsWith('.')).sort();
  return files.flatMap((name) =>
    (stamps.readText(join(folder, name)) ?? '')
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\r|\n/)
      .filter((line) => line.trim() !== '' && !/^(#|import[ \t])/.test(line))
      .map((line) => resolve(folder, line.trimEnd())),
  );
}
