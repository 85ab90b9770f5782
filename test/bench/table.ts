import type { Target } from './comparison';
import type { Report } from './main';
import type { Result } from './measureRow';
import type { PeersReport } from './peers/measurePeers';
import type { Samples } from './sampling';

const number = (value: number): string => value.toFixed(value < 1 ? 2 : value < 20 ? 1 : 0);

/** @returns such as "0.7×", "50× faster", "+50 ms", "20 ms". */
function amount({ kind }: Target, value: number, unit: string): string {
  switch (kind) {
    case 'times':
      return `${value.toFixed(2)}×`;
    case 'faster':
      return `${number(value)}× faster`;
    case 'more':
      return `${value < 0 ? '−' : '+'}${number(Math.abs(value))} ${unit}`;
    case 'value':
      return `${number(value)} ${unit}`;
  }
}

const spread = ({ median, low, high, rounds }: Samples): string =>
  `${number(median)} (${number(low)}–${number(high)}, ${rounds})`;

/** @returns a row in one line. */
export function line({ target, figure, reached, ours, other, unit }: Result): string {
  const pair = other ? `${spread(ours)} against ${spread(other)} ${unit}` : `${spread(ours)} ${unit}`;
  if (!target || figure === null) return pair;
  const limit = `${target.kind === 'faster' ? '≥' : '≤'} ${amount(target, target.limit, unit)}`;
  return `${amount(target, figure, unit)}, to reach ${limit}${reached === true ? '' : ' MISSED'}: ${pair}`;
}

/** @returns the whole report, for a terminal. Medians, with quartiles and rounds in parentheses. */
export function table({ rows, skipped, peers }: Report): string {
  const titles = rows.map(({ title, against }) => (against === null ? title : `${title} | ${against}`));
  const width = Math.max(...titles.map(({ length }) => length));
  const lines = rows.map((result, index) => `${titles[index]?.padEnd(width) ?? ''}  ${line(result)}`);
  const reasons = skipped.map(({ name, reason }) => `skipped: ${name}, since ${reason}`);
  return ['', ...lines, ...reasons, ...(peers ? peerLines(peers) : []), ''].join('\n');
}

/** @returns a line for each server and work. */
function peerLines({ servers, work }: PeersReport): string[] {
  const width = Math.max(...servers.map(({ name }) => name.length));
  const lines = work.flatMap(({ title, ours, peers }) => [
    `${title}: ours ${spread(ours)} ms`,
    ...peers.map((peer) => {
      const figure = 'failure' in peer ? peer.failure : `${number(peer.ratio)}× ours, ${spread(peer.samples)} ms`;
      return `  ${peer.server.padEnd(width)}  ${figure}`;
    }),
  ]);
  const failed = servers.filter(({ failure }) => failure !== null);
  return ['', ...lines, ...failed.map(({ name, failure }) => `skipped: ${name}, since ${failure ?? ''}`)];
}
