import { join } from 'node:path';
import { atMost, atMostTimes, expectEqual, Skipped, timed, type Row } from '../comparison';
import type { Rig } from '../rig';
import { copyVenv, libraryOf, packageNames, venvOfHundred, writeFiles } from '../venvs';

async function folderOfTenThousand(rig: Rig): Promise<string> {
  const folder = await rig.folder();
  const venv = copyVenv(await rig.shared(venvOfHundred), join(folder, '.venv'));
  await writeFiles(join(libraryOf(venv, rig), 'bench_data'), 7000); // pip and the packages are 3,000.
  return folder;
}

export const venvInfo: Row = {
  name: 'venv-info',
  title: '`venv info`, 100 packages, 10,000 files',
  against: '`du -s`',
  target: atMostTimes(3),
  prepare: async (rig) => {
    if (process.platform === 'win32') throw new Skipped('Windows has no du');
    const folder = await rig.shared(folderOfTenThousand);
    const { ask } = await rig.serve(folder);
    return {
      ours: timed(async () => {
        const { packages_count, size_mb } = await ask('python.venv', { action: 'info' });
        expectEqual(packages_count, packageNames.length + 1, 'venv info counted');
        if (typeof size_mb !== 'number') throw new Error('venv info told no size');
      }),
      other: timed(async () => await rig.run({ command: 'du', args: ['-s', join(folder, '.venv')] })),
    };
  },
};

export const eventLoop: Row = {
  name: 'event-loop',
  title: 'longest wait of a ping during `venv info`',
  against: 'a ping of an idle server',
  target: atMost(10),
  prepare: async (rig) => {
    const { ask, client } = await rig.serve(await rig.shared(folderOfTenThousand));
    const ping = timed(async () => await client.ping());
    return {
      ours: async () => {
        let working = true;
        const info = ask('python.venv', { action: 'info' }).finally(() => {
          working = false;
        });
        let longest = 0;
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the call above ends it
        while (working) longest = Math.max(longest, await ping());
        await info;
        return longest;
      },
      other: ping,
    };
  },
};
