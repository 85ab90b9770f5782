import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { textOf } from '../../src/core/process/capture';
import { PythonRunner, type RunOutcome, type RunRequest } from '../../src/core/runner/PythonRunner';
import { itWithFolderLinks, linkFolder } from '../support/platform';
import { testPythons } from '../support/pythons';

for (const { path: executable, version } of testPythons()) {
  describe(`running Python ${version}`, () => {
    let folder: string;
    beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'runner ä ')))));
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
    const run = async (program: RunRequest['program'], options: Partial<RunRequest> = {}): Promise<RunOutcome> =>
      await new PythonRunner(folder).run(environment, { program, args: [], env: {}, cwd: folder, ...options });
    const code = async (source: string, options: Partial<RunRequest> = {}): Promise<RunOutcome> =>
      await run({ kind: 'code', code: source }, options);
    const file = async (name: string, source: string, options: Partial<RunRequest> = {}): Promise<RunOutcome> => {
      writeFileSync(join(folder, name), source);
      return await run({ kind: 'file', path: join(folder, name) }, options);
    };
    const out = ({ stdout }: RunOutcome): string => textOf(stdout).replaceAll('\r\n', '\n');
    const err = ({ stderr }: RunOutcome): string => textOf(stderr).replaceAll('\r\n', '\n');

    it('passes arguments to files, code and modules alike, whatever they hold', async () => {
      const args = ['a b', '"quoted"', "it's", '$HOME', '*', 'ä€😀', '', '-x'];
      const print = 'import sys, json; print(json.dumps(sys.argv[1:]))';
      writeFileSync(join(folder, 'mod.py'), print);
      for (const outcome of [
        await file('main.py', print, { args }),
        await code(print, { args }),
        await run({ kind: 'module', name: 'mod' }, { args }),
      ]) {
        assert.deepEqual(JSON.parse(out(outcome)), args, err(outcome));
      }
    });

    it('runs inline code as __main__, with the folder on sys.path and nothing left in it', async () => {
      writeFileSync(join(folder, 'neighbour.py'), 'value = 42');
      mkdirSync(join(folder, 'sub'));
      const outcome = await code(
        'import neighbour, sys, os\nprint(__name__, neighbour.value, sys.path[0], os.getcwd())\nprint(sorted(n for n in globals() if not n.startswith("__")))',
        { cwd: join(folder, 'sub'), env: { PYTHONDONTWRITEBYTECODE: '1' } },
      );
      assert.equal(
        out(outcome),
        `__main__ 42 ${folder} ${join(folder, 'sub')}\n['neighbour', 'os', 'sys']\n`,
        err(outcome),
      );
      assert.deepEqual(readdirSync(folder).sort(), ['neighbour.py', 'sub']);
    });

    it('shows the source lines of inline code in its traceback, and no frames of our own', async () => {
      const outcome = await code('def f(x):\n    return 1 / x\n\nf(0)');
      assert.equal(outcome.exitCode, 1);
      assert.match(
        err(outcome),
        /^Traceback \(most recent call last\):\n {2}File "<code>", line 4, in <module>\n {4}f\(0\)\n/,
      );
      assert.match(
        err(outcome),
        / {2}File "<code>", line 2, in f\n {4}return 1 \/ x\n[\s~^]*ZeroDivisionError: division by zero\n$/,
      );
      assert.deepEqual(outcome.exception, {
        type: 'ZeroDivisionError',
        message: 'division by zero',
        frames: [
          { file: '<code>', line: 4, function: '<module>', code: 'f(0)' },
          { file: '<code>', line: 2, function: 'f', code: 'return 1 / x' },
        ],
      });
    });

    it('shows the source lines of threads of inline code too', async () => {
      const outcome = await code('import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()');
      assert.equal(outcome.exitCode, 0);
      assert.match(err(outcome), /File "<code>", line 2, in <lambda>\n {4}t = threading/);
    });

    it('runs inline code of any length', async () => {
      const outcome = await code(`text = "${'x'.repeat(500_000)}"\nprint(len(text))`);
      assert.equal(out(outcome), '500000\n', err(outcome));
    });

    it('lets inline code spawn processes of its own functions', async () => {
      const outcome = await code(
        'import multiprocessing as mp\ndef double(x):\n    return 2 * x\nif __name__ == "__main__":\n    with mp.get_context("spawn").Pool(1) as pool:\n        print(pool.map(double, [1, 2]))',
      );
      assert.equal(out(outcome), '[2, 4]\n', err(outcome));
    });

    it('reports an exception with the frames of the own files only, relative to the folder', async () => {
      writeFileSync(join(folder, 'helper.py'), 'import json\ndef parse(text):\n    return json.loads(text)\n');
      const outcome = await file('main.py', 'from helper import parse\n\nparse("{")\n');
      assert.equal(outcome.exception?.type, 'json.decoder.JSONDecodeError');
      assert.match(outcome.exception.message, /^Expecting property name/);
      assert.deepEqual(outcome.exception.frames, [
        { file: 'main.py', line: 3, function: '<module>', code: 'parse("{")' },
        { file: 'helper.py', line: 3, function: 'parse', code: 'return json.loads(text)' },
      ]);
    });

    it('names the type of an exception as the traceback does', async () => {
      const source = 'class Mine(Exception):\n    pass\nraise Mine("x: y\\nz")';
      for (const outcome of [await file('main.py', source), await code(source)]) {
        const printed =
          err(outcome)
            .split('\n')
            .find((line) => /^\S*Mine: /.test(line)) ?? '';
        assert.equal(`${outcome.exception?.type}: x: y`, printed);
        assert.equal(outcome.exception?.message, 'x: y\nz');
      }
    });

    it('reports where a SyntaxError is', async () => {
      for (const outcome of [await file('main.py', 'x = 1\nif x\n    pass\n'), await code('x = 1\nif x\n    pass\n')]) {
        assert.equal(outcome.exception?.type, 'SyntaxError');
        const last = outcome.exception.frames.at(-1);
        assert.ok(last && ['main.py', '<code>'].includes(last.file));
        assert.deepEqual([last.line, last.code], [2, 'if x']);
        assert.match(err(outcome), /line 2\n {4}if x\n/);
      }
    });

    it('keeps at most 50 frames, the innermost', async () => {
      const { exception } = await code('def f(n):\n    return f(n + 1)\nf(0)');
      assert.equal(exception?.type, 'RecursionError');
      assert.equal(exception.frames.length, 50);
      assert.equal(exception.frames[0]?.function, 'f');
    });

    it('reports no exception for an exit code, or one that was caught', async () => {
      for (const [source, exitCode] of [
        ['import sys; sys.exit(4)', 4],
        ['try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass', 0],
      ] as const) {
        const outcome = await code(source);
        assert.deepEqual([outcome.exitCode, outcome.exception], [exitCode, undefined]);
      }
    });

    it('reports the exception although the program prints it in its own way', async () => {
      const outcome = await file(
        'main.py',
        'import sys\nsys.excepthook = lambda *_: print("hook")\nraise KeyError("k")',
      );
      assert.equal(out(outcome), 'hook\n');
      assert.deepEqual([outcome.exception?.type, outcome.exception?.message], ['KeyError', "'k'"]);
    });

    it('leaves the environment, the import path and the arguments as a plain start has them', async () => {
      writeFileSync(join(folder, 'lib.py'), '');
      const show =
        'import os, sys\nprint([k for k in os.environ if k in ("PYTHON_TOOLS_RUN_FOLDER", "PYTHON_TOOLS_ROOT")], os.environ.get("PYTHONPATH"), sys.argv, sys.path[0])\nprint([p for p in sys.path if "runner" in p and "python" in os.path.basename(p)])';
      const outcome = await file('main.py', show, { env: { PYTHONPATH: folder } });
      assert.equal(
        out(outcome),
        `[] ${folder} ['${join(folder, 'main.py').replaceAll('\\', '\\\\')}'] ${folder}\n[]\n`,
        err(outcome),
      );
    });

    it('gives way to a sitecustomize of the machine', async () => {
      mkdirSync(join(folder, 'site'));
      writeFileSync(join(folder, 'site', 'sitecustomize.py'), 'import builtins\nbuiltins.customized = True');
      const outcome = await code('print(customized)\n1 / 0', { env: { PYTHONPATH: join(folder, 'site') } });
      assert.equal(out(outcome), 'True\n', err(outcome));
      assert.equal(outcome.exception?.type, 'ZeroDivisionError');
    });

    it('keeps bytecode of its own modules alone where the user wants none', async () => {
      const env = { PYTHONDONTWRITEBYTECODE: '1', PYTHONPYCACHEPREFIX: join(folder, 'bytecode') };
      writeFileSync(join(folder, 'neighbour.py'), '');
      const outcome = await code('import neighbour, sys\nassert sys.dont_write_bytecode\n1 / 0', { env });
      assert.equal(outcome.exception?.type, 'ZeroDivisionError');
      const written = readdirSync(join(folder, 'bytecode'), { recursive: true }).map(String);
      const modules = written.filter((name) => name.endsWith('.pyc')).map((name) => basename(name).split('.')[0]);
      assert.deepEqual(modules.sort(), [
        '_python_tools_guard',
        '_python_tools_inline',
        '_python_tools_start',
        'exception',
      ]);
    });

    it('gives what is read from standard input, and nothing by default', async () => {
      assert.equal(out(await code('print(input())', { stdin: 'hé\n' })), 'hé\n');
      assert.equal((await code('input()')).exception?.type, 'EOFError');
    });

    it('returns what was written before a time limit', async () => {
      const outcome = await file('main.py', 'import time\nprint("so far")\ntime.sleep(60)', { timeoutMs: 1000 });
      assert.deepEqual([outcome.ending, out(outcome), outcome.exception], ['timed_out', 'so far\n', undefined]);
    });

    it('never lets pip change a base interpreter', async () => {
      const outcome = await run({ kind: 'module', name: 'pip' }, { args: ['install', '--no-index', 'nothing'] });
      assert.notEqual(outcome.exitCode, 0);
      assert.match(err(outcome), /virtualenv|No module named pip/);
    });

    it('keeps the pictures that figures and images are shown as', async () => {
      // A stand-in for matplotlib with the calls that pictures are taken through: the real one is tried in the sample project.
      mkdirSync(join(folder, 'matplotlib'));
      const png = "b'\\x89PNG\\r\\n\\x1a\\n' + bytes([self.number]) + b'IEND\\xaeB`\\x82'";
      writeFileSync(join(folder, 'matplotlib', '__init__.py'), '');
      writeFileSync(
        join(folder, 'matplotlib', 'figure.py'),
        `class Figure:\n    def __init__(self, number):\n        self.number = number\n    def savefig(self, target, format=None, dpi=None):\n        data = ${png}\n        open(target, 'wb').write(data) if isinstance(target, str) else target.write(data)\n`,
      );
      writeFileSync(
        join(folder, 'matplotlib', 'pyplot.py'),
        'from .figure import Figure\n_figures = {}\ndef figure(number):\n    return _figures.setdefault(number, Figure(number))\ndef get_fignums():\n    return list(_figures)\ndef close(which):\n    _figures.clear()\ndef show():\n    raise RuntimeError("no display")\n',
      );
      const outcome = await code(
        'import matplotlib.pyplot as plt\nfor n in range(6):\n    plt.figure(n)\nplt.figure(0).savefig("saved.png")\nplt.show()\nprint(plt.get_fignums())',
      );
      assert.equal(out(outcome), '[]\n', err(outcome));
      assert.deepEqual(
        outcome.pictures.map((picture) => picture[8]),
        [0, 1, 2, 3],
      );
    });

    itWithFolderLinks('names files by the folder although it was opened through a link', async () => {
      const link = `${folder}-link`;
      linkFolder(folder, link);
      try {
        writeFileSync(join(folder, 'main.py'), '1 / 0');
        const outcome = await new PythonRunner(link).run(environment, {
          program: { kind: 'file', path: join(link, 'main.py') },
          args: [],
          env: {},
          cwd: link,
        });
        assert.equal(outcome.exception?.frames[0]?.file, 'main.py');
      } finally {
        rmSync(link);
      }
    });
  });
}
