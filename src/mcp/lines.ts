const lineFeed = 0x0a;

/** Receives the parts of a line that is too long to be held, one after the other. */
export interface LongLine {
  readonly add: (bytes: Buffer) => void;
  readonly end: () => void;
}

/** What becomes of the lines of a stream, without their line feeds. */
export interface LineHandlers {
  readonly line: (line: Buffer) => void;
  /** Called for a line that is longer than the limit. */
  readonly long: () => LongLine;
}

/** Takes a stream of bytes apart into lines. It holds a line up to a limit, in bytes; a longer one is handed on in parts. */
export class BoundedLines {
  readonly #limit: number;
  readonly #handlers: LineHandlers;
  #held = Buffer.alloc(0);
  #length = 0;
  #long: LongLine | undefined;

  constructor(limit: number, handlers: LineHandlers) {
    this.#limit = limit;
    this.#handlers = handlers;
  }

  add(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.#end(chunk.subarray(from, end));
      from = end + 1;
    }
    this.#hold(chunk.subarray(from));
  }

  #end(part: Buffer): void {
    // A line that came in one piece is not copied.
    if (this.#length === 0 && !this.#long && part.length <= this.#limit) {
      this.#handlers.line(part);
      return;
    }
    this.#hold(part);
    const [line, long] = [this.#held.subarray(0, this.#length), this.#long];
    this.#forget();
    this.#long = undefined;
    if (long) long.end();
    else this.#handlers.line(line);
  }

  #hold(part: Buffer): void {
    const length = this.#length + part.length;
    if (!this.#long && length > this.#limit) {
      this.#long = this.#handlers.long();
      this.#long.add(this.#held.subarray(0, this.#length));
      this.#forget();
    }
    if (this.#long) {
      this.#long.add(part);
      return;
    }
    if (length > this.#held.length) {
      const held = Buffer.allocUnsafe(Math.max(length, 2 * this.#held.length));
      this.#held.copy(held, 0, 0, this.#length);
      this.#held = held;
    }
    part.copy(this.#held, this.#length);
    this.#length = length;
  }

  #forget(): void {
    this.#held = Buffer.alloc(0);
    this.#length = 0;
  }
}
