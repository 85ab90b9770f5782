import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { textOf } from '../../src/core/process/capture';
import type { Program } from '../../src/core/runner/program';
import { PythonRunner, type RunOutcome, type RunRequest } from '../../src/core/runner/PythonRunner';
import { testPythons } from '../support/pythons';

/** What a program can see of how it was started, and what the world can see of how it ended. */
const corpus: Readonly<Record<string, string>> = {
  'its names': 'print(sorted(globals()), __name__, __package__, __spec__, __doc__, type(__loader__).__name__)',
  'its file': 'print(globals().get("__file__"), globals().get("__cached__", "none"))',
  'its arguments': 'import sys; print(sys.argv, getattr(sys, "orig_argv", [])[1:], sys.executable, sys.flags)',
  'its path': 'import sys; print(sys.path, sys.prefix, sys.base_prefix)',
  'its environment':
    'import os; own = ("PYTHON_TOOLS_RUN", "PYTHON_TOOLS_RUN_FOLDER"); print(sorted((k, v) for k, v in os.environ.items() if k not in own), os.getcwd())',
  'modules that it did not import':
    'import sys; print(sorted(name for name in sys.modules if not name.startswith("encodings")))',
  'its input':
    'import sys; print(repr(sys.stdin.read())); print(sys.stdin.encoding, sys.stdout.encoding, sys.stdin.isatty())',
  'its input line by line': 'for line in open(0): print(repr(line))',
  'an exit code': 'import sys; print("bye"); sys.exit(7)',
  'an exit message': 'import sys; sys.exit("it said why")',
  'an exit with something odd': 'import sys; sys.exit([1])',
  'an exit at once': 'import os; print("lost", end=""); os._exit(3)',
  'an exception': 'def inner():\n    raise ValueError("ä €")\ndef outer():\n    inner()\nouter()',
  'a chain of exceptions': 'try:\n    {}["k"]\nexcept KeyError as error:\n    raise RuntimeError("later") from error',
  'an exception while handling one': 'try:\n    1 / 0\nexcept ZeroDivisionError:\n    missing',
  'an exception of its own': 'class Own(Exception):\n    pass\nraise Own("x")',
  'an exception without an end': 'def f():\n    f()\nimport sys\nsys.setrecursionlimit(60)\nf()',
  'a hook for exceptions':
    'import sys, traceback\ndef hook(kind, error, trace):\n    print("hook", kind, traceback.extract_tb(trace), error.__traceback__ is trace)\nsys.excepthook = hook\nraise ValueError("seen")',
  'a hook that fails':
    'import sys\ndef hook(*args):\n    raise TypeError("hook")\nsys.excepthook = hook\nraise ValueError("seen")',
  'a hook that calls the first one':
    'import sys\ndef hook(*args):\n    print("before")\n    sys.__excepthook__(*args)\nsys.excepthook = hook\nraise ValueError("seen")',
  'what exit handlers see':
    'import atexit, sys\natexit.register(lambda: print("file" , globals().get("__file__"), getattr(sys, "last_value", None)))\nraise ValueError("x")',
  'exit handlers in order': 'import atexit\nfor n in range(3):\n    atexit.register(print, n)\nprint("body")',
  'an interrupt': 'raise KeyboardInterrupt("stop")',
  'an interrupt from outside': 'import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)',
  'a signal': 'import os, signal\nprint("x", flush=True)\nos.kill(os.getpid(), signal.SIGTERM)',
  'a crash': 'import os, signal\nprint("x", flush=True)\nos.kill(os.getpid(), signal.SIGSEGV)',
  'signal handlers':
    'import signal; print(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGTERM))',
  'an error of syntax': 'print("never")\nif True print(1)\n',
  'an error of indentation': 'def f():\nprint(1)\n',
  'a warning of the compiler': 'print("\\d")\nassert (1, "x")\n',
  'a warning':
    'import warnings\ndef old():\n    warnings.warn("old", DeprecationWarning, stacklevel=2)\nold()\nwarnings.warn("here")',
  'a future': 'from __future__ import annotations\ndef f(a: missing): pass\nprint(f.__annotations__)',
  'a declared encoding': '# -*- coding: utf-8 -*-\nprint("ä")',
  'a thread that outlives the main one':
    'import threading, time\ndef work():\n    time.sleep(0.05)\n    print("thread", threading.main_thread().is_alive())\nthreading.Thread(target=work).start()\nprint("main", threading.current_thread() is threading.main_thread())',
  'a thread that fails': 'import threading\nt = threading.Thread(target=lambda: 1 / 0, name="T")\nt.start()\nt.join()',
  'a fork':
    'import os, sys\nsys.stdout.flush()\npid = os.fork()\nprint("child" if pid == 0 else "parent", flush=True) if pid == 0 else (os.waitpid(pid, 0), print("parent"))',
  'multiprocessing by fork':
    'import multiprocessing as m\ndef f(x):\n    return x * x\nif __name__ == "__main__":\n    with m.get_context("fork").Pool(2) as pool:\n        print(pool.map(f, range(4)))',
  'multiprocessing by spawn':
    'import multiprocessing as m\ndef f(x):\n    return x * x\nif __name__ == "__main__":\n    with m.get_context("spawn").Pool(1) as pool:\n        print(pool.map(f, range(4)))',
  'another Python':
    'import subprocess, sys; print(subprocess.run([sys.executable, "-c", "import sys; print(sys.argv, sys.flags)"], stdout=subprocess.PIPE).stdout)',
  'an import of a neighbour': 'import neighbour; print(neighbour.value)',
  'pickles of its own classes':
    'import pickle\nclass C:\n    pass\nprint(type(pickle.loads(pickle.dumps(C()))) is C, C.__module__, C.__qualname__)',
  'its own source': 'import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))',
  'a task': 'import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    print("done")\nasyncio.run(main())',
  'a task that fails': 'import asyncio\nasync def main():\n    raise ValueError("in a task")\nasyncio.run(main())',
  'objects that end last': 'class C:\n    def __del__(self):\n        print("gone")\nc = C()\nprint("end")',
  'bytes on its output': 'import sys; sys.stdout.buffer.write(bytes(range(256))); sys.stderr.write("e")',
  nothing: '',
};

