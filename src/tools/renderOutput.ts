import { stripVTControlCharacters } from 'node:util';
import { takenByLineFeeds, withLineFeeds } from '../core/lineEnds';
import { keepWhole, type CapturedOutput } from '../core/process/capture';

type Stream = 'stdout' | 'stderr';

/** The two streams as a model sees them, and where the whole of a shortened one is. */
export interface RenderedOutput extends Record<Stream, string> {
  readonly truncated: Partial<Record<Stream, { bytes: number; file: string }>> | undefined;
}

/** Room for the line between head and tail, which is part of what is shown. */
const gapBytes = 256;

/** @returns how many bytes of a budget a text takes. */
type Weigh = (text: string) => number;

/**
 * Shows both streams in at most `budget` bytes together, of UTF-8 unless `weigh` says how else to count them. Each has
 * half; a short one leaves the rest of its share to the long one. A long one is shown as head and tail, cut between
 * lines where there are any.
 */
export async function renderOutput(
  streams: Record<Stream, CapturedOutput>,
  budget: number,
  weigh: Weigh = (text) => Buffer.byteLength(text),
): Promise<RenderedOutput> {
  const [stdout, stderr] = [readable(streams.stdout, weigh), readable(streams.stderr, weigh)];
  const shares = divide(budget, stdout.weight, stderr.weight);
  const [out, err] = [
    await fit(streams.stdout, stdout, 'stdout', shares[0], weigh),
    await fit(streams.stderr, stderr, 'stderr', shares[1], weigh),
  ];
  const truncated = {
    ...(out.file === undefined ? {} : { stdout: { bytes: streams.stdout.bytes, file: out.file } }),
    ...(err.file === undefined ? {} : { stderr: { bytes: streams.stderr.bytes, file: err.file } }),
  };
  return { stdout: out.text, stderr: err.text, truncated: Object.keys(truncated).length > 0 ? truncated : undefined };
}

/** @returns how many bytes each of two texts may take of a budget. */
export function divide(budget: number, first: number, second: number): [number, number] {
  const half = Math.floor(budget / 2);
  if (first <= half) return [first, budget - first];
  if (second <= half) return [budget - second, second];
  return [half, budget - half];
}

interface Readable {
  /** What is in memory, head and tail apart where something between them is not. */
  readonly head: Part;
  readonly tail: Part;
  /** What it would take, shown whole: what is in no memory counts too. */
  readonly weight: number;
}

/** A part of a stream as a model sees it, and with the line ends that the program wrote. */
interface Part {
  readonly text: string;
  readonly written: string;
}

function readable({ bytes, head, tail }: CapturedOutput, weigh: Weigh): Readable {
  const missing = bytes - head.length - tail.length;
  if (missing > 0) {
    // One line end of which a half is left out: it is the end of the line that is cut.
    const written = plain(tail).replace(/^\n/, '');
    return { head: partOf(plain(head)), tail: partOf(written), weight: Number.POSITIVE_INFINITY };
  }
  const part = partOf(plain(Buffer.concat([head, tail])));
  return { head: part, tail: part, weight: weigh(part.text) };
}

const partOf = (written: string): Part => ({ text: withLineFeeds(written), written });

const plain = (bytes: Buffer): string => stripVTControlCharacters(new TextDecoder().decode(bytes));

/**
 * @returns bytes as text without terminal control sequences, `\n` at the end of each line; what is not UTF-8 becomes
 * U+FFFD.
 */
export const clean = (bytes: Buffer): string => withLineFeeds(plain(bytes));

async function fit(
  output: CapturedOutput,
  { head, tail, weight }: Readable,
  stream: Stream,
  share: number,
  weigh: Weigh,
): Promise<{ text: string; file?: string }> {
  if (weight <= share) return { text: head.text };
  const file = await keepWhole(output, stream);
  const room = Math.max(0, share - gapBytes - weigh(file ?? ''));
  const first = cut(startOf, head.text, Math.floor(room / 2), weigh);
  const last = cut(endOf, tail.text, room - weigh(first), weigh);
  const [linesFirst, linesLast] = [lineFeeds(first), lineFeeds(last)];
  const shownBytes = Buffer.byteLength(first) + Buffer.byteLength(last);
  const takenOut =
    takenByLineFeeds(throughLine(head.written, linesFirst)) + takenByLineFeeds(fromLine(tail.written, linesLast));
  const leftOut = Math.max(0, output.bytes - shownBytes - takenOut);
  const lines = Math.max(0, output.lines - linesFirst - linesLast);
  const partly = output.file !== undefined && output.fileBytes < output.bytes;
  const where =
    file === undefined
      ? 'it could not be saved'
      : `${partly ? `the first ${output.fileBytes} bytes are in` : 'all of it is in'} ${file}`;
  const gap = `[… ${leftOut} bytes, ${lines} lines left out; ${where} …]`;
  const text = `${first}${first === '' || first.endsWith('\n') ? '' : '\n'}${gap}\n${last}`;
  return file === undefined ? { text } : { text, file };
}

/** @returns a part of the text that weighs no more than `limit`. */
function cut(part: (text: string, bytes: number) => string, text: string, limit: number, weigh: Weigh): string {
  let bytes = limit;
  for (;;) {
    const candidate = part(text, bytes);
    const weight = weigh(candidate);
    if (weight <= limit) return candidate;
    bytes = Math.floor((Math.min(bytes, Buffer.byteLength(candidate)) * limit) / weight);
  }
}

const lineFeeds = (text: string): number => text.split('\n').length - 1;

/** @returns the text up to its line feed of that number. */
function throughLine(text: string, count: number): string {
  let end = 0;
  for (let line = 0; line < count; line++) end = text.indexOf('\n', end) + 1;
  return text.slice(0, end);
}

/** @returns the text from what ends a line on, such that that number of lines ends in it. */
function fromLine(text: string, count: number): string {
  let start = text.length;
  for (let line = 0; line < count; line++) start = text.lastIndexOf('\n', start - 1);
  while (count > 0 && text[start - 1] === '\r') start--;
  return text.slice(start);
}

/** @returns as much of the start as fits into `limit` bytes, up to the end of a line where one ends in its second half. */
export function startOf(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = Math.max(0, limit);
  while (end > 0 && isContinuation(bytes[end])) end--;
  const lineEnd = bytes.lastIndexOf(10, end - 1) + 1;
  return bytes.toString('utf8', 0, end > 0 && lineEnd > limit / 2 ? lineEnd : end);
}

/** @returns as much of the end as fits into `limit` bytes, from the start of a line where one starts in its first half. */
export function endOf(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let start = bytes.length - Math.max(0, limit);
  while (start < bytes.length && isContinuation(bytes[start])) start++;
  const lineStart = bytes.indexOf(10, start) + 1;
  return bytes.toString('utf8', lineStart > 0 && lineStart < bytes.length - limit / 2 ? lineStart : start);
}

/** UTF-8 (RFC 3629): a byte 10xxxxxx goes on with the character before. */
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
