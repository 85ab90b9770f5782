import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { withLineFeeds } from '../lineEnds';
import { openSpillFile, saveText } from './spillFile';

/** What a stream produced: all of it where it fits in memory, else head, tail and a file with everything. */
export interface CapturedOutput {
  /** Bytes written in total. */
  readonly bytes: number;
  /** Line feeds written in total. */
  readonly lines: number;
  /** The first bytes. */
  readonly head: Buffer;
  /** The last bytes, disjoint from `head`. */
  readonly tail: Buffer;
  /** The file that holds everything, where head and tail together do not. Removed after a day. */
  readonly file: string | undefined;
  /** Bytes in that file: fewer than `bytes` where the disk was full or the file's own bound was reached. */
  readonly fileBytes: number;
}

/** More than any door shows of a stream, so that what is shown never has to be read back from the file. */
const headLimit = 64 * 1024;
const tailLimit = 64 * 1024;
/** A program that prints without end must not fill the disk. */
const fileLimit = 4 * 1024 ** 3;

/**
 * Takes a stream's chunks: the first 64 KiB and the last 64 KiB stay in memory; where that is not all, everything goes
 * to a spill file too. Memory is bounded whatever is written.
 */
export class OutputCapture {
  readonly #stream: 'stdout' | 'stderr';
  /** Whether what does not fit in memory goes to a file. */
  #spill: boolean;
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #bytes = 0;
  #lines = 0;
  #path: string | undefined;
  #file: WriteStream | undefined;
  #fileBytes = 0;

  constructor(stream: 'stdout' | 'stderr', spill: boolean) {
    this.#stream = stream;
    this.#spill = spill;
  }

  /** Bytes taken until now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns a promise to wait for before the next chunk where the file cannot keep up, else undefined. */
  write(chunk: Buffer): Promise<unknown> | undefined {
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) this.#lines++;
    const beyondMemory = this.#bytes > headLimit + tailLimit;
    if (beyondMemory && this.#spill && this.#path === undefined) this.#openFile();
    const waiting = this.#file && this.#append(this.#file, chunk);
    this.#remember(chunk);
    return waiting;
  }

  /** @returns what was captured, once the file is complete. */
  async finish(): Promise<CapturedOutput> {
    const file = this.#file;
    if (file && !file.errored) {
      file.end();
      await once(file, 'close').catch(() => undefined);
    }
    return {
      bytes: this.#bytes,
      lines: this.#lines,
      head: Buffer.concat(this.#head),
      tail: Buffer.concat(this.#tail).subarray(-tailLimit),
      // A program can find the folder, and take it away before the file is made: a file that holds nothing is none.
      file: this.#fileBytes > 0 ? this.#path : undefined,
      fileBytes: this.#fileBytes,
    };
  }

  #remember(chunk: Buffer): void {
    const toHead = chunk.subarray(0, Math.max(0, headLimit - this.#headBytes));
    if (toHead.length > 0) {
      this.#head.push(toHead);
      this.#headBytes += toHead.length;
    }
    const toTail = chunk.subarray(toHead.length);
    if (toTail.length === 0) return;
    this.#tail.push(toTail);
    this.#tailBytes += toTail.length;
    for (let first = this.#tail[0]; first && this.#tailBytes - first.length >= tailLimit; first = this.#tail[0]) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
    // A program that writes a byte at a time would otherwise keep a Buffer object for each.
    if (this.#tail.length > 1024) this.#tail = [Buffer.concat(this.#tail)];
    if (this.#head.length > 1024) this.#head = [Buffer.concat(this.#head)];
  }

  #openFile(): void {
    let file: WriteStream;
    try {
      ({ path: this.#path, file } = openSpillFile(this.#stream));
    } catch {
      this.#spill = false; // There is no place for it: what is in memory is returned.
      return;
    }
    // A full disk ends the file, not the run: what is in memory is still returned, and fileBytes tells.
    file.on('error', () => (this.#file = undefined));
    this.#file = file;
    for (const chunk of [...this.#head, ...this.#tail]) void this.#append(file, chunk);
  }

  #append(file: WriteStream, chunk: Buffer): Promise<unknown> | undefined {
    const part = chunk.subarray(0, Math.max(0, fileLimit - this.#fileBytes));
    if (part.length === 0) return undefined;
    const flowing = file.write(part, (error) => {
      if (!error) this.#fileBytes += part.length;
    });
    return flowing ? undefined : once(file, 'drain').catch(() => undefined);
  }
}

/** @returns the file that holds the output: the spill file, or one written now from memory; undefined where none can be. */
export async function keepWhole(output: CapturedOutput, stream: 'stdout' | 'stderr'): Promise<string | undefined> {
  const { file, bytes, head, tail } = output;
  if (file !== undefined) return file;
  return head.length + tail.length === bytes ? await saveText(Buffer.concat([head, tail]), stream) : undefined;
}

/**
 * @returns what is in memory as text with `\n` at the end of each line, bytes that are not UTF-8 as U+FFFD, the gap
 * between head and tail as one line.
 */
export function textOf({ bytes, head, tail }: CapturedOutput): string {
  const missing = bytes - head.length - tail.length;
  if (missing <= 0) return decoded(Buffer.concat([head, tail]));
  return `${decoded(head)}\n… ${missing} bytes left out …\n${decoded(tail)}`;
}

const decoded = (bytes: Buffer): string => withLineFeeds(new TextDecoder().decode(bytes));
