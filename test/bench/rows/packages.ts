import { join } from 'node:path';
import { expectEqual, timed, timesFaster, type Row } from '../comparison';
import { folderOfHundred, pythonOf } from '../venvs';

/** A question about installed packages, as a call and as arguments of pip. */
interface Question {
  readonly action: string;
  readonly title: string;
  /** What follows `pip`. */
  readonly pip: readonly string[];
  readonly packages?: readonly string[];
  /** What of the call's result is the answer, and what of pip's output: they have to be the same. */
  readonly answer: (result: Record<string, unknown>) => unknown;
  readonly pipAnswer: (output: string) => unknown;
}

function question({ action, title, pip, packages, answer, pipAnswer }: Question): Row {
  return {
    name: `pip-${action}`,
    title,
    against: `\`pip ${packages ? action : pip.join(' ')}\``,
    target: timesFaster(50),
    prepare: async (rig) => {
      const folder = await rig.shared(folderOfHundred);
      const { ask } = await rig.serve(folder);
      const command = pythonOf(join(folder, '.venv'));
      const askPip = async () =>
        await rig.run({ command, args: ['-m', 'pip', '--disable-pip-version-check', ...pip], cwd: folder });
      const expected = pipAnswer(await askPip());
      return {
        ours: timed(async () => {
          const result = await ask('python.pip', packages ? { action, packages } : { action });
          expectEqual(answer(result), expected, `${action} said`);
        }),
        other: timed(askPip),
      };
    },
  };
}

export const list = question({
  action: 'list',
  title: '`pip list`, 100 packages',
  pip: ['list', '--format=json'],
  answer: ({ packages }) => packages,
  pipAnswer: (output): unknown => JSON.parse(output),
});

export const freeze = question({
  action: 'freeze',
  title: '`pip freeze`, 100 packages',
  pip: ['freeze'],
  answer: ({ requirements }) => requirements,
  pipAnswer: (output) => output.trimEnd(),
});

const shown = ['bench-package-1', 'bench-package-2', 'bench-package-3'];

export const show = question({
  action: 'show',
  title: '`pip show` of 3 of 100 packages',
  pip: ['show', ...shown],
  packages: shown,
  answer: ({ packages }) => (Array.isArray(packages) ? packages.map(summaryOf) : packages),
  pipAnswer: (output) => [...output.matchAll(/^Summary: (.*)$/gm)].map(([, summary]) => summary),
});

const summaryOf = (item: unknown): unknown => (item instanceof Object && 'summary' in item ? item.summary : undefined);
