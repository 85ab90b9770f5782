import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { textOf } from '../../src/core/process/capture';
import { PythonRunner, type RunOutcome, type RunRequest } from '../../src/core/runner/PythonRunner';
import type { UncaughtException } from '../../src/core/runner/uncaughtException';
import { testPythons } from '../support/pythons';

/** Programs that end in every way that a report is made of, and in those that it must keep out of. */
const endings: Readonly<Record<string, string>> = {
  chain: 'def f():\n    raise KeyError("k")\ntry:\n    f()\nexcept KeyError as e:\n    raise ValueError("v") from e\n',
  context: 'try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}["x"]\n',
  suppressed: 'try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise ValueError("v") from None\n',
  syntax: 'x = 1\nif True:\n    y = = 2\n',
  exitMessage: 'import sys\ndef stop():\n    sys.exit("no input file")\nstop()\n',
  exitCaught: 'import sys, traceback\ntry:\n    sys.exit("x")\nexcept SystemExit:\n    traceback.print_exc()\n',
  exitObject: 'import sys\nsys.exit(["a", 1])\n',
  exitWrongly: 'import sys\nsys.exit(1, 2)\n',
  exitCode: 'import sys\nsys.exit(3)\n',
  exitThread:
    'import sys, threading\nt = threading.Thread(target=sys.exit, args=("x",))\nt.start()\nt.join()\nsys.exit(2)\n',
  interrupt: 'raise KeyboardInterrupt\n',
  recursion:
    'def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError:\n    raise RecursionError("deep")\n',
  memory: 'raise MemoryError\n',
  thread:
    'import threading\nt = threading.Thread(target=lambda: 1 / 0, name="t")\nt.start()\nt.join()\nraise SystemExit(1)\n',
  atexit: 'import atexit\natexit.register(print, "bye")\n1 / 0\n',
};

const asModuleToo = ['chain', 'exitMessage', 'interrupt'];

