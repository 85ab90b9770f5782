import { readFile } from 'node:fs/promises';
import { atMost, atMostMore, Skipped, type Row } from '../comparison';
import type { Rig } from '../rig';
import { folderOfHundred } from '../venvs';

/** @returns the resident memory of a process in MB. */
async function residentMemory(rig: Rig, pid: number): Promise<number> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }
  if (process.platform === 'win32') throw new Skipped('memory is read from /proc or ps');
  return Number(await rig.run({ command: 'ps', args: ['-o', 'rss=', '-p', String(pid)] })) / 1024;
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
      ours: memoryAfter(rig, async ({ ask }) => await ask('python.run', { code: gigabyte, timeout: 120 })),
      other: memoryAfter(rig, () => Promise.resolve()),
    }),
};
