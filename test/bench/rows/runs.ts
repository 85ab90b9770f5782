import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterThinking, atMostTimes, expectEqual, timed, type Row } from '../comparison';
import type { Rig } from '../rig';
import { folderOfHundred, pythonOf } from '../venvs';

const program = 'print(1)';

const atOnce = 50;

async function prepareRuns(rig: Rig) {
  const folder = await rig.shared(folderOfHundred);
  const { ask } = await rig.serve(folder);
  return { folder, ask, python: pythonOf(join(folder, '.venv')) };
}

export const runPrint: Row = {
  name: 'run-print',
  title: '`run` of `print(1)`, 50 ms after the last',
  against: "Node spawning the venv's `python -c 'print(1)'`",
  target: atMostTimes(0.7),
  prepare: async (rig) => {
    const { folder, ask, python } = await prepareRuns(rig);
    return {
      ours: afterThinking(
        timed(async () => {
          expectEqual((await ask('python.run', { code: program }))['stdout'], '1\n', 'a run printed');
        }),
      ),
      other: afterThinking(timed(async () => await rig.run({ command: python, args: ['-c', program], cwd: folder }))),
    };
  },
};

export const runBackToBack: Row = {
  name: 'run-back-to-back',
  title: 'three of them one right after the other, too quick for an interpreter to get ready',
  against: 'the same spawned',
  prepare: async (rig) => {
    const { folder, ask, python } = await prepareRuns(rig);
    const times = async (work: () => Promise<unknown>) => {
      for (let count = 0; count < 3; count++) await work();
    };
    return {
      ours: timed(async () => {
        await times(async () => {
          expectEqual((await ask('python.run', { code: program }))['stdout'], '1\n', 'a run printed');
        });
      }),
      other: timed(async () => {
        await times(async () => await rig.run({ command: python, args: ['-c', program], cwd: folder }));
      }),
    };
  },
};

export const runFile: Row = {
  name: 'run-file',
  title: '`run` of a file that imports 3 packages, 50 ms after the last',
  against: 'the same spawned',
  target: atMostTimes(1),
  prepare: async (rig) => {
    const { folder, ask, python } = await prepareRuns(rig);
    const imports = [1, 2, 3].map((index) => `import bench_package_${index}\n`).join('');
    await writeFile(join(folder, 'imports.py'), `${imports}print(bench_package_1.part1.work(1))\n`);
    return {
      ours: afterThinking(
        timed(async () => {
          expectEqual((await ask('python.run', { file: 'imports.py' }))['stdout'], '2\n', 'a run printed');
        }),
      ),
      other: afterThinking(timed(async () => await rig.run({ command: python, args: ['imports.py'], cwd: folder }))),
    };
  },
};

export const runsAtOnce: Row = {
  name: 'runs-at-once',
  title: `${atOnce} runs at once, all correct`,
  against: 'the same spawned at once',
  target: atMostTimes(1.1),
  limit:
    'all start cold, and run inline code. The first `compile()` of an interpreter, which a bare `python -c` does without, makes ' +
    'the types of its syntax trees: 13 of the 17 million instructions that a run takes beyond the 46 million of the bare one ' +
    '(counted by callgrind).',
  prepare: async (rig) => {
    const { folder, ask, python } = await prepareRuns(rig);
    const all = (one: (code: string) => Promise<unknown>) => async () => {
      const work = Array.from({ length: atOnce }, async (_, index) => {
        expectEqual(await one(`print(${index})`), `${index}\n`, 'a run printed');
      });
      await Promise.all(work);
    };
    return {
      ours: timed(all(async (code) => (await ask('python.run', { code }))['stdout'])),
      other: timed(all(async (code) => await rig.run({ command: python, args: ['-c', code], cwd: folder }))),
    };
  },
};