for (const { path: executable, version, minor } of testPythons()) {
  describe(`the exception that ended a program of Python ${version}`, () => {
    let folder: string;
    beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'exceptions-')))));
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    const environment: Environment = {
      path: dirname(dirname(executable)),
      python: executable,
      version,
      isVenv: false,
      scripts: dirname(executable),
      libraries: { own: [], inherited: [] },
    };
    const run = async (program: RunRequest['program']): Promise<RunOutcome> =>
      await new PythonRunner(folder).run(environment, { program, args: [], env: {}, cwd: folder });
    const file = async (source: string, name = 'main.py'): Promise<RunOutcome> => {
      writeFileSync(join(folder, name), source);
      return await run({ kind: 'file', path: join(folder, name) });
    };
    const exceptionOf = async (source: string): Promise<UncaughtException> => {
      const { exception, stderr } = await file(source);
      assert.ok(exception, textOf(stderr));
      return exception;
    };

    it('changes nothing of what a program prints and how it ends', async () => {
      for (const [name, source] of Object.entries(endings)) {
        const path = join(folder, `${name}.py`);
        const ran = [{ outcome: await file(source, `${name}.py`), args: [path] }];
        if (asModuleToo.includes(name)) {
          ran.push({ outcome: await run({ kind: 'module', name }), args: ['-m', name] });
        }
        for (const { outcome, args } of ran) {
          const env = { PATH: process.env['PATH'], PYTHONUTF8: '1' };
          const { stdout, stderr, status, signal } = spawnSync(executable, args, { cwd: folder, env });
          const lines = (text: string): string => text.replaceAll('\r\n', '\n');
          assert.deepEqual(
            [lines(textOf(outcome.stdout)), lines(textOf(outcome.stderr)), outcome.exitCode, outcome.signal],
            [lines(stdout.toString()), lines(stderr.toString()), status, signal],
            args.join(' '),
          );
        }
      }
    });

    it('names the causes, nearest first', async () => {
      const { type, causes } = await exceptionOf(endings['chain'] ?? '');
      assert.equal(type, 'ValueError');
      assert.deepEqual(causes, [
        {
          type: 'KeyError',
          message: "'k'",
          frames: [
            { file: 'main.py', line: 4, function: '<module>', code: 'f()' },
            { file: 'main.py', line: 2, function: 'f', code: 'raise KeyError("k")' },
          ],
          relation: 'cause',
        },
      ]);
      const context = await exceptionOf(endings['context'] ?? '');
      assert.deepEqual(
        context.causes?.map((cause) => [cause.type, cause.relation, cause.frames[0]?.line]),
        [['ZeroDivisionError', 'context', 2]],
      );
      assert.equal((await exceptionOf(endings['suppressed'] ?? '')).causes, undefined);
    });

    it('survives causes without end and causes in a circle', async () => {
      const long =
        'error = None\nfor n in range(500):\n    new = ValueError(n)\n    new.__cause__ = error\n    error = new\nraise error';
      assert.deepEqual(
        (await exceptionOf(long)).causes?.map(({ message }) => message),
        ['498', '497', '496', '495', '494'],
      );
      const circle = 'a, b = ValueError("a"), ValueError("b")\na.__cause__, b.__cause__ = b, a\nraise a';
      assert.deepEqual(
        (await exceptionOf(circle)).causes?.map(({ message }) => message),
        ['b'],
      );
    });

    it('gives the place of a SyntaxError, its column too', async () => {
      const { type, frames } = await exceptionOf(endings['syntax'] ?? '');
      const place = frames.at(-1);
      assert.deepEqual([type, place?.line, place?.code], ['SyntaxError', 3, 'y = = 2']);
      assert.equal(place?.column, 9);
      if (minor >= 10) assert.equal(place.end_column, 10);
    });

    it('lists what a group holds, in the groups in it too', async function () {
      const group =
        minor >= 11
          ? ''
          : 'class BaseExceptionGroup(BaseException):\n    def __init__(self, text, exceptions):\n        super().__init__(text)\n        self.exceptions = exceptions\nExceptionGroup = BaseExceptionGroup\n';
      const { type, exceptions } = await exceptionOf(
        `${group}def fail(error, cause=None):\n    try:\n        raise error from cause\n    except Exception as e:\n        return e\nraise ExceptionGroup("many", [fail(ValueError("a")), ExceptionGroup("inner", [fail(OSError("b"), KeyError("c"))])] + [ValueError(n) for n in range(20)])`,
      );
      assert.match(type, /ExceptionGroup$/);
      assert.equal(exceptions?.length, 10);
      assert.deepEqual(
        exceptions.slice(0, 3).map((each) => [each.type, each.message, each.causes?.[0]?.type]),
        [
          ['ValueError', 'a', undefined],
          ['OSError', 'b', 'KeyError'],
          ['ValueError', '0', undefined],
        ],
      );
      assert.equal(exceptions[0]?.frames[0]?.function, 'fail');
    });

    it('is what was said to sys.exit, with the place that said it', async () => {
      writeFileSync(join(folder, 'mod.py'), endings['exitMessage'] ?? '');
      for (const outcome of [
        await file(endings['exitMessage'] ?? ''),
        await run({ kind: 'code', code: endings['exitMessage'] ?? '' }),
        await run({ kind: 'module', name: 'mod' }),
      ]) {
        const { exception } = outcome;
        assert.deepEqual([exception?.type, exception?.message], ['SystemExit', 'no input file']);
        assert.deepEqual(
          exception?.frames.map(({ line, function: name, code }) => [line, name, code]),
          [
            [4, '<module>', 'stop()'],
            [3, 'stop', 'sys.exit("no input file")'],
          ],
        );
      }
    });

    it('is none where the program ended with a number, in a thread, or after a message that it caught', async () => {
      for (const source of [
        endings['exitCode'],
        endings['exitThread'],
        endings['thread'],
        'import sys\ntry:\n    sys.exit("x")\nexcept SystemExit:\n    raise SystemExit(1)',
      ]) {
        const { exception, exitCode } = await file(source ?? '');
        assert.notEqual(exitCode, 0);
        assert.equal(exception, undefined);
      }
    });

    it('is there for an interrupt, too deep a recursion and too little memory', async () => {
      for (const [name, type] of [
        ['interrupt', 'KeyboardInterrupt'],
        ['recursion', 'RecursionError'],
        ['memory', 'MemoryError'],
      ] as const) {
        assert.equal((await exceptionOf(endings[name] ?? '')).type, type);
      }
    });

    it('is reported although the folder has modules by the names that the report needs', async () => {
      for (const name of ['json', 'traceback', 'linecache', 'tokenize', 'errno', 're']) {
        writeFileSync(join(folder, `${name}.py`), 'print("imported")\n');
      }
      const { exception, stdout, stderr } = await file('import json, traceback\n1 / 0\n');
      assert.equal(exception?.type, 'ZeroDivisionError', textOf(stderr));
      assert.deepEqual(textOf(stdout).trim().split(/\r?\n/), ['imported', 'imported']);
    });

    it('knows the file that hides a module of the standard library', async () => {
      writeFileSync(join(folder, 'email.py'), '');
      writeFileSync(join(folder, 'string.py'), 'x = 1');
      for (const [source, shadowing] of [
        ['import colorsys\ncolorsys.rgb_to_hls(0, 0, 0)', 'colorsys.py'],
        ['import email.message', 'email.py'],
        ['from string import ascii_letters', 'string.py'],
      ] as const) {
        const { exception } = await file(source, source.includes('colorsys') ? 'colorsys.py' : 'main.py');
        assert.equal(exception?.details?.shadowing, join(folder, shadowing));
      }
      // Nothing is hidden that would be there otherwise, so the file may well be meant.
      const { exception } = await file('import string\nstring.nothing_of_this_name', 'main.py');
      assert.equal(exception?.details?.shadowing, undefined);
    });

    it('knows the file of a module that was compiled for another Python', async () => {
      mkdirSync(join(folder, 'fast'));
      writeFileSync(join(folder, 'fast', '__init__.py'), 'from . import _core\n');
      const other = join(folder, 'fast', `_core.cpython-3${minor === 9 ? 10 : 9}-x86_64-linux-gnu.so`);
      writeFileSync(other, '');
      assert.equal((await exceptionOf('import fast')).details?.otherBuild, other);
      assert.equal((await exceptionOf('import fast._core')).details?.otherBuild, other);
    });
  });
}
