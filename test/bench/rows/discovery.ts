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
  limit:
    'every interpreter is started once, as many at a time as there is room for. Ten of them take 150 ms of the processor in all: ' +
    'on two cores no less than 75 ms.',
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

/** A folder without a venv is told of the interpreters by `venv info`, and of none by `venv list`. */
const withAndWithout = async (
  prepared: (work: (server: Connection) => Promise<unknown>) => Promise<Measure>,
): Promise<{ ours: Measure; other: Measure }> => ({
  ours: await prepared(discover),
  other: await prepared(async ({ ask }) => await ask('python.venv', { action: 'list' })),
});

export const discoveryWarm: Row = {
  name: 'discovery-warm',
  title: '`venv info`, which names all interpreters, known already',
  against: '`venv list`, which names none',
  target: atMostMore(5),
  prepare: async (rig) => {
    const server = await rig.serve(await rig.folder(), await emptyCache(rig));
    return await withAndWithout(async (work) => {
      await work(server);
      return timed(async () => await work(server));
    });
  },
};

export const discoveryFirst: Row = {
  name: 'discovery-first',
  title: 'the same as the first call of a server, cached by an earlier one',
  against: '`venv list` as the first call',
  prepare: async (rig) => {
    const folder = await rig.folder();
    const env = await emptyCache(rig);
    return await withAndWithout((work) =>
      Promise.resolve(async () => {
        const server = await rig.serve(folder, env);
        return await timed(async () => await work(server), server.close)();
      }),
    );
  },
};

async function emptyCache(rig: Rig): Promise<Record<string, string>> {
  const folder = await rig.folder();
  return { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
}