const pythons = process.platform === 'win32' ? [] : testPythons();
for (const [index, { path: executable, version }] of pythons.entries()) {
  describe(`a Python ${version} that waited for its program`, () => {
    let folder: string;
    let waiting: PythonRunner;
    before(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'ready ä ')));
      writeFileSync(join(folder, 'neighbour.py'), 'value = 42');
      mkdirSync(join(folder, 'package'));
      writeFileSync(join(folder, 'package/__init__.py'), '');
      waiting = new PythonRunner(folder);
    });
    after(() => {
      waiting.dispose();
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
    const request = (program: Program): RunRequest => ({
      program,
      args: ['a b', 'ä', ''],
      stdin: 'line 1\nlast line',
      env: {},
      cwd: folder,
    });
    const ready = async (asked: RunRequest): Promise<RunOutcome> => {
      await waiting.prepare(environment);
      return await waiting.run(environment, asked);
    };
    const seen = (outcome: RunOutcome) => {
      const { ending, exitCode, signal, stdout, stderr, exception } = outcome;
      // Addresses of objects, and the folder of a run, are others each time; and a program that waited runs deeper.
      const text = (of: string) =>
        of
          .replace(/ at 0x[0-9a-f]+/g, '')
          .replace(/run-[A-Za-z0-9_-]{6}/g, 'run-')
          .replace(/repeated \d+ more/g, 'repeated');
      return {
        ...{ ending, exitCode, signal, exception },
        stdout: text(textOf(stdout)),
        stderr: text(textOf(stderr)),
      };
    };
    const programs: Readonly<Record<string, (source: string) => Program>> = {
      file: (source) => {
        writeFileSync(join(folder, 'main.py'), source);
        return { kind: 'file', path: join(folder, 'main.py') };
      },
      module: (source) => {
        writeFileSync(join(folder, 'package/tool.py'), source);
        return { kind: 'module', name: 'package.tool' };
      },
      code: (source) => ({ kind: 'code', code: source }),
    };

    it('is the one that runs', async () => {
      const source = 'print("PYTHON_TOOLS_WAIT" in open("/proc/self/environ").read())';
      if (!existsSync('/proc/self/environ')) return;
      for (const make of Object.values(programs)) {
        assert.equal(textOf((await ready(request(make(source)))).stdout), 'True\n');
        assert.equal(textOf((await waiting.run(environment, request(make(source)))).stdout), 'False\n');
      }
    });

    it('leaves no process behind', async () => {
      const source = 'import subprocess\nsubprocess.Popen(["sleep", "60"], start_new_session=True)';
      for (const make of Object.values(programs)) {
        assert.equal((await ready(request(make(source)))).backgroundProcessesEnded, 1);
      }
    });

    it('sees a module that was written while it waited', async () => {
      await waiting.prepare(environment);
      writeFileSync(join(folder, 'late.py'), 'value = "late"');
      const outcome = await waiting.run(environment, request({ kind: 'code', code: 'import late; print(late.value)' }));
      assert.equal(textOf(outcome.stdout), 'late\n');
    });

    it('ends in time, and when the call is cancelled', async () => {
      const program = programs['code']?.('print("begun", flush=True)\nimport time\ntime.sleep(60)');
      assert.ok(program);
      const late = await ready({ ...request(program), timeoutMs: 300 });
      assert.deepEqual([late.ending, textOf(late.stdout)], ['timed_out', 'begun\n']);
      const cancel = new AbortController();
      const onOutput = () => {
        cancel.abort();
      };
      const cancelled = await ready({ ...request(program), signal: cancel.signal, onOutput });
      assert.equal(cancelled.ending, 'cancelled');
    });

    // All kinds on the oldest and the newest: they start in the same ways on those between.
    const isEdge = index === 0 || index === pythons.length - 1;
    for (const [kind, make] of Object.entries(programs).filter(([kind]) => kind === 'file' || isEdge)) {
      it(`runs a ${kind} as one started for it does`, async function () {
        this.timeout(120_000);
        for (const [title, source] of Object.entries(corpus)) {
          const asked = request(make(source));
          // A compiled module no longer warns, and two of the same length and second are taken for one.
          const forget = () => {
            rmSync(join(folder, 'package/__pycache__'), { recursive: true, force: true });
          };
          forget();
          const warm = await ready(asked);
          forget();
          const cold = await new PythonRunner(folder).run(environment, asked);
          assert.deepEqual(seen(warm), seen(cold), title);
        }
      });
    }
  });
}
