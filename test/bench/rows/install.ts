import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSimpleIndex } from '../../support/wheels';
import { atMostMore, atMostTimes, timed, type Measure, type Row } from '../comparison';
import type { Rig } from '../rig';
import { copyVenv, libraryOf, pythonOf, removePackages, venvWithPip, writeWheels } from '../venvs';

const names = Array.from({ length: 20 }, (_, index) => `cached-package-${index}`);

async function cachedIndex(rig: Rig) {
  const folder = await rig.folder();
  const wheels = await writeWheels(join(folder, 'wheels'), names);
  const files = readdirSync(wheels).map((name) => join(wheels, name));
  const index = await writeSimpleIndex(join(folder, 'simple'), files);
  const caches = { UV_CACHE_DIR: join(folder, 'uv'), PIP_CACHE_DIR: join(folder, 'pip') };
  return { UV_DEFAULT_INDEX: index, PIP_INDEX_URL: index, PIP_DISABLE_PIP_VERSION_CHECK: '1', ...caches };
}

/** @returns the install of all into a venv that has none of them, before and after. */
async function prepareInstall(
  rig: Rig,
  uv: string,
  other: (python: string) => { readonly command: string; readonly args: readonly string[] },
): Promise<{ ours: Measure; other: Measure }> {
  const env = await rig.shared(cachedIndex);
  const [folder, otherVenv] = [await rig.folder(), join(await rig.folder(), '.venv')];
  const venvs = [join(folder, '.venv'), otherVenv];
  for (const venv of venvs) copyVenv(await rig.shared(venvWithPip), venv);
  const clear = (venv: string) => () => {
    const library = libraryOf(venv, rig);
    if (readdirSync(library).filter((name) => name.startsWith('cached_')).length !== 2 * names.length) {
      throw new Error('the packages are not all there');
    }
    removePackages(library, 'cached_');
    return Promise.resolve();
  };
  const { ask } = await rig.serve(folder, { ...env, PYTHON_TOOLS_UV: uv });
  const { command, args } = other(pythonOf(otherVenv));
  return {
    ours: timed(
      async () => await ask('python.pip', { action: 'install', packages: names }),
      clear(join(folder, '.venv')),
    ),
    other: timed(async () => await rig.run({ command, args: [...args, ...names], env }), clear(otherVenv)),
  };
}

export const installWithUv: Row = {
  name: 'install-uv',
  title: '`install` of 20 cached wheels, uv present',
  against: '`uv pip install`',
  target: atMostMore(50),
  prepare: async (rig) =>
    await prepareInstall(rig, rig.uv, (python) => ({
      command: rig.uv,
      args: ['pip', 'install', '--quiet', '--python', python],
    })),
};

export const installWithPip: Row = {
  name: 'install-pip',
  title: '`install` of 20 cached wheels, no uv',
  limit:
    'it is the same pip that installs. What comes on top is the installed metadata, read before and after: some 10 ms, less than ' +
    'the quartiles lie apart.',
  against: '`pip install`',
  target: atMostTimes(1),
  prepare: async (rig) =>
    await prepareInstall(rig, '', (python) => ({ command: python, args: ['-m', 'pip', 'install', '--quiet'] })),
};
