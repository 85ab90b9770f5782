import { join } from 'node:path';
import { atMost, expectEqual, timed, type Row } from '../comparison';
import type { Connection, Rig } from '../rig';
import { copyVenv, packageNames, pythonOf, venvOfHundred } from '../venvs';

const names = ['.venv', ...Array.from({ length: 9 }, (_, index) => `venv-${index}`)];

async function folderOfTen(rig: Rig): Promise<string> {
  const folder = await rig.folder();
  for (const name of names) copyVenv(await rig.shared(venvOfHundred), join(folder, name));
  return folder;
}

/** @returns what takes pip as long as it takes. */
const pipListTen = (rig: Rig, folder: string) =>
  timed(async () => {
    for (const name of names) await rig.run({ command: pythonOf(join(folder, name)), args: ['-m', 'pip', 'list'] });
  });

/** @throws where it does not list them all, each with its packages and pip. */
async function listTen({ ask }: Connection): Promise<void> {
  const { venvs } = await ask('python.venv', { action: 'list' });
  const counts = Array.isArray(venvs) ? venvs.map(({ packages_count }: Record<string, unknown>) => packages_count) : [];
  expectEqual(
    counts,
    names.map(() => packageNames.length + 1),
    'venv list counted',
  );
}

export const venvListCold: Row = {
  name: 'venv-list-cold',
  title: '`venv list`, 10 venvs of 100 packages, as the first call',
  against: '`pip list` ten times',
  target: atMost(50),
  prepare: async (rig) => {
    const folder = await rig.shared(folderOfTen);
    return {
      ours: async () => {
        const server = await rig.serve(folder);
        return await timed(async () => {
          await listTen(server);
        }, server.close)();
      },
      other: pipListTen(rig, folder),
    };
  },
};

export const venvListWarm: Row = {
  name: 'venv-list-warm',
  title: 'the same once more',
  limit:
    'each of the ten is looked at anew, with some 20 looks at the disk: results that were kept would miss a venv that just broke. ' +
    'In a server that has done it 30 times it takes half.',
  against: '`pip list` ten times',
  target: atMost(3),
  prepare: async (rig) => {
    const folder = await rig.shared(folderOfTen);
    const server = await rig.serve(folder);
    const once = timed(async () => {
      await listTen(server);
    });
    return {
      ours: async () => {
        await once();
        return await once();
      },
      other: pipListTen(rig, folder),
    };
  },
};
