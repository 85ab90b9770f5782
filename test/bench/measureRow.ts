import { Skipped, type Row, type Target } from './comparison';
import { measureOf, peers } from './peers';
import type { Rig } from './rig';
import { figureOf, isReached, measureInTurn, type Effort, type Samples } from './sampling';

/** A row with what was measured. */
export interface Result {
  readonly name: string;
  readonly title: string;
  readonly against: string | null;
  readonly unit: 'ms' | 'MB' | 'KB';
  readonly target: Target | null;
  readonly ours: Samples;
  readonly other: Samples | null;
  /** What the target speaks of, from the medians. */
  readonly figure: number | null;
  readonly reached: boolean | null;
  readonly peers: readonly { readonly name: string; readonly samples: Samples }[];
}

/** Tells of a peer that does not take part. */
export type OnSkippedPeer = (peer: string, reason: string) => void;

/** @throws Skipped where this machine cannot do it. */
export async function measureRow(
  row: Row,
  rig: Rig,
  { effort, onSkippedPeer }: { readonly effort: Effort; readonly onSkippedPeer: OnSkippedPeer | undefined },
): Promise<Result> {
  const { name, title, against = null, unit = 'ms', target = null } = row;
  try {
    const { ours, other } = await row.prepare(rig);
    const others = other ? [other] : [];
    const rivals = onSkippedPeer ? await rivalsIn(row, rig, onSkippedPeer) : [];
    const [first, ...rest] = await measureInTurn([ours, ...others, ...rivals.map(({ measure }) => measure)], effort);
    if (!first) throw new Error('nothing was measured');
    const second = other ? (rest[0] ?? null) : null;
    const figure = target && figureOf(target, first.median, second?.median);
    return {
      ...{ name, title, against, unit, target, ours: first, other: second, figure },
      reached: target && figure !== null ? isReached(target, figure) : null,
      peers: rest.slice(others.length).map((samples, index) => ({ name: rivals[index]?.name ?? '', samples })),
    };
  } finally {
    await rig.closeClients();
  }
}

async function rivalsIn({ work }: Row, rig: Rig, onSkippedPeer: OnSkippedPeer) {
  const rivals = [];
  for (const peer of work ? peers : []) {
    try {
      const measure = await measureOf(peer, work ?? 'start', rig);
      if (!measure) continue;
      await measure();
      rivals.push({ name: peer.name, measure });
    } catch (cause) {
      const reason = cause instanceof Skipped ? cause.message : 'it does not start here';
      onSkippedPeer(peer.name, reason);
    }
  }
  return rivals;
}
