import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { failureHint } from '../../src/core/hints/failureHint';
import { importHint } from '../../src/core/hints/importHint';
import type { HintSources } from '../../src/core/hints/runHint';
import { createMachinery } from '../../src/core/machinery';
import { PythonFolder } from '../../src/core/folder';
import { PythonRunner, type RunRequest } from '../../src/core/runner/PythonRunner';
import { defaultSettings } from '../../src/core/settings';
import { testPythons } from '../support/pythons';

const pythons = testPythons();

for (const { path: executable, version } of [pythons.at(0), pythons.at(-1)].filter((python) => python !== undefined)) {
  describe(`the hint after a failed run of Python ${version}`, () => {
    let root: string;
    beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'hints-')))));
    afterEach(() => {
      rmSync(root, { recursive: true, force: true });
    });

    const environment: Environment = {
      path: dirname(dirname(executable)),
      python: executable,
      version,
      isVenv: false,
      scripts: dirname(executable),
      libraries: { own: [], inherited: [] },
    };
    const hintOf = async (source: string, options: Partial<RunRequest> = {}): Promise<string | undefined> => {
      const machinery = createMachinery();
      const { venvs } = new PythonFolder({ ...machinery, root, settings: () => defaultSettings });
      const sources: HintSources = { root, maxTimeout: 300, venvs, metadata: machinery.metadata };
      const program = { kind: 'code', code: source } as const;
      const request: RunRequest = { program, args: [], env: {}, cwd: root, ...options };
      const outcome = await new PythonRunner(root).run(environment, request);
      const run = { request, environment, outcome };
      return importHint(sources, run) ?? (await failureHint(sources, run));
    };
    const file = (name: string, source: string): Partial<RunRequest> => {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), source);
      return { program: { kind: 'file', path: join(root, name) } };
    };

    it('asks for standard input', async () => {
      assert.match((await hintOf('name = input("? ")')) ?? '', /which is empty: pass its lines as "stdin"/);
      assert.match((await hintOf('input(); input()', { stdin: 'one\n' })) ?? '', /more lines than "stdin" has/);
      const loop = 'while True:\n    try:\n        input()\n    except EOFError:\n        pass';
      assert.match((await hintOf(loop, { timeoutMs: 700 })) ?? '', /pass its lines as "stdin"/);
    });

    it('explains what the loaders of Linux, macOS and Windows say of a compiled module', async () => {
      for (const [said, hint] of [
        [
          'libGL.so.1: cannot open shared object file: No such file or directory',
          /no libGL\.so\.1: install the system/,
        ],
        ['/x/_y.so: wrong ELF class: ELFCLASS32', /^A compiled module was built for another processor or system/],
        ["dlopen(_y.so): mach-o file, but is an incompatible architecture (have 'x86_64')", /for another processor/],
        ['/x/_y.so: undefined symbol: _PyGen_Send', /^A compiled module was built for another Python/],
        [
          'DLL load failed while importing _y: The specified module could not be found.',
          /Visual C\+\+ Redistributable/,
        ],
        ['DLL load failed while importing _y: %1 is not a valid Win32 application.', /for another processor/],
      ] as const) {
        assert.match((await hintOf(`raise ImportError(${JSON.stringify(said)})`)) ?? '', hint);
      }
    });

    it('says that a port is in use', async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      try {
        assert.match(
          (await hintOf(`import socket\nsocket.socket().bind(("127.0.0.1", ${port}))`)) ?? '',
          /^The port is in use/,
        );
        const asyncio = `import asyncio\nasync def main():\n    await asyncio.start_server(print, "127.0.0.1", ${port})\nasyncio.run(main())`;
        assert.match((await hintOf(asyncio)) ?? '', new RegExp(`^Port ${port} is in use`));
      } finally {
        server.close();
      }
    });

    it('names the file that hides a module', async () => {
      const hint = await hintOf('', file('colorsys.py', 'import colorsys\ncolorsys.rgb_to_hls(0, 0, 0)'));
      assert.match(hint ?? '', /^"colorsys\.py" hides the module "colorsys" that is imported: rename it/);
    });

    it('names the folder that a file of the program lies in', async () => {
      writeFileSync(join(root, 'other.csv'), '');
      file('sub/data.csv', '');
      assert.match((await hintOf('', file('sub/main.py', 'open("data.csv")'))) ?? '', /"cwd": "sub"/);
      assert.equal(await hintOf('', file('sub/main.py', 'open("nowhere.csv")')), undefined);
    });

    it('says which bytes are no text', async () => {
      writeFileSync(join(root, 'utf16.txt'), Buffer.from('\ufeffhello', 'utf16le'));
      writeFileSync(join(root, 'latin.txt'), Buffer.from('caf\xe9 au', 'latin1'));
      assert.match((await hintOf('open("utf16.txt", encoding="utf-8").read()')) ?? '', /encoding="utf-16"/);
      assert.match((await hintOf('open("latin.txt", encoding="utf-8").read()')) ?? '', /encoding="cp1252"/);
    });

    it('knows Python 2', async () => {
      assert.match((await hintOf('print "hello"')) ?? '', /^This is Python 2 source/);
    });

    it('sends installs to python.pip', async () => {
      const pip: Partial<RunRequest> = { program: { kind: 'module', name: 'pip' }, args: ['install', 'requests>=2'] };
      assert.match((await hintOf('', pip)) ?? '', /python\.pip {"action": "install", "packages": \["requests>=2"\]}/);
      const inside =
        'import subprocess, sys\nsubprocess.check_call([sys.executable, "-m", "pip", "install", "x"], env={"PIP_REQUIRE_VIRTUALENV": "1"})';
      assert.match((await hintOf(inside)) ?? '', /python\.pip {"action": "install", "packages": \["NAME"\]}/);
    });

    it('tells what to do after a crash', async function () {
      if (process.platform === 'win32') this.skip();
      const die = (signal: string) => `import os, signal\nos.kill(os.getpid(), signal.${signal})`;
      assert.match((await hintOf(die('SIGSEGV'))) ?? '', /"env": {"PYTHONFAULTHANDLER": "1"}/);
      assert.match((await hintOf(die('SIGKILL'))) ?? '', /memory/);
      assert.equal(await hintOf(die('SIGTERM')), undefined);
    });

    it('tells a slow program from a server', async () => {
      const options = { timeoutMs: 1000 };
      assert.match((await hintOf('import time; time.sleep(60)', options)) ?? '', /higher "timeout" \(at most 300\)/);
      const server = 'import time; print("Running on http://127.0.0.1:5000"); time.sleep(60)';
      assert.match((await hintOf(server, options)) ?? '', /^A server runs until it is stopped/);
    });

    it('is none for what it does not know', async () => {
      for (const source of ['1 / 0', '{}["x"]', 'import sys; sys.exit(3)', 'raise EOFError("no more records")']) {
        assert.equal(await hintOf(source), undefined, source);
      }
    });
  });
}
