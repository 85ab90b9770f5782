import { closeSync, openSync, readSync } from 'node:fs';

/** The files that are read here hold a path or a version. */
const longest = 4096;

/** @returns the text of a small file, as far as 4 KiB; undefined where there is none, or it cannot be read. */
export function smallTextOf(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(longest);
      return buffer.toString('utf8', 0, readSync(file, buffer)).replace(/^\uFEFF/, '');
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
