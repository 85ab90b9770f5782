import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { opendir, readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** @returns the file's text, bytes that are not UTF-8 as U+FFFD, or undefined where it cannot be read. */
export const readText = async (path: string): Promise<string | undefined> =>
  await readFile(path, 'utf8').catch(() => undefined);

/** @returns the names in the folder, in the order of the file system as `os.listdir` has it; none where it is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) names.push(entry.name);
  } catch {
    // Missing, not a folder, or not permitted: nothing is found there, and Python finds nothing there either.
  }
  return names;
}

// A way through the thread pool costs several times the reading of a small file, and here hundreds are read: they are
// read synchronously, by loops that pause (below) before anyone notices.

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

/** Longer than this no loop keeps everything else waiting. */
const sliceMs = 3;

/** @returns a function for loops to await: it lets everything else run whenever the loop has had its share of time. */
export function pauses(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < sliceMs) return;
    await setImmediate();
    since = performance.now();
  };
}
