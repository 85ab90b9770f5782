import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { textOf } from '../../src/core/process/capture';
import { childEnvironment } from '../../src/core/process/environment';
import { processesUsing } from '../../src/core/process/processesUsing';
import type { ProcessOutcome, ProcessRequest } from '../../src/core/process/request';
import { runProcess } from '../../src/core/process/runProcess';
import { offerKeeper } from '../../src/core/process/keeper';
import { anyPython } from '../support/anyPython';
import { itButOnWine, itOnUnix, itOnWindows } from '../support/platform';

/** What of the following Windows does not have. */
const unixOnly: Readonly<Record<string, string>> = {
  'with a stopped child': 'stopped processes',
  'with a double-forked daemon': 'fork',
  'with a child that emptied its environment': 'Python that starts without any environment',
};

describe('a process and what it starts', () => {
  let folder: string;
  before(() => {
    offerKeeper({ base: anyPython() }); // As a server does with the first Python that it finds.
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'process-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (code: string, options: Partial<ProcessRequest> = {}): Promise<ProcessOutcome> =>
    await runProcess({
      command: anyPython(),
      args: ['-c', code],
      cwd: folder,
      env: childEnvironment({ extra: { PID_FOLDER: folder } }),
      ...options,
    });

  /** A child that writes its pid to a file and sleeps; `PREPARE` runs in it first. */
  const sleeper = (name: string, prepare = ''): string =>
    `import os, signal, time\n${prepare}\nopen(os.environ["PID_FOLDER"] + "/${name}", "w").write(str(os.getpid()))\ntime.sleep(600)`;
  const startSleeper = (name: string, prepare = '', popen = ''): string =>
    [
      'import os, subprocess, sys, time',
      `subprocess.Popen([sys.executable, "-c", ${JSON.stringify(sleeper(name, prepare))}]${popen})`,
      `while not os.path.exists(${JSON.stringify(join(folder, name))}) or not os.path.getsize(${JSON.stringify(join(folder, name))}): time.sleep(0.01)`,
    ].join('\n');
  const pidOf = (name: string): number => Number(readFileSync(join(folder, name), 'utf8'));

  it('returns the exit code and both streams', async () => {
    const outcome = await run('import sys; print("out"); print("err", file=sys.stderr); sys.exit(3)');
    assert.equal(outcome.ending, 'exited');
    assert.equal(outcome.exitCode, 3);
    assert.equal(textOf(outcome.stdout).trim(), 'out');
    assert.equal(textOf(outcome.stderr).trim(), 'err');
  });

  it('closes standard input after what it was given', async () => {
    assert.equal(textOf((await run('import sys; print(repr(sys.stdin.read()))')).stdout).trim(), "''");
    const outcome = await run('import sys; print(len(sys.stdin.read()))', { stdin: 'x'.repeat(3_000_000) });
    assert.equal(textOf(outcome.stdout).trim(), '3000000');
  });

  it('survives a process that ends without reading its input', async () => {
    assert.equal((await run('pass', { stdin: 'x'.repeat(3_000_000) })).exitCode, 0);
  });

  itOnUnix('signals')('names the signal that ended it', async () => {
    const outcome = await run('import os, signal; os.kill(os.getpid(), signal.SIGKILL)');
    assert.deepEqual([outcome.exitCode, outcome.signal], [null, 'SIGKILL']);
  });

  it('rejects with the reason where the executable is missing', async () => {
    await assert.rejects(run('', { command: join(folder, 'none') }), { kind: 'interpreter_not_found' });
  });

  itButOnWine('Wine takes one of any length')('rejects an argument list that is too long for the system', async () => {
    await assert.rejects(run('', { args: ['x'.repeat(8_000_000)] }), { kind: 'invalid_input' });
  });

  const stubborn: Record<string, () => string> = {
    'that ignores SIGTERM': () => `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n${sleeper('self')}`,
    'with a child that holds the pipe': () => `${startSleeper('child')}\ntime.sleep(600)`,
    'with a child in a session of its own': () =>
      `${startSleeper('child', '', ', start_new_session=True')}\ntime.sleep(600)`,
    'with a child that ignores SIGTERM in a session of its own': () =>
      `${startSleeper('child', 'signal.signal(signal.SIGTERM, signal.SIG_IGN)', ', start_new_session=True')}\ntime.sleep(600)`,
    'with a stopped child': () =>
      `${startSleeper('child')}\nimport signal\nos.kill(int(open(${JSON.stringify(join(folder, 'child'))}).read()), signal.SIGSTOP)\ntime.sleep(600)`,
    'with a double-forked daemon': () =>
      `${startSleeper('child', 'if os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)')}\ntime.sleep(600)`,
    'with a child that emptied its environment': () =>
      `${startSleeper('child', '', ', env={}')
        .replace('os.environ["PID_FOLDER"]', 'os.environ.get("PID_FOLDER", "")')
        .replaceAll('os.environ[\\"PID_FOLDER\\"]', `\\"${folder}\\"`)}\ntime.sleep(600)`,
  };
  for (const [what, code] of Object.entries(stubborn)) {
    const reason = unixOnly[what];
    const itHere = reason === undefined ? it : itOnUnix(reason);
    itHere(`ends one ${what} after its time limit, and keeps what was written`, async () => {
      const started = performance.now();
      const outcome = await run(`print("before")\n${code()}`, { timeoutMs: 1500 });
      assert.equal(outcome.ending, 'timed_out');
      assert.equal(textOf(outcome.stdout).trim(), 'before');
      assert.ok(performance.now() - started < 3500, 'answers at most 2 s after the limit');
      for (const name of ['self', 'child']) if (existsSync(join(folder, name))) assertEnded(pidOf(name));
      assert.ok(existsSync(join(folder, 'self')) || existsSync(join(folder, 'child')), 'the story happened');
    });
  }

  it('ends everything at once when the call is cancelled', async () => {
    const cancel = new AbortController();
    const outcome = run(`${startSleeper('child', '', ', start_new_session=True')}\nprint("ready")\ntime.sleep(600)`, {
      signal: cancel.signal,
      onOutput: () => {
        cancel.abort();
      },
    });
    assert.equal((await outcome).ending, 'cancelled');
    assertEnded(pidOf('child'));
  });

  it('starts nothing where the call was cancelled before', async () => {
    await assert.rejects(run('', { signal: AbortSignal.abort() }), { kind: 'cancelled' });
  });

  for (const popen of [
    '',
    ', start_new_session=True',
    ', start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL',
  ]) {
    it(`ends what is left behind after a normal exit (${popen || 'the same session'}) and counts it`, async () => {
      const outcome = await run(`${startSleeper('child', '', popen)}\nprint("done")`);
      assert.deepEqual([outcome.ending, outcome.exitCode, outcome.backgroundProcessesEnded], ['exited', 0, 1]);
      assert.equal(textOf(outcome.stdout).trim(), 'done');
      assertEnded(pidOf('child'));
    });
  }

  it('counts nothing where nothing is left behind', async () => {
    assert.equal(
      (await run('import subprocess, sys; subprocess.run([sys.executable, "-c", ""])')).backgroundProcessesEnded,
      0,
    );
  });

  itOnUnix('signals')('lets a process that handles SIGTERM say its last words', async () => {
    const outcome = await run(
      'import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print("bye"), sys.exit(0)))\nprint("hi")\ntime.sleep(600)',
      { timeoutMs: 1000 },
    );
    assert.equal(textOf(outcome.stdout), 'hi\nbye\n');
  });

  itOnWindows('there are no batch files elsewhere')(
    'is a batch file with its own arguments, in a folder with blanks, and none that cmd.exe could act on',
    async () => {
      const batch = join(folder, 'a tool (x86)', 'tool.cmd');
      mkdirSync(dirname(batch));
      writeFileSync(batch, '@echo off\r\necho [%*]\r\nexit /b 3\r\n');
      const outcome = await run('', { command: batch, args: ['--stdio', 'a=b'] });
      assert.deepEqual([outcome.exitCode, textOf(outcome.stdout)], [3, '[--stdio a=b]\n']);
      await assert.rejects(run('', { command: batch, args: ['&whoami'] }), { kind: 'refused' });
    },
  );

  it('is found by the folder that it uses, while it runs', async function () {
    if (process.platform === 'win32') return this.skip(); // There it is its executable's folder.
    const used = realpathSync(mkdtempSync(join(folder, 'used-')));
    const stop = new AbortController();
    let ended: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve) => {
      const onOutput = (): void => {
        resolve();
      };
      ended = run('import os, time\nos.write(1, b"up")\ntime.sleep(600)', { cwd: used, signal: stop.signal, onOutput });
    });
    // macOS tells what was started, and not where.
    const expected = process.platform === 'linux' ? 1 : 0;
    assert.equal((await processesUsing(used)).length, expected);
    assert.deepEqual(await processesUsing(join(used, 'nothing')), []);
    stop.abort();
    await ended;
    assert.deepEqual(await processesUsing(used), []);
  });

  it('keeps head and tail in memory and everything in a file', async () => {
    const lines = 200_000;
    const outcome = await run(`import sys\nsys.stdout.buffer.writelines(b"line %07d\\n" % n for n in range(${lines}))`);
    assert.equal(outcome.stdout.bytes, lines * 13);
    assert.equal(outcome.stdout.lines, lines);
    assert.ok(outcome.stdout.head.toString().startsWith('line 0000000\n'));
    assert.ok(outcome.stdout.tail.toString().endsWith(`line 0${lines - 1}\n`));
    assert.ok(outcome.stdout.file);
    const whole = readFileSync(outcome.stdout.file, 'utf8');
    assert.equal(whole.length, outcome.stdout.bytes);
    assert.equal(outcome.stdout.fileBytes, outcome.stdout.bytes);
    rmSync(outcome.stdout.file);
  });

  it('grows by less than 50 MB while a process writes 1 GB', async function () {
    this.timeout(120_000);
    let peak = 0;
    const before = process.memoryUsage().rss;
    const outcome = await run('import os\nchunk = b"x" * 1048576\nfor _ in range(1024): os.write(1, chunk)', {
      onOutput: () => (peak = Math.max(peak, process.memoryUsage.rss())),
    });
    assert.equal(outcome.stdout.bytes, 1024 ** 3);
    assert.ok(outcome.stdout.file);
    rmSync(outcome.stdout.file);
    assert.ok(peak - before < 50 * 1024 ** 2, `grew by ${Math.round((peak - before) / 1024 ** 2)} MB`);
  });

  it('keeps what was written at the very end while the event loop is held up', async () => {
    const holdUp = (ms: number): void => {
      for (const start = performance.now(); performance.now() - start < ms;);
    };
    const waiting = run('import os, time\nwhile not os.path.exists("go"): time.sleep(0.005)\nprint("kept")');
    const first = run('print("first")', {
      onOutput: () => {
        // The loop knows by now which pipes have something: the other one writes and ends too late for that, and yet its
        // end is seen together with this one's.
        writeFileSync(join(folder, 'go'), '');
        holdUp(500);
        setImmediate(() => {
          holdUp(300);
        });
      },
    });
    // Output and end of the first one are there at once.
    setImmediate(() => {
      holdUp(800);
    });
    await first;
    assert.equal(textOf((await waiting).stdout).trim(), 'kept');
  });

  it('runs fifty at once without mixing them up', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, async (_, n) => await run(`print(${n})`)));
    assert.deepEqual(
      outcomes.map(({ stdout }) => Number(textOf(stdout))),
      Array.from({ length: 50 }, (_, n) => n),
    );
  });
});

/** The kernel may take a moment to let go of a killed process; a zombie has ended. */
function assertEnded(pid: number): void {
  if (process.platform === 'linux' && existsSync(`/proc/${pid}/stat`)) {
    assert.match(readFileSync(`/proc/${pid}/stat`, 'utf8'), /\) [ZX] /, `process ${pid} is alive`);
  } else {
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  }
}
