import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeWheel } from '../../support/wheels';
import type { AgentWindow } from '../rig/agentWindow';
import type { Call } from '../rig/door';

/** "Run main.py" where what it imports is required but not installed: the model needs only follow the hints. */
export async function runsWhatLacksARequirement(window: AgentWindow, folder: string): Promise<void> {
  await window.begin(folder, {
    'main.py': 'import lamp\nprint("lamp", lamp.__version__)\n',
    'requirements.txt': '--no-index\n--find-links wheels\nlamp==1.0\n',
  });
  await writeWheel(join(folder, 'wheels'), { name: 'lamp', version: '1.0' });
  await window.status.getByText('No venv').waitFor();

  const run: Call = { tool: 'run', input: { file: 'main.py' } };
  const install: Call = { tool: 'pip', input: { action: 'install', requirements: 'requirements.txt' } };
  const main = join(folder, 'main.py');
  const [failed, installed, ran, ...more] = await window.tell([run, 'follow the hint', run], async () => {
    await window.answer('allowOnce', run, { title: 'Run a Python file?', says: [main, 'no venv'] }, 'run');
    const says = [join(folder, 'requirements.txt'), 'lamp==1.0', '.venv, which is created first'];
    await window.answer('allowOnce', install, { title: 'Install packages?', says }, 'install');
    await window.answer(
      'allowOnce',
      run,
      { title: 'Run a Python file?', says: [main, '.venv, Python 3'] },
      'run-again',
    );
  });

  assert.equal(failed?.exitCode, 1);
  assert.match(failed.text, /ModuleNotFoundError: No module named 'lamp'/);
  assert.match(failed.next ?? '', /requirements\.txt/);
  assert.match(installed?.text ?? '', /lamp/);
  assert.equal(installed?.error, undefined);
  assert.equal(ran?.exitCode, 0);
  assert.match(ran.text, /lamp 1\.0/);
  assert.equal(more.length, 0);
  await window.status.getByText(/\.venv · 3\.\d+\.\d+$/).waitFor();
}
