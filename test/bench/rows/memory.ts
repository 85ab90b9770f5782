import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, atMostMore, Skipped, type Row } from '../comparison';
import type { Rig } from '../rig';
import { folderOfHundred, pythonOf } from '../venvs';

/** @returns the resident memory of a process in MB. */
async function residentMemory(rig: Rig, pid: number): Promise<number> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }
  if (process.platform === 'win32') throw new Skipped('memory is read from /proc or ps');
  return Number(await rig.run({ command: 'ps', args: ['-o', 'rss=', '-p', String(pid)] })) / 1024;
}

/** @returns the processes that a process has started. */
async function childrenOf(rig: Rig, pid: number): Promise<number[]> {
  const list =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : // Without a child it fails.
        await rig.run({ command: 'pgrep', args: ['-P', String(pid)] }).catch(() => '');
  return list.split(/\s+/).filter(Boolean).map(Number);
}

/** @returns the memory of a process once it has settled. */
async function settledMemory(rig: Rig, pid: number): Promise<number> {
  let before = NaN;
  for (;;) {
    const now = await residentMemory(rig, pid);
    if (now === before) return now;
    before = now;
    await pause(100);
  }
}

/** @returns the memory of a fresh server after some work. */
function memoryAfter(rig: Rig, work: (server: Awaited<ReturnType<Rig['serve']>>) => Promise<unknown>) {
  return async () => {
    const server = await rig.serve(await rig.shared(folderOfHundred));
    await server.client.listTools();
    await work(server);
    const memory = await residentMemory(rig, server.pid);
    await server.close();
    return memory;
  };
}

/** @returns the memory of the interpreter that a server keeps once runs follow each other. */
async function memoryOfWaiting(rig: Rig): Promise<number> {
  const server = await rig.serve(await rig.shared(folderOfHundred));
  for (let run = 0; run < 2; run++) await server.ask('python.run', { code: 'print(1)' });
  for (let attempt = 0; attempt < 100; attempt++) {
    // The first one ends runs when the server is killed.
    const [, waiting] = await childrenOf(rig, server.pid);
    if (waiting !== undefined) {
      const memory = await settledMemory(rig, waiting);
      await server.close();
      return memory;
    }
    await pause(50);
  }
  throw new Error('no interpreter waits');
}

/** @returns the memory of an interpreter that does nothing but wait for its standard input. */
async function memoryOfBare(rig: Rig): Promise<number> {
  const python = pythonOf(join(await rig.shared(folderOfHundred), '.venv'));
  const child = spawn(python, ['-c', 'import sys; print(flush=True); sys.stdin.read()'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const memory = await settledMemory(rig, child.pid ?? NaN);
  child.stdin.end();
  await once(child, 'exit');
  return memory;
}

const gigabyte = `import sys
lines = (b'x' * 127 + b'\\n') * 8192
for _ in range(1024):
    sys.stdout.buffer.write(lines)
`;

export const memoryIdle: Row = {
  name: 'memory-idle',
  title: 'memory of an idle server',
  unit: 'MB',
  target: atMost(70),
  prepare: (rig) => Promise.resolve({ ours: memoryAfter(rig, () => Promise.resolve()) }),
};

export const memoryAfterOutput: Row = {
  name: 'memory-output',
  title: 'memory after a run with 1 GB of output',
  against: 'an idle server',
  unit: 'MB',
  target: atMostMore(50),
  prepare: (rig) =>
    Promise.resolve({
      ours: memoryAfter(rig, async ({ ask }) => {
        const { truncated } = await ask('python.run', { code: gigabyte, timeout: 120 });
        if (!JSON.stringify(truncated).includes(String(2 ** 30))) throw new Error('the output is not 1 GB');
      }),
      other: memoryAfter(rig, () => Promise.resolve()),
    }),
};

export const memoryWaiting: Row = {
  name: 'memory-waiting',
  title: 'memory of the interpreter that waits for the next run',
  against: "the venv's `python` that does nothing",
  unit: 'MB',
  prepare: (rig) => {
    if (process.platform === 'win32') throw new Skipped('no interpreter waits on Windows');
    return Promise.resolve({
      ours: async () => await memoryOfWaiting(rig),
      other: async () => await memoryOfBare(rig),
    });
  },
};
