import './ownEnvironment';
import '../support/cleanMachine';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Skipped, type Row } from './comparison';
import { describeMachine, type MachineFacts } from './machine';
import { measureRow, type Result } from './measureRow';
import { measurePeers, type PeersReport } from './peers/measurePeers';
import { commonWork, type Work } from './peers/work';
import { reasonOf } from './reasonOf';
import { Rig } from './rig';
import { rows } from './rows';
import { longer, quick, thorough } from './sampling';
import { line, table } from './table';

/** A row without a figure. */
interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** What the page is generated from. */
export interface Report {
  /** Such as "2025-01-31". */
  readonly date: string;
  readonly version: string;
  readonly machine: MachineFacts;
  readonly rows: readonly Result[];
  readonly skipped: readonly Skip[];
  /** Other MCP servers, with `--peers`. */
  readonly peers: PeersReport | null;
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    dist: { type: 'string', default: 'dist' },
    version: { type: 'string', default: '' },
    out: { type: 'string', default: 'artifacts/bench.json' },
  },
});

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const effort = values.quick ? quick : thorough;
const isWanted = (name: string): boolean => values.only.length === 0 || values.only.some((part) => name.includes(part));

async function main(): Promise<void> {
  const wanted = rows.filter(({ name }) => isWanted(name));
  const work = values.peers ? commonWork.filter(({ name }) => isWanted(`peers-${name}`)) : [];
  if (wanted.length + work.length === 0)
    throw new Error(`There is no such row; there are ${rows.map(({ name }) => name).join(', ')}.`);
  const rig = await Rig.set(values.dist);
  try {
    const skipped: Skip[] = [];
    const report: Report = {
      date: new Date().toISOString().slice(0, 10),
      version: values.version,
      machine: await describeMachine(rig),
      rows: await measureRows(wanted, rig, skipped),
      peers: work.length === 0 ? null : await measureWork(work, rig, skipped),
      skipped,
    };
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, `${JSON.stringify(report, undefined, 2)}\n`);
    process.stdout.write(table(report));
  } finally {
    await rig.clear();
  }
}

async function measureRows(wanted: readonly Row[], rig: Rig, skipped: Skip[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, row] of wanted.entries()) {
    const started = performance.now();
    const progress = `[${index + 1}/${wanted.length}] ${row.name}`;
    try {
      const result = await measureRow(row, rig, effort);
      results.push(result);
      say(`${progress}: ${line(result)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    } catch (cause) {
      // One that gives wrong results has no figure; the others still have theirs.
      say(`${progress}: skipped, since ${skip(row.name, cause, skipped)}`);
    }
  }
  return results;
}

async function measureWork(work: readonly Work[], rig: Rig, skipped: Skip[]): Promise<PeersReport | null> {
  try {
    return await measurePeers(work, rig, { effort: longer(effort), say });
  } catch (cause) {
    say(`other servers: skipped, since ${skip('other servers', cause, skipped)}`);
    return null;
  }
}

/** Keeps why something was not measured; where this machine is not to blame, the benchmarks fail. @returns it. */
function skip(name: string, cause: unknown, skipped: Skip[]): string {
  const possible = !(cause instanceof Skipped);
  const reason = possible ? `it FAILED: ${reasonOf(cause)}` : reasonOf(cause);
  if (possible) process.exitCode = 1;
  skipped.push({ name, reason });
  return reason;
}

void main().catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
