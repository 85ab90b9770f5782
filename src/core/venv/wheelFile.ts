import { inflateRawSync } from 'node:zlib';
import { readBytes } from '../files/readFiles';

/** A file in a wheel. */
export interface WheelEntry {
  /** Path from site-packages, with `/`. */
  readonly name: string;
  /** Synchronous: inflating a file takes microseconds, less than handing it to a thread. */
  readonly read: () => Buffer;
}

const endOfDirectory = Buffer.from('PK\x05\x06', 'latin1');
const directoryEntry = 0x0201_4b50;
const stored = 0;
const deflated = 8;
/** A wheel of pip has 2 MB. */
const largestWheel = 64 * 1024 * 1024;
/** Of a file in it, unpacked. */
const largestFile = 64 * 1024 * 1024;

/**
 * @returns the files of a wheel, which is a zip file (PEP 427; APPNOTE.TXT for the records). Enough for wheels that
 * come with Python: no zip64, no encryption.
 * @throws Error where the file is no such zip, or names a file outside of it.
 */
export async function readWheel(path: string): Promise<WheelEntry[]> {
  const zip = await readBytes(path, largestWheel);
  if (!zip) throw new Error(`${path} cannot be read`);
  const end = zip.lastIndexOf(endOfDirectory);
  if (end < 0) throw new Error(`${path} is not a zip file`);
  const entries: WheelEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== directoryEntry) throw new Error(`${path} has a damaged directory`);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (/^[/\\]|\\|:|(^|\/)\.\.(\/|$)/.test(name)) throw new Error(`${path} names a file outside of it: ${name}`);
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    // The names' lengths in the local header may differ from those in the directory.
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + size);
    if (!name.endsWith('/')) entries.push({ name, read: () => contentOf(content, method, name) });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function contentOf(content: Buffer, method: number, name: string): Buffer {
  if (method === stored) return content;
  if (method === deflated) return inflateRawSync(content, { maxOutputLength: largestFile });
  throw new Error(`${name} is compressed by an unknown method (${method})`);
}
