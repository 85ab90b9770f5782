import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentWrites } from '../../src/core/environmentWrites';
import { acquireLock, type HeldLock } from '../../src/core/files/processLock';
import { itOnUnix } from '../support/platform';

const implementation = join(__dirname, '../../src/core/files/processLock.js');

/** Takes the lock, says so, and lets it go when it is told to. */
const holder = `
  const { acquireLock } = require(process.argv[2]);
  const [folder, key] = process.argv.slice(3);
  acquireLock({ folder, key, signal: new AbortController().signal }).then((lock) => {
    process.send('held');
    process.once('message', () => { lock.release(); process.disconnect(); });
  });`;

/** Adds to a number in a file, which two at a time would do wrong. */
const counter = `
  const { acquireLock } = require(process.argv[2]);
  const { readFileSync, writeFileSync } = require('node:fs');
  const { setTimeout: delay } = require('node:timers/promises');
  const [folder, key, file, times] = process.argv.slice(3);
  (async () => {
    for (let round = 0; round < Number(times); round++) {
      const lock = await acquireLock({ folder, key, signal: new AbortController().signal });
      const value = Number(readFileSync(file, 'utf8'));
      await delay(1);
      writeFileSync(file, String(value + 1));
      lock.release();
    }
    process.disconnect();
  })();`;

describe('the lock between processes', () => {
  let base: string;
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'lock-')));
    folder = join(base, 'cache', 'locks');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(base, { recursive: true, force: true });
  });

  const start = (program: string, ...args: readonly string[]): ChildProcess & { readonly pid: number } => {
    const file = join(base, 'program.js');
    writeFileSync(file, program);
    const child = fork(file, [implementation, ...args], { execArgv: [] });
    children.push(child);
    const { pid } = child;
    assert.ok(pid !== undefined);
    return Object.assign(child, { pid });
  };
  const held = async (key = 'venv'): Promise<ChildProcess & { readonly pid: number }> => {
    const child = start(holder, folder, key);
    await once(child, 'message');
    return child;
  };
  const unlimited = new AbortController().signal;
  const acquire = async (onWait?: (pid: number) => void, key = 'venv'): Promise<HeldLock> =>
    await acquireLock({ key, folder, signal: unlimited, ...(onWait ? { onWait } : {}) });

  it('is held by one at a time', async function () {
    this.timeout(60_000);
    const file = join(base, 'number');
    writeFileSync(file, '0');
    const all = Array.from({ length: 5 }, () => start(counter, folder, 'venv', file, '20'));
    await Promise.all(all.map((child) => once(child, 'close')));
    assert.equal(readFileSync(file, 'utf8'), '100');
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is had by turns within a process, too, first come first served', async () => {
    const order: number[] = [];
    const first = await acquire();
    const others: Promise<void>[] = [];
    for (const number of [1, 2, 3]) {
      let waits = (): void => undefined;
      const isWaiting = new Promise<void>((resolve) => (waits = resolve));
      others.push(
        acquire(waits).then((lock) => {
          order.push(number);
          lock.release();
        }),
      );
      await isWaiting;
    }
    assert.deepEqual(order, []);
    first.release();
    await Promise.all(others);
    assert.deepEqual(order, [1, 2, 3]);
  });

  it('is another for each key', async () => {
    await held('a');
    (await acquire(() => assert.fail('it waits'), 'b')).release();
  });

  it('goes over when the process that has it lets it go, of which the waiting one is told', async () => {
    const child = await held();
    const waitsFor: number[] = [];
    const lock = await acquire((pid) => {
      waitsFor.push(pid);
      child.send('release');
    });
    assert.deepEqual(waitsFor, [child.pid]);
    lock.release();
  });

  it('goes over at once when the process that has it is killed, or is long dead', async () => {
    const child = await held();
    const lock = await acquire(() => child.kill('SIGKILL'));
    assert.equal(readdirSync(folder).filter((name) => name.includes(`${child.pid}-`)).length, 0);
    lock.release();
    const dead = await held();
    dead.kill('SIGKILL');
    await once(dead, 'close');
    (await acquire(() => undefined)).release();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('.')),
      [],
    );
  });

  it('is not kept by a process that the dead one had started', async () => {
    const program = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],
      { stdio: 'ignore', detached: true }).once('spawn', function () { process.send(this.pid); });`;
    const parent = start(holder.replace("process.send('held');", program), folder, 'other');
    const [grandchild] = (await once(parent, 'message')) as [number];
    try {
      parent.kill('SIGKILL');
      (await acquire(() => undefined, 'other')).release();
    } finally {
      process.kill(grandchild, 'SIGKILL');
    }
  });

  it('is not waited for by one who gives up, and the others keep their turns', async () => {
    const child = await held();
    const cancel = new AbortController();
    const waiting = acquireLock({
      ...{ key: 'venv', folder, signal: cancel.signal },
      onWait: () => {
        cancel.abort(new Error('enough'));
      },
    });
    await assert.rejects(waiting, /enough/);
    assert.equal(readdirSync(folder).filter((name) => name.includes(`${process.pid}-`)).length, 0);
    (
      await acquire(() => {
        child.send('release');
      })
    ).release();
  });

  itOnUnix('sockets in folders')('is had in a folder with a name too long for a socket, or not at all', async () => {
    folder = join(base, 'x'.repeat(120), 'locks');
    const first = await acquire().catch(() => undefined);
    assert.equal(first !== undefined, process.platform === 'linux');
    if (!first) return;
    const second = await acquire(() => {
      first.release();
    });
    second.release();
  });

  describe('of an environment', () => {
    it('tells which process it waits for, and gives up in time or when it is told to', async () => {
      const writes = (limitMs: number) => new EnvironmentWrites({ locks: () => folder, limitMs });
      const key = join(base, '.venv');
      const child = await held(realpathSync(base) + key.slice(base.length));
      const lines: string[] = [];
      const onProgress = (line: string): void => {
        lines.push(line);
      };
      const never = async (): Promise<void> => {
        await Promise.reject(new Error('it has the lock'));
      };
      await assert.rejects(writes(100).run(key, '.venv', { onProgress }, never), (error: unknown) => {
        assert.match(String(error), new RegExp(`Another process \\(${child.pid}\\) was still changing "\\.venv"`));
        return (error as { kind?: string }).kind === 'timeout';
      });
      assert.deepEqual(lines, [`Waiting for process ${child.pid}, which changes ".venv"`]);
      const cancel = new AbortController();
      const control = {
        signal: cancel.signal,
        onProgress: () => {
          cancel.abort();
        },
      };
      await assert.rejects(writes(60_000).run(key, '.venv', control, never), { kind: 'cancelled' });
    });

    it('is done without where there is no place for it', async () => {
      mkdirSync(base, { recursive: true });
      writeFileSync(join(base, 'file'), '');
      for (const locks of ['file/locks', '../../../../proc/nothing/locks'].map((path) => join(base, path))) {
        const writes = new EnvironmentWrites({ locks: () => locks });
        assert.equal(await writes.run(join(base, '.venv'), '.venv', {}, async () => await Promise.resolve(1)), 1);
      }
      const without = new EnvironmentWrites({
        locks: () => {
          throw new Error('no home');
        },
      });
      assert.equal(await without.run(base, '.venv', {}, async () => await Promise.resolve(2)), 2);
    });
  });
});
