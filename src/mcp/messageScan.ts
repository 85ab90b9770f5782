/** The longest key or id that is kept, in bytes. */
const longest = 1024;

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c];
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);
const blank = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Finds what an answer needs of a message that is too long to be held or parsed: which members it has, and its id. It
 * keeps a key or an id at a time, however long the message is. Of what is no JSON it finds something or nothing.
 */
export class MessageScan {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #kept: number[] = [];
  #key: string | undefined;
  readonly #keys = new Set<string>();
  #id = 'null';

  /** The id as JSON, as it was written; "null" where there is none that is a string or a number. */
  get id(): string {
    return this.#id;
  }

  /** Whether the message is one that must not be answered: a notification or a response. */
  get isUnanswered(): boolean {
    if (this.#keys.has('method')) return !this.#keys.has('id');
    return this.#keys.has('result') || this.#keys.has('error');
  }

  /** Reads the next bytes of the message. */
  add(bytes: Buffer): this {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#inString && !this.#escaped && !this.#keeps) at = endOfPlain(bytes, at);
      const byte = bytes[at];
      if (byte === undefined) break;
      if (this.#inString) this.#inText(byte);
      else this.#between(byte);
    }
    return this;
  }

  /** Whether the next byte may belong to a key or an id. */
  get #keeps(): boolean {
    return this.#depth === 1 && this.#kept.length <= longest;
  }

  #inText(byte: number): void {
    this.#keep(byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }

  #between(byte: number): void {
    if (blank.has(byte)) return;
    if (opening.has(byte)) this.#depth++;
    else if (this.#depth === 1 && byte === colon) this.#endKey();
    else if (this.#depth === 1 && (byte === comma || closing.has(byte))) this.#endValue();
    else this.#keep(byte);
    if (closing.has(byte)) this.#depth--;
    this.#inString = byte === quote;
  }

  #keep(byte: number): void {
    if (this.#keeps) this.#kept.push(byte);
  }

  #endKey(): void {
    const key = this.#take();
    this.#key = typeof key === 'string' ? key : undefined;
    if (this.#key !== undefined) this.#keys.add(this.#key);
  }

  #endValue(): void {
    const text = Buffer.from(this.#kept).toString();
    const value = this.#take();
    // As with JSON.parse, the last one counts.
    if (this.#key === 'id') this.#id = typeof value === 'string' || typeof value === 'number' ? text : 'null';
    this.#key = undefined;
  }

  /** @returns what the kept bytes say; undefined where that is nothing whole. */
  #take(): unknown {
    const text = Buffer.from(this.#kept).toString();
    const isWhole = this.#kept.length <= longest;
    this.#kept = [];
    try {
      return isWhole ? (JSON.parse(text) as unknown) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** @returns where the next byte is that means something within a string; most of a long message is passed over here. */
function endOfPlain(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote && bytes[at] !== backslash) at++;
  return at;
}
