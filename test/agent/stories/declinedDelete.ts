import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { anyPython } from '../../support/anyPython';
import type { AgentWindow } from '../rig/agentWindow';
import type { Call } from '../rig/door';

/** Create, select, delete twice: the person allows the tool for the whole session, and says no to each delete all the same. */
export async function deletesNothingThatAPersonKeeps(window: AgentWindow, folder: string): Promise<void> {
  const path = 'environments-of-this-project/for-python-3/.venv'; // Wider than the chat.
  await window.begin(folder, { 'main.py': 'print("Hello")\n' });
  await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', '.venv'], { cwd: folder });
  await window.status.getByText(/\.venv · /).waitFor();

  const create: Call = { tool: 'venv', input: { action: 'create', path } };
  const select: Call = { tool: 'venv', input: { action: 'select', path: '.venv' } };
  const remove: Call = { tool: 'venv', input: { action: 'delete', path } };
  const made = join(folder, path);
  const [created, selected, ...declined] = await window.tell([create, select, remove, remove], async () => {
    const says = [made, anyPython()];
    await window.answer('allowOnce', create, { title: 'Create a virtual environment?', says }, 'create');
    await window.status.getByText(/for-python-3/).waitFor();
    const kept = [join(folder, '.venv'), 'Makes this the environment of runs, installs and new terminals'];
    await window.answer('allowInSession', select, { title: 'Select a virtual environment?', says: kept }, 'select');
    const lost = [made, ' MB', 'Python 3', 'cannot be undone'];
    await window.answerDialog('Keep Environment', lost, 'delete');
    await window.answerDialog('Cancel', lost, 'delete-again');
  });

  assert.equal(created?.error, undefined);
  assert.ok(created?.text.includes(made));
  assert.equal(selected?.error, undefined);
  assert.ok(selected?.text.includes(join(folder, '.venv')));
  assert.equal(declined.length, 2);
  for (const { error, text } of declined) {
    assert.equal(error, 'cancelled');
    assert.match(text, /The user did not allow the delete/);
  }
  assert.ok(existsSync(join(made, 'pyvenv.cfg')));
  await window.status.getByText(/\.venv · /).waitFor();
}
