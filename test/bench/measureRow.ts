import type { Row, Target } from './comparison';
import type { Rig } from './rig';
import { figureOf, isReached, measureInTurn, type Effort, type Samples } from './sampling';

/** A row with what was measured. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly against: string | null;
  readonly unit: 'ms' | 'MB' | 'KB';
  readonly target: Target | null;
  readonly limit: string | null;
  readonly ours: Samples;
  readonly other: Samples | null;
  /** What the target speaks of, from the medians. */
  readonly figure: number | null;
  readonly reached: boolean | null;
}

/** @throws Skipped where this machine cannot do it. */
export async function measureRow(row: Row, rig: Rig, effort: Effort): Promise<Result> {
  const { name, title, against = null, unit = 'ms', target = null, limit = null } = row;
  try {
    const { ours, other } = await row.prepare(rig);
    const [first, second = null] = await measureInTurn(other ? [ours, other] : [ours], effort);
    if (!first) throw new Error('nothing was measured');
    const figure = target && figureOf(target, first.median, second?.median);
    return {
      ...{ name, title, against, unit, target, limit, ours: first, other: second, figure },
      reached: target && figure !== null ? isReached(target, figure) : null,
    };
  } finally {
    await rig.close();
  }
}
