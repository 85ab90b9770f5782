import { closeSync, constants, existsSync, fstatSync, opendirSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** The most that is read of a file which somebody else wrote, in bytes: configuration, metadata, a script. */
export const largestText = 16 * 1024 * 1024;

// A FIFO waits for a writer while it is opened, a device never ends, and a sparse file of 5 GB takes a moment to make: a
// file is opened without waiting, and read only where it is a regular one of a bounded size.
// Windows has neither the flag nor the FIFOs.
const withoutWaiting = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** @returns the file's bytes; undefined where it is missing, no regular file, larger than `limit` or not permitted. */
export async function readBytes(path: string, limit = largestText): Promise<Buffer | undefined> {
  try {
    const file = await open(path, withoutWaiting);
    try {
      const facts = await file.stat();
      if (!facts.isFile() || facts.size > limit) return undefined;
      // What grows meanwhile, and the files of /proc, whose size is 0.
      const buffer = Buffer.alloc(Math.max(facts.size, 4096) + 1);
      let length = 0;
      const parts: Buffer[] = [];
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return Buffer.concat(parts, length);
        length += bytesRead;
        if (length > limit) return undefined;
        parts.push(Buffer.from(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** As `readBytes`. @returns the file's text, bytes that are not UTF-8 as U+FFFD. */
export const readText = async (path: string, limit = largestText): Promise<string | undefined> =>
  (await readBytes(path, limit))?.toString('utf8');

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
export function readSmallText(path: string, limit = largestText): string | undefined {
  if (!existsSync(path)) return undefined; // Far cheaper than an exception.
  return withFile(path, (descriptor) => {
    const facts = fstatSync(descriptor);
    if (!facts.isFile() || facts.size > limit) return undefined;
    return bytesFrom(descriptor, Math.max(facts.size, 1) + 1, limit)?.toString('utf8');
  });
}

/** @returns the first bytes of the file as text, at once, or undefined where it is no regular file that can be read. */
export const readBeginning = (path: string, bytes: number): string | undefined =>
  withFile(path, (descriptor) => {
    if (!fstatSync(descriptor).isFile()) return undefined;
    const buffer = Buffer.allocUnsafe(bytes);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, bytes, 0));
  });

function bytesFrom(descriptor: number, expected: number, limit: number): Buffer | undefined {
  let buffer = Buffer.allocUnsafe(expected);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length > limit) return undefined;
    if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
  }
}

function withFile<T>(path: string, use: (descriptor: number) => T): T | undefined {
  try {
    const descriptor = openSync(path, withoutWaiting);
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
