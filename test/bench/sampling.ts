import type { Measure, Target } from './comparison';

/** What the rounds of one thing took. */
export interface Samples {
  readonly median: number;
  /** The quartiles: half of the rounds lie between them. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/** How often things are measured. */
export interface Effort {
  readonly least: number;
  readonly most: number;
  /** No round is begun after it, once there are the least. */
  readonly milliseconds: number;
}

export const thorough: Effort = { least: 3, most: 40, milliseconds: 6000 };
export const quick: Effort = { least: 0, most: 7, milliseconds: 700 };

/** @returns the same for a dozen things in turn rather than two, of which the first round never counts. */
export const longer = ({ least, most, milliseconds }: Effort): Effort => ({
  least: Math.max(3, least),
  most,
  milliseconds: 4 * milliseconds,
});

/**
 * Measures things in turn, so that whatever else the machine does meets all of them: A B C, C B A, A B C … after a round
 * that does not count, unless there is time for no other.
 */
export async function measureInTurn(measures: readonly Measure[], effort: Effort): Promise<Samples[]> {
  const taken = measures.map((measure) => ({ measure, values: [] as number[] }));
  const started = performance.now();
  const unprepared: number[] = [];
  for (const { measure } of taken) unprepared.push(await measure());
  const first = performance.now() - started;
  const rounds = Math.max(effort.least, Math.min(effort.most, Math.floor(effort.milliseconds / first)));
  for (let round = 0; round < rounds; round++) {
    for (const { measure, values } of round % 2 === 0 ? taken : taken.toReversed()) values.push(await measure());
  }
  return taken.map(({ values }, index) => samplesOf(rounds > 0 ? values : unprepared.slice(index, index + 1)));
}

export function samplesOf(values: readonly number[]): Samples {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75), rounds: sorted.length };
}

/** @returns a quantile, interpolated. */
function at(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const [below = NaN, above = below] = sorted.slice(Math.floor(place), Math.floor(place) + 2);
  return below + (above - below) * (place - Math.floor(place));
}

/** @returns the figure that a target speaks of, from the medians. */
export function figureOf({ kind }: Target, ours: number, other: number | undefined): number {
  switch (kind) {
    case 'times':
      return ours / (other ?? NaN);
    case 'faster':
      return (other ?? NaN) / ours;
    case 'more':
      return ours - (other ?? NaN);
    case 'value':
      return ours;
  }
}

export function isReached({ kind, limit }: Target, figure: number): boolean {
  return kind === 'faster' ? figure >= limit : figure <= limit;
}
