import {
  closeSync,
  constants,
  type Dirent,
  existsSync,
  fstatSync,
  opendirSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { codeOf, isMissing } from './systemErrors';

/** The most that is read of a file which somebody else wrote, in bytes, unless its kind has a limit of its own. */
export const largestText = 16 * 1024 * 1024;

/** The most names that are taken of a folder: some hundred times what a large site-packages has. */
export const mostNames = 200_000;

// A FIFO waits for a writer while it is opened, a device never ends, and a sparse file of 5 GB takes a moment to make: a
// file is opened without waiting, and read only where it is a regular one of a bounded size.
// Windows has neither the flags nor the FIFOs.
const withoutWaiting =
  constants.O_RDONLY |
  ((constants.O_NONBLOCK as number | undefined) ?? 0) |
  ((constants.O_NOCTTY as number | undefined) ?? 0);

/** Why a file was not read; `code` is the system's where it is neither of the others. */
export type WhyUnread =
  | { readonly kind: 'missing' }
  | { readonly kind: 'folder' }
  /** A FIFO, a socket or a device; /dev/null is how people say that a file is to be empty. */
  | { readonly kind: 'irregular'; readonly isNull: boolean }
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What became of the reading of a file. */
export type Reading = { readonly bytes: Buffer } | { readonly unread: WhyUnread };

/** @returns the file's bytes, or why they were not read: it has to be a regular file of no more than `limit` bytes. Never throws. */
export async function attemptReading(path: string, limit = largestText): Promise<Reading> {
  try {
    const file = await open(path, withoutWaiting);
    try {
      const facts = await file.stat();
      const unread = whyUnread(facts, limit);
      if (unread) return { unread };
      // What grows meanwhile, and the files of /proc, whose size is 0.
      const buffer = Buffer.allocUnsafe(Math.max(facts.size, 4096) + 1);
      let length = 0;
      const parts: Buffer[] = [];
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) return { bytes: Buffer.concat(parts, length) };
        length += bytesRead;
        if (length > limit) return { unread: { kind: 'too-large', limit } };
        parts.push(Buffer.from(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    return { unread: whyFailed(error) };
  }
}

/** @returns the file's bytes; undefined where it is missing, no regular file, larger than `limit` or not permitted. */
export async function readBytes(path: string, limit = largestText): Promise<Buffer | undefined> {
  const reading = await attemptReading(path, limit);
  return 'bytes' in reading ? reading.bytes : undefined;
}

/** As `readBytes`. @returns the file's text, bytes that are not UTF-8 as U+FFFD. */
export const readText = async (path: string, limit = largestText): Promise<string | undefined> =>
  (await readBytes(path, limit))?.toString('utf8');

/**
 * @returns whether there is something that another program would wait for, or be busy with, when it reads it: neither a
 * regular file nor a folder, or larger than `limit` bytes.
 */
export const wouldHold = async (path: string, limit = Number.POSITIVE_INFINITY): Promise<boolean> =>
  await stat(path).then(
    (facts) => holds(whyUnread(facts, limit)),
    () => false,
  );

// A way through the thread pool costs several times the reading of a small file, and here hundreds are read: they are
// read synchronously, by loops that take turns (`takingTurns`) with everything else. No such read waits: what is opened
// is a regular file, and of that no more than the limit is read.

/**
 * @returns the names in the folder, at most `most`, in the order of the file system as `os.listdir` has it; none where it is
 * no folder.
 */
export function namesIn(folder: string, most = mostNames): string[] {
  const names: string[] = [];
  forEntries(folder, most, ({ name }) => names.push(name));
  return names;
}

/** As `namesIn`. @returns what is in the folder, with what kind of entry each is. */
export function entriesIn(folder: string, most = mostNames): Dirent[] {
  const found: Dirent[] = [];
  forEntries(folder, most, (entry) => found.push(entry));
  return found;
}

function forEntries(folder: string, most: number, use: (entry: Dirent) => void): void {
  try {
    // `readdirSync` sorts, and reads to the end.
    const entries = opendirSync(folder, { bufferSize: 1024 });
    try {
      let count = 0;
      for (let entry = entries.readSync(); entry && count < most; entry = entries.readSync(), count++) use(entry);
    } finally {
      entries.closeSync();
    }
  } catch {
    // Missing, not a folder, or not permitted: nothing is found there, and Python finds nothing there either.
  }
}

/** As `readText`, at once. */
export function readSmallText(path: string, limit = largestText): string | undefined {
  const reading = attemptReadingAtOnce(path, limit);
  return 'bytes' in reading ? reading.bytes.toString('utf8') : undefined;
}

/** As `attemptReading`, at once. */
export function attemptReadingAtOnce(path: string, limit = largestText): Reading {
  if (!existsSync(path)) return { unread: { kind: 'missing' } }; // Far cheaper than an exception.
  try {
    return withFile(path, (descriptor) => {
      const facts = fstatSync(descriptor);
      const unread = whyUnread(facts, limit);
      if (unread) return { unread };
      const bytes = bytesFrom(descriptor, Math.max(facts.size, 1) + 1, limit);
      return bytes ? { bytes } : { unread: { kind: 'too-large', limit } };
    });
  } catch (error) {
    return { unread: whyFailed(error) };
  }
}

/**
 * @returns the file's first bytes, at most `most`, at once and however large it is; undefined where it is no regular file that
 * can be read.
 */
export function firstBytes(path: string, most: number): Buffer | undefined {
  try {
    return withFile(path, (descriptor) => {
      const facts = fstatSync(descriptor);
      if (!facts.isFile()) return undefined;
      // A file may be far smaller than what is asked for; those of /proc have no size.
      const length = facts.size > 0 ? Math.min(most, facts.size) : most;
      const buffer = Buffer.allocUnsafe(length);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, 0));
    });
  } catch {
    return undefined;
  }
}

/** As `firstBytes`. @returns them as text, bytes that are not UTF-8 as U+FFFD. */
export const readBeginning = (path: string, most: number): string | undefined =>
  firstBytes(path, most)?.toString('utf8');

/** @returns why a file was not read, as in "pyvenv.cfg: it is not a regular file". */
export function reasonOf(unread: WhyUnread): string {
  switch (unread.kind) {
    case 'missing':
      return 'it is missing';
    case 'folder':
      return 'it is a folder';
    case 'irregular':
      return 'it is not a regular file';
    case 'too-large':
      return `it is larger than ${sizeText(unread.limit)}`;
    case 'failed':
      return 'it cannot be read';
  }
}

/** @returns a size in whole KB or MB, as limits have it. */
export const sizeText = (bytes: number): string =>
  bytes >= 1024 ** 2 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${Math.round(bytes / 1024)} KB`;

function whyUnread(facts: Stats, limit: number): WhyUnread | undefined {
  if (facts.isDirectory()) return { kind: 'folder' };
  if (!facts.isFile()) return { kind: 'irregular', isNull: isNullDevice(facts) };
  return facts.size > limit ? { kind: 'too-large', limit } : undefined;
}

/** @returns whether a file was not read for what would make another program wait, or busy, too. */
export const holds = (unread: WhyUnread | undefined): boolean =>
  unread?.kind === 'too-large' || (unread?.kind === 'irregular' && !unread.isNull);

/** @returns whether it is /dev/null. */
export const isNullDevice = (facts: Stats): boolean =>
  facts.isCharacterDevice() && facts.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;

function whyFailed(error: unknown): WhyUnread {
  if (isMissing(error)) return { kind: 'missing' };
  switch (codeOf(error) ?? '') {
    case 'EISDIR': // Windows opens no folder.
      return { kind: 'folder' };
    case 'ENXIO': // A socket cannot be opened, nor a device whose driver is not there.
    case 'ENODEV':
      return { kind: 'irregular', isNull: false };
    default:
      return { kind: 'failed', error };
  }
}

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

function withFile<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, withoutWaiting);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
