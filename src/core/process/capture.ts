/** What a stream produced: all of it where it fits in memory, else head, tail and a file with everything. */
export interface CapturedOutput {
  /** Bytes written in total. */
  readonly bytes: number;
  /** Line feeds written in total. */
  readonly lines: number;
  /** The first bytes; everything, where `tail` is empty and `head.length === bytes`. */
  readonly head: Buffer;
  /** The last bytes, disjoint from `head`. */
  readonly tail: Buffer;
  /** The file that holds everything, where head and tail together do not. Removed after a day. */
  readonly file: string | undefined;
}

/** @returns what is in memory as text, bytes that are not UTF-8 as U+FFFD, the gap between head and tail as one line. */
export function textOf({ bytes, head, tail }: CapturedOutput): string {
  const missing = bytes - head.length - tail.length;
  const gap = missing > 0 ? `\n… ${missing} bytes left out …\n` : '';
  return new TextDecoder().decode(head) + gap + new TextDecoder().decode(tail);
}
