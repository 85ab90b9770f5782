import './ownEnvironment';
import '../support/cleanMachine';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Skipped } from './comparison';
import { describeMachine, type MachineFacts } from './machine';
import { measureRow, type Result } from './measureRow';
import { measurePeers, type PeersReport } from './peers/measurePeers';
import { commonWork } from './peers/work';
import { reasonOf } from './reasonOf';
import { Rig } from './rig';
import { rows } from './rows';
import { longer, quick, thorough } from './sampling';
import { line, table } from './table';

/** What the page is generated from. */
export interface Report {
  /** Such as "2025-01-31". */
  readonly date: string;
  readonly version: string;
  readonly machine: MachineFacts;
  readonly rows: readonly Result[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
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

async function main(): Promise<void> {
  const isWanted = (name: string) => values.only.length === 0 || values.only.some((part) => name.includes(part));
  const wanted = rows.filter(({ name }) => isWanted(name));
  const work = values.peers ? commonWork.filter(({ name }) => isWanted(`peers-${name}`)) : [];
  if (wanted.length + work.length === 0)
    throw new Error(`There is no such row; there are ${rows.map(({ name }) => name).join(', ')}.`);
  const effort = values.quick ? quick : thorough;
  const rig = await Rig.set(values.dist);
  const results: Result[] = [];
  const skipped = new Map<string, string>();
  try {
    for (const [index, row] of wanted.entries()) {
      const started = performance.now();
      const progress = `[${index + 1}/${wanted.length}] ${row.name}`;
      try {
        const result = await measureRow(row, rig, effort);
        results.push(result);
        say(`${progress}: ${line(result)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      } catch (cause) {
        const why = reasonOf(cause);
        // A row that gives wrong results has no figure; the others still have theirs.
        const reason = cause instanceof Skipped ? why : `it FAILED: ${why}`;
        if (!(cause instanceof Skipped)) process.exitCode = 1;
        skipped.set(row.name, reason);
        say(`${progress}: skipped, since ${reason}`);
      }
    }
    const report: Report = {
      date: new Date().toISOString().slice(0, 10),
      version: values.version,
      machine: await describeMachine(rig),
      rows: results,
      skipped: [...skipped].map(([name, reason]) => ({ name, reason })),
      peers: work.length === 0 ? null : await measurePeers(work, rig, { effort: longer(effort), say }),
    };
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, `${JSON.stringify(report, undefined, 2)}\n`);
    process.stdout.write(table(report));
  } finally {
    await rig.clear();
  }
}

void main().catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
