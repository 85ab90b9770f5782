import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Rig } from './rig';

/** Does the work once. @returns what it took, in the unit of its row. */
export type Measure = () => Promise<number>;

/** What the median of a row shall be: a multiple of the other's, a fraction of it, so much more than it, or a value. */
export interface Target {
  readonly kind: 'times' | 'faster' | 'more' | 'value';
  readonly limit: number;
}

export const atMostTimes = (limit: number): Target => ({ kind: 'times', limit });
export const timesFaster = (limit: number): Target => ({ kind: 'faster', limit });
export const atMostMore = (limit: number): Target => ({ kind: 'more', limit });
export const atMost = (limit: number): Target => ({ kind: 'value', limit });

/** A line of the table. */
export interface Row {
  /** For `--only`. */
  readonly name: string;
  /** Markdown. */
  readonly title: string;
  /** What it is measured against, in turn with it. Markdown. */
  readonly against?: string;
  /** Default: milliseconds. */
  readonly unit?: 'ms' | 'MB' | 'KB';
  /** A row without one is there to be read beside the others. */
  readonly target?: Target;
  /** What keeps it from its target where it misses that, as measurements show. Markdown. */
  readonly limit?: string;
  /** Makes what is measured; what the rig opens, it closes. @throws Skipped. */
  readonly prepare: (rig: Rig) => Promise<{ readonly ours: Measure; readonly other?: Measure }>;
}

/** Why a row or a peer cannot be measured on this machine. */
export class Skipped extends Error {}

/** @returns a measure of the milliseconds that the work takes; `tidy` is not counted. */
export function timed(work: () => Promise<unknown>, tidy: () => Promise<unknown> = () => Promise.resolve()): Measure {
  return async () => {
    const started = performance.now();
    await work();
    const took = performance.now() - started;
    await tidy();
    return took;
  };
}

/** What lies between two calls of an agent at the very least; an interpreter gets ready for the next run meanwhile. */
const thinkingMs = 50;

/** @returns the same, measured after a pause. */
export const afterThinking =
  (measure: Measure): Measure =>
  async () => {
    await pause(thinkingMs);
    return await measure();
  };

/** @throws where something is not what it should be: then there is no figure. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}
