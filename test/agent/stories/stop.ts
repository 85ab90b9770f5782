import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { AgentWindow } from '../rig/agentWindow';
import type { Call } from '../rig/door';

const program = `
import subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', *sys.argv[1:]], start_new_session=True)
time.sleep(600)
`;

/** A program that hangs, with a process that left its group: the person stops it, and nothing of it stays. */
export async function leavesNothingOfWhatAPersonStops(window: AgentWindow, folder: string): Promise<void> {
  await window.begin(folder, { 'hang.py': program });
  await window.status.getByText('No venv').waitFor();
  const marker = `hangs-${process.pid}-${Date.now()}`;
  const run: Call = { tool: 'run', input: { file: 'hang.py', args: [marker], timeout: 300 } };

  await window.ask([run]);
  await window.answer('allowOnce', run, { title: 'Run a Python file?', says: ['hang.py', marker] }, 'hang');
  await until('both processes run', async () => (await running(marker)) === 2);
  await window.chat.stop();
  await until('no process is left', async () => (await running(marker)) === 0);

  const [stopped] = await window.tell([]);
  assert.match(stopped?.text ?? '', /cancelled/);
  await window.status.getByText('No venv').waitFor();
}

/** How many processes carry the marker on their command lines. */
async function running(marker: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args='], { maxBuffer: 2 ** 24 });
  return stdout.split('\n').filter((line) => line.includes(marker)).length;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `10 s passed before ${what}`);
    await setTimeout(50);
  }
}
