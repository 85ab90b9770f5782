import { testPythons } from '../../support/pythons';
import { atMostMore, timed, type Measure, type Row } from '../comparison';
import type { Connection, Rig } from '../rig';
import { samplesOf } from '../sampling';

/** What a folder without a venv can be told of: the interpreters of the machine. */
async function discover({ client }: Connection): Promise<void> {
  const { structuredContent } = await client.callTool({ name: 'python.venv', arguments: { action: 'info' } });
  const found = JSON.stringify(structuredContent).match(/"version":/g)?.length ?? 0;
  if (found < Math.min(testPythons().length, 8)) throw new Error(`${found} interpreters were found`);
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
  title: 'first `venv info`, which names all interpreters, cached by an earlier server',
  against: 'a first `venv list`, which names none',
  target: atMostMore(5),
  prepare: async (rig) => {
    const folder = await rig.folder();
    const env = await emptyCache(rig);
    const first = (work: (server: Connection) => Promise<unknown>) => async () => {
      const server = await rig.serve(folder, env);
      return await timed(async () => await work(server), server.close)();
    };
    return {
      ours: first(discover),
      other: first(async ({ ask }) => await ask('python.venv', { action: 'list' })),
    };
  },
};

async function emptyCache(rig: Rig): Promise<Record<string, string>> {
  const folder = await rig.folder();
  return { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
}
