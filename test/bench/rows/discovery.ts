import { testPythons } from '../../support/pythons';
import { atMost, atMostMore, timed, type Measure, type Row } from '../comparison';
import type { Connection, Rig } from '../rig';
import { samplesOf } from '../sampling';

/** An interpreter that is nowhere: the answer names all that are there. */
async function discover({ client }: Connection): Promise<void> {
  const call = { name: 'python.venv', arguments: { action: 'create', python: '3.99' } };
  const { structuredContent } = await client.callTool(call);
  if (!JSON.stringify(structuredContent).includes('interpreter_not_found')) throw new Error('3.99 was found');
}

/** @returns the start of the interpreter that takes longest for it. */
async function slowestStart(rig: Rig): Promise<Measure> {
  const starts: { start: Measure; median: number }[] = [];
  for (const { path } of testPythons()) {
    const start = timed(async () => await rig.run({ command: path, args: ['-c', 'pass'] }));
    const taken = [await start(), await start(), await start()];
    starts.push({ start, median: samplesOf(taken).median });
  }
  return starts.sort((a, b) => b.median - a.median)[0]?.start ?? (() => Promise.resolve(NaN));
}

export const discoveryCold: Row = {
  name: 'discovery-cold',
  title: 'discovery of all interpreters, nothing known',
  against: "the slowest interpreter's own start",
  target: atMostMore(50),
  prepare: async (rig) => {
    const folder = await rig.folder();
    return {
      ours: async () => {
        const server = await rig.serve(folder, await emptyCache(rig));
        return await timed(async () => {
          await discover(server);
        }, server.close)();
      },
      other: await slowestStart(rig),
    };
  },
};

export const discoveryWarm: Row = {
  name: 'discovery-warm',
  title: 'discovery of all interpreters, cached by an earlier server',
  target: atMost(5),
  prepare: async (rig) => {
    const folder = await rig.folder();
    const env = await emptyCache(rig);
    return {
      ours: async () => {
        const server = await rig.serve(folder, env);
        return await timed(async () => {
          await discover(server);
        }, server.close)();
      },
    };
  },
};

async function emptyCache(rig: Rig): Promise<Record<string, string>> {
  const folder = await rig.folder();
  return { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
}
