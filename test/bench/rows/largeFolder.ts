import { join } from 'node:path';
import { FolderWatcher } from '../../../src/vscode/folderWatcher';
import { openWorkspace } from '../../support/testFolders';
import { atMostTimes, expectEqual, timed, type Measure, type Row } from '../comparison';
import type { Rig } from '../rig';
import { copyVenv, venvWithPip, writeFiles } from '../venvs';
import { startToTools } from './start';

async function almostEmptyFolder(rig: Rig): Promise<string> {
  const folder = await rig.folder();
  copyVenv(await rig.shared(venvWithPip), join(folder, '.venv'));
  return folder;
}

async function largeFolder(rig: Rig): Promise<string> {
  const folder = await almostEmptyFolder(rig);
  await writeFiles(folder, 100_000);
  return folder;
}

/** The same in a folder with 100,000 files and in one that holds only a venv. */
function sameInBoth(
  name: string,
  title: string,
  measureIn: (rig: Rig, folder: string) => Promise<Measure>,
  limit = 'each child folder is looked at, since it may be a venv.',
): Row {
  return {
    limit,
    name: `large-${name}`,
    title: `folder with 100,000 files: ${title}`,
    against: 'an empty folder',
    target: atMostTimes(1.2),
    prepare: async (rig) => ({
      ours: await measureIn(rig, await rig.shared(largeFolder)),
      other: await measureIn(rig, await rig.shared(almostEmptyFolder)),
    }),
  };
}

export const largeStart = sameInBoth('start', 'server start to `tools/list`', (rig, folder) =>
  Promise.resolve(startToTools(rig, rig.server(folder))),
);

export const largeWatcher = sameInBoth(
  'watcher',
  'set-up of the watcher',
  (_rig, root) => {
    const [folder] = openWorkspace([root]).folders;
    if (!folder) throw new Error('the folder is not open');
    return Promise.resolve(async () => {
      const started = performance.now();
      const watcher = new FolderWatcher({ folder, isBusy: () => false, onError: () => undefined });
      await watcher.look({ tell: false });
      const took = performance.now() - started;
      watcher.dispose();
      return took;
    });
  },
  'a venv may appear in any child folder: each of the first 100 is watched, at 0.03 ms apiece. How many files there are makes no difference.',
);

export const largeVenvList = sameInBoth('venv-list', '`venv list`', async (rig, folder) => {
  const { ask } = await rig.serve(folder);
  return timed(async () => {
    expectEqual((await ask('python.venv', { action: 'list' }))['count'], 1, 'venvs listed');
  });
});
