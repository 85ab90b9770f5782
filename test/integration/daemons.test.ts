import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../src/core/process/environment';
import { untilKept } from '../../src/core/process/keep';
import { offerKeeper, startedKeeper } from '../../src/core/process/keeper';
import type { ProcessOutcome, ProcessRequest } from '../../src/core/process/request';
import { runProcess } from '../../src/core/process/runProcess';
import { startService } from '../../src/core/process/service';
import { anyPython } from '../support/anyPython';
import { daemon, daemons } from '../support/daemons';
import { itOnLinux } from '../support/platform';
import { appears, isAlive } from '../support/waiting';

const itHere = itOnLinux('other systems cannot mark a process so');
const hasPerl = existsSync('/usr/bin/perl');

describe('a daemon that leaves everything behind', () => {
  let folder: string;
  before(() => {
    offerKeeper({ base: anyPython() }); // As a server does with the first Python that it finds.
  });
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'daemons-')))));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program that begins once it is marked from outside; what runs a user's program marks itself before that. */
  const marked = (code: string): string[] => [
    '-c',
    `import resource, time\nwhile resource.getrlimit(10)[0] == resource.RLIM_INFINITY: time.sleep(0.001)\n${code}`,
  ];
  const run = async (code: string, options: Partial<ProcessRequest> = {}): Promise<ProcessOutcome> =>
    await runProcess({ command: anyPython(), args: marked(code), cwd: folder, env: childEnvironment({}), ...options });
  const pidOf = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();

  for (const [how, program] of Object.entries(daemons)) {
    if (how === 'by Perl' && !hasPerl) continue;
    itHere(`ends with a program that exits: ${how}`, async () => {
      const outcome = await run(program(join(folder, 'daemon')));
      assert.deepEqual([outcome.ending, outcome.exitCode, outcome.backgroundProcessesEnded], ['exited', 0, 1]);
      assert.equal(isAlive(pidOf('daemon')), false);
    });
  }

  itHere('ends with a program that crashes', async () => {
    const outcome = await run(`${daemon(folder)}\nos.kill(os.getpid(), 9)`);
    assert.deepEqual([outcome.signal, outcome.backgroundProcessesEnded], ['SIGKILL', 1]);
    assert.equal(isAlive(pidOf('daemon')), false);
  });

  for (const [what, options] of Object.entries({
    'is cancelled': (stop: AbortController) => ({
      signal: stop.signal,
      onOutput: () => {
        stop.abort();
      },
    }),
    'runs out of time': () => ({ timeoutMs: 1500 }),
  })) {
    itHere(`ends with a program that ${what}`, async () => {
      const outcome = await run(
        `${daemon(folder)}\nprint("up", flush=True)\ntime.sleep(600)`,
        options(new AbortController()),
      );
      assert.notEqual(outcome.ending, 'exited');
      assert.equal(isAlive(pidOf('daemon')), false);
    });
  }

  itHere('ends with a service', async () => {
    const code = `${daemon(folder)}\nprint("up", flush=True)\ntime.sleep(600)`;
    const start = { command: anyPython(), args: marked(code), cwd: folder, env: childEnvironment({}) };
    const service = await startService(start);
    await appears(join(folder, 'daemon'));
    await service.end();
    assert.equal(isAlive(pidOf('daemon')), false);
  });

  itHere('ends with its own program, and with no other one', async () => {
    const stop = new AbortController();
    const other = run(`${daemon(folder, 'other')}\ntime.sleep(600)`, { signal: stop.signal });
    await appears(join(folder, 'other'));
    assert.equal((await run(daemon(folder, 'mine'))).backgroundProcessesEnded, 1);
    assert.deepEqual(['mine', 'other'].map(pidOf).map(isAlive), [false, true]);
    stop.abort();
    await other;
    assert.equal(isAlive(pidOf('other')), false);
  });

  itHere('ends with its program, and with it nothing that somebody else started', async () => {
    const unrelated = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore', env: {} });
    try {
      await run(daemon(folder));
      assert.equal(isAlive(pidOf('daemon')), false);
      assert.equal(unrelated.exitCode ?? unrelated.signalCode, null);
    } finally {
      unrelated.kill('SIGKILL');
    }
  });

  itHere(
    'is marked by a user’s program itself, before that begins, also where something else could be too late',
    async () => {
      await startedKeeper()?.ready;
      const start = { command: anyPython(), args: [], cwd: folder, env: {} };
      assert.deepEqual(await untilKept({ ...start, marksItself: true }), { PYTHON_TOOLS_MARK: '1' });
      assert.deepEqual(await untilKept(start), {});
    },
  );

  itHere('is marked by what does nothing to the program', async () => {
    const limits = (text: string): string[] => text.split('\n').filter((line) => !line.startsWith('Max file locks'));
    let printed = '';
    await run('print(open("/proc/self/limits").read())', { onOutput: (_, chunk) => (printed += chunk.toString()) });
    const ours = execFileSync(anyPython(), ['-c', 'print(open("/proc/self/limits").read())'], { encoding: 'utf8' });
    assert.deepEqual(limits(printed), limits(ours));
    assert.match(printed, /^Max file locks +\d{19} /m);
  });
});
