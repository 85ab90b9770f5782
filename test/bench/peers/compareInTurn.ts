import type { Measure } from '../comparison';
import { reasonOf } from '../reasonOf';
import { measureInTurn, type Effort, type Samples } from '../sampling';

/** A server that takes part, or why it cannot. */
export type Contender = { readonly server: string } & ({ readonly measure: Measure } | { readonly failure: string });

/** What one server took for one work: figures where all its answers were right, else the reason for none. */
export type PeerResult = { readonly server: string } & (
  | { readonly samples: Samples; /** Its median, in multiples of ours. */ readonly ratio: number }
  | { readonly failure: string }
);

/** Measures others in turn with ours; one that fails, at any time, has a reason and no figure. @throws where ours fails. */
export async function compareInTurn(
  ours: Measure,
  others: readonly Contender[],
  effort: Effort,
): Promise<{ readonly ours: Samples; readonly peers: readonly PeerResult[] }> {
  const failures = new Map<string, string>();
  const measures = others.map((contender): Measure => {
    if ('failure' in contender) failures.set(contender.server, contender.failure);
    return async () => {
      if ('failure' in contender || failures.has(contender.server)) return NaN;
      return await contender.measure().catch((cause: unknown) => {
        failures.set(contender.server, reasonOf(cause));
        return NaN;
      });
    };
  });
  const [own, ...rest] = await measureInTurn([ours, ...measures], effort);
  if (!own) throw new Error('nothing was measured');
  const peers = others.map(({ server }, index): PeerResult => {
    const samples = rest[index];
    const failure = failures.get(server);
    return samples && failure === undefined
      ? { server, samples, ratio: samples.median / own.median }
      : { server, failure: failure ?? 'it was not measured' };
  });
  return { ours: own, peers };
}
