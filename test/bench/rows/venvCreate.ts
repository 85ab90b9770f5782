import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atMostTimes, Skipped, timed, timesFaster, type Row } from '../comparison';
import type { Rig } from '../rig';
import { pythonOf } from '../venvs';

const remove = async (path: string) => {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
};

/** @returns the folder of the wheels that come with a Python, from which uv takes pip without an index. */
async function bundledWheels(rig: Rig): Promise<string> {
  const program = 'import ensurepip, os; print(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"))';
  const folder = (await rig.run({ command: rig.python.path, args: ['-c', program] })).trim();
  if (!readdirSync(folder).some((name) => name.startsWith('pip-'))) throw new Skipped('this Python bundles no pip');
  return folder;
}

async function prepareCreate(rig: Rig, env: Readonly<Record<string, string>>) {
  const folder = await rig.folder();
  const venv = join(folder, '.venv');
  const { ask } = await rig.serve(folder, env);
  const create = timed(
    async () => await ask('python.venv', { action: 'create', python: rig.python.path }),
    async () => {
      await remove(venv);
    },
  );
  // pip works inside.
  await ask('python.venv', { action: 'create', python: rig.python.path });
  await rig.run({ command: pythonOf(venv), args: ['-m', 'pip', '--version'] });
  await remove(venv);
  return { create, other: join(folder, 'other') };
}

export const createWithUv: Row = {
  name: 'create-uv',
  title: '`venv create`, uv present',
  against: '`uv venv --seed`',
  target: atMostTimes(1.1),
  prepare: async (rig) => {
    const index = pathToFileURL(await bundledWheels(rig)).href;
    const { create, other } = await prepareCreate(rig, { PYTHON_TOOLS_UV: rig.uv });
    const only = ['--no-config', '--no-index', '--find-links', index, '--python', rig.python.path];
    const seeded = { command: rig.uv, args: ['venv', '--quiet', '--seed', ...only, other], cwd: dirname(other) };
    return {
      ours: create,
      other: timed(
        async () => await rig.run(seeded),
        async () => {
          await remove(other);
        },
      ),
    };
  },
};

export const createWithoutUv: Row = {
  name: 'create-pip',
  title: '`venv create`, no uv, pip working inside',
  against: '`python -m venv`',
  target: timesFaster(4),
  prepare: async (rig) => {
    const { create, other } = await prepareCreate(rig, {});
    return {
      ours: create,
      other: timed(
        async () => await rig.run({ command: rig.python.path, args: ['-m', 'venv', other] }),
        async () => {
          await remove(other);
        },
      ),
    };
  },
};
