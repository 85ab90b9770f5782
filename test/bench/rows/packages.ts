import { join } from 'node:path';
import { timed, timesFaster, type Row } from '../comparison';
import { folderOfHundred, pythonOf } from '../venvs';

const shown = ['bench-package-1', 'bench-package-2', 'bench-package-3'];

/** A question about installed packages, as a call and as arguments of pip. */
function question(action: string, title: string, pip: readonly string[], packages: readonly string[] = []): Row {
  return {
    name: `pip-${action}`,
    title,
    against: `\`pip ${action}\``,
    target: timesFaster(50),
    prepare: async (rig) => {
      const folder = await rig.shared(folderOfHundred);
      const { ask } = await rig.serve(folder);
      const command = pythonOf(join(folder, '.venv'));
      const args = ['-m', 'pip', '--disable-pip-version-check', action, ...pip, ...packages];
      const input = packages.length > 0 ? { action, packages } : { action };
      return {
        ours: timed(async () => await ask('python.pip', input)),
        other: timed(async () => await rig.run({ command, args, cwd: folder })),
      };
    },
  };
}

export const list = question('list', '`pip list`, 100 packages', ['--format=json']);
export const freeze = question('freeze', '`pip freeze`, 100 packages', []);
export const show = question('show', '`pip show` of 3 of 100 packages', [], shown);
