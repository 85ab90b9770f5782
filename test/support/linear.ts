import { cpuUsage } from 'node:process';

/** What meets a text, and the beginnings that bring a pumped text where the work is. */
export interface Parser {
  readonly run: (text: string) => unknown;
  readonly beginnings?: readonly string[];
  /** Words of this parser's own that are pumped beside those of all. */
  readonly words?: readonly string[];
  /** Where not the text but its length makes the work: what is pumped in place of all. */
  readonly only?: readonly string[];
}

/** Each is repeated until the text has its size. */
export const pumps: readonly string[] = [
  ...[' ', '\t', '\n', '\r', '\r\n', '\n ', '\u2028', '\0'],
  ...['a', '0', 'a ', 'a.', '0.', '-', '---', '.', '/', 'a/', '\\', '\\\n'],
  ...['"', "'", '`', '"a', "'a'", '[', ']', '[[[', '(', ')', '{', '{"a":', '<'],
  ...['@', 'a@', ':', '://', 'https://a:', '%', '%40', '?a=&', '#', ' #'],
  ...[',', ', ', ';', '=', 'a=', '>=1,', '*', '\u001b[', '\u001b]0;a', '\ud83d', '…'],
];

/** Real patterns end; this makes them begin anew. */
const ending = '\u0000!\n';

/** Below it a measurement says nothing, in ms. */
const floor = 20;
/** What takes less for 100 KB, in ms, has no square in it that matters: 1 MB is not measured. */
const nothing = 2;
/** The most that ten times as much text may take, in multiples. */
const mostGrowth = 15;
const sizes = [10_000, 100_000, 1_000_000] as const;

/** @returns the time of the processor, in ms, the least of a few runs: what else the machine does is not counted. */
async function timeOf(run: () => unknown, enough: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3 && least > enough; times++) {
    const before = cpuUsage();
    await run();
    const { user, system } = cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** @returns how much longer ten times the text takes where that is too much; undefined where it is not. Stops early. */
async function excess(run: Parser['run'], textOf: (size: number) => string): Promise<string | undefined> {
  let before = floor;
  for (const size of sizes) {
    const text = textOf(size);
    const allowed = Math.max(before, floor) * mostGrowth;
    const time = await timeOf(() => run(text), allowed);
    if (size === sizes[1] && time < nothing) return undefined;
    if (time > allowed) return `${size} characters take ${Math.round(time)} ms, a tenth ${Math.round(before)} ms`;
    before = time;
  }
  return undefined;
}

/** @returns what takes too long: with which text, and how long; measured again before it is believed. */
export async function superlinear({ run, beginnings = [], words = [], only = pumps }: Parser): Promise<string[]> {
  const found: string[] = [];
  const quietly = async (text: string): Promise<void> => {
    try {
      await run(text);
    } catch {
      // To refuse a text is as good as to take it.
    }
  };
  for (const beginning of ['', ...beginnings]) {
    for (const pump of [...only, ...words, [...only, ...words].join('')]) {
      const textOf = (size: number): string => beginning + pump.repeat(Math.ceil(size / pump.length)) + ending;
      const first = await excess(quietly, textOf);
      const again = first && (await excess(quietly, textOf)) && (await excess(quietly, textOf));
      if (again) found.push(`${JSON.stringify(beginning)} + ${JSON.stringify(pump)} × n: ${again}`);
    }
  }
  return found;
}
