import { closeSync, existsSync, opendirSync, openSync, readFileSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** @returns the file's text, bytes that are not UTF-8 as U+FFFD, or undefined where it cannot be read. */
export const readText = async (path: string): Promise<string | undefined> =>
  await readFile(path, 'utf8').catch(() => undefined);

// A way through the thread pool costs several times the reading of a small file, and here hundreds are read: they are
// read synchronously, by loops that take turns (`takingTurns`) with everything else.

/** @returns the names in the folder, in the order of the file system as `os.listdir` has it; none where it is no folder. */
export function namesIn(folder: string): string[] {
  const names: string[] = [];
  try {
    // `readdirSync` sorts.
    const entries = opendirSync(folder, { bufferSize: 1024 });
    try {
      for (let entry = entries.readSync(); entry; entry = entries.readSync()) names.push(entry.name);
    } finally {
      entries.closeSync();
    }
  } catch {
    // Missing, not a folder, or not permitted: nothing is found there, and Python finds nothing there either.
  }
  return names;
}

/** As `readText`, at once. */
export function readSmallText(path: string): string | undefined {
  if (!existsSync(path)) return undefined; // Far cheaper than an exception.
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** @returns the first bytes of the file as text, at once, or undefined where it cannot be read. */
export function readBeginning(path: string, bytes: number): string | undefined {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const buffer = Buffer.allocUnsafe(bytes);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, bytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
