import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/core/errors';
import { PythonFolder } from '../../src/core/folder';
import { failureHint } from '../../src/core/hints/failureHint';
import { InterpreterFinder } from '../../src/core/interpreters/finder';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { PythonRunner, type RunRequest } from '../../src/core/runner/PythonRunner';
import type { Program } from '../../src/core/runner/program';
import { defaultSettings } from '../../src/core/settings';
import { onWindows } from '../support/platform';
import { testPythons } from '../support/pythons';
import { throwawayBase, type ThrowawayBase } from '../support/throwawayBase';
import { writeWheel } from '../support/wheels';

const refusedWith = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ToolError, String(error));
  assert.ok(['refused', 'venv_broken'].includes(error.kind), error.kind);
  assert.match(error.message, message);
  return true;
};

const pythons = testPythons();

for (const tested of [pythons.at(0), pythons.at(-1)].filter((python) => python !== undefined)) {
  describe(`the base Python ${tested.version} stays as it is`, function () {
    this.timeout(60_000);
    let folder: string;
    let root: string;
    let base: ThrowawayBase;
    let finder: InterpreterFinder;
    let opened: PythonFolder;

    before(async function () {
      if (onWindows) return this.skip();
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'python-tools-test-')));
      base = throwawayBase(tested, join(folder, 'base'));
      finder = new InterpreterFinder({ cacheFolder: join(folder, 'cache') });
      await writeWheel(join(folder, 'wheels'), { name: 'alpha', version: '1.0' });
    });
    beforeEach(() => {
      root = mkdtempSync(join(folder, 'root-'));
      const settings = { ...defaultSettings, interpreter: base.python, keepInterpreterReady: false };
      const metadata = new InstalledMetadata();
      opened = new PythonFolder({
        root,
        finder,
        metadata,
        findUv: () => Promise.resolve(undefined),
        settings: () => settings,
      });
      Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(folder, 'wheels') });
    });
    afterEach(() => {
      for (const name of ['PIP_NO_INDEX', 'PIP_FIND_LINKS']) Reflect.deleteProperty(process.env, name);
      opened.dispose();
      // The next test begins with a base that is as it was, whatever this one found out.
      for (const name of base.installed()) rmSync(join(base.library, name), { recursive: true });
    });
    after(() => {
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    async function run(program: Program, args: readonly string[] = [], more: Partial<RunRequest> = {}) {
      const { environment } = await opened.environmentToRun();
      const request: RunRequest = { program, args, env: {}, cwd: root, timeoutMs: 30_000, ...more };
      const outcome = await opened.run(environment, request);
      return { ...outcome, request, environment, errorText: outcome.stderr.head.toString() };
    }
    const code = async (source: string, more?: Partial<RunRequest>) =>
      await run({ kind: 'code', code: `import os, subprocess, sys\n${source}` }, [], more);
    const wheels = (): string => join(folder, 'wheels');

    const commands: [module: string, args: string[]][] = [
      ['pip', ['install', 'alpha']],
      ['pip', ['--isolated', 'install', 'alpha']],
      ['pip', ['-q', '--isolated', '--log', 'list', 'install', 'alpha']],
      ['pip', ['--lo', 'list', '--isolated', 'install', 'alpha']],
      ['pip', ['install', '--isolated', '--user', 'alpha']],
      ['pip', ['uninstall', '-y', 'pip', '--isolated']],
      ['pip.__main__', ['--isolated', 'install', 'alpha']],
      ['pip._internal', ['--isolated', 'install', 'alpha']],
      ['ensurepip', []],
      ['ensurepip', ['--upgrade', '--root', '/']],
      ['ensurepip._uninstall', []],
    ];
    for (const [module, args] of commands) {
      it(`refuses "python -m ${[module, ...args].join(' ')}" before it starts, without a venv`, async () => {
        await assert.rejects(run({ kind: 'module', name: module }, args), refusedWith(/is never modified/));
        await assert.rejects(run({ kind: 'module', name: module }, args), ({ hint }: ToolError) =>
          (hint ?? '').includes('python.pip'),
        );
      });
    }

    it('is named with the call that installs', async () => {
      await assert.rejects(
        run({ kind: 'module', name: 'pip' }, ['-q', '--isolated', 'uninstall', 'alpha', 'beta']),
        ({ hint }: ToolError) => hint?.includes('{"action": "uninstall", "packages": ["alpha", "beta"]}') === true,
      );
    });

    for (const args of [
      ['list'],
      ['--isolated', 'list'],
      ['show', 'install'],
      ['help', 'install'],
      ['--version'],
      ['-q', '--log', 'install', 'list'],
    ]) {
      it(`lets "python -m pip ${args.join(' ')}" read`, async () => {
        assert.equal((await run({ kind: 'module', name: 'pip' }, args)).exitCode, args[0] === 'show' ? 1 : 0);
      });
    }

    const isolated = '"--isolated", "install", "--no-index", "--find-links", wheels, "alpha"';
    const programs: Record<string, string> = {
      'calls pip in its own process': `from pip._internal.cli.main import main\nsys.exit(main([${isolated}]))`,
      'calls an older entry of pip': `import pip._internal\nsys.exit(pip._internal.main([${isolated}]))`,
      'runs the module pip': `import runpy\nsys.argv[1:] = [${isolated}]\nrunpy.run_module("pip", run_name="__main__", alter_sys=True)`,
      'drops the variable':
        'os.environ.pop("PIP_REQUIRE_VIRTUALENV")\nsubprocess.run([sys.executable, "-m", "pip", "install", "alpha"], check=True)',
      'starts pip with an environment of its own':
        'subprocess.run([sys.executable, "-m", "pip", "install", "--no-index", "--find-links", wheels, "alpha"], env={}, check=True)',
      'starts an isolated pip': `subprocess.run([sys.executable, "-m", "pip", ${isolated}], check=True)`,
      'starts it through a shell':
        'subprocess.run(f"env -i {sys.executable} -m pip install --no-index --find-links {wheels} alpha", shell=True, check=True)',
      'starts it through os.system':
        'os.environ.clear()\nsys.exit(os.system(f"{sys.executable} -m pip install --no-index --find-links {wheels} alpha") and 1)',
      'starts an isolated one through os.system':
        'sys.exit(os.system(f"{sys.executable} -m pip --isolated install --no-index --find-links {wheels} alpha") and 1)',
      'becomes pip': `os.execv(sys.executable, [sys.executable, "-m", "pip", ${isolated}])`,
      'becomes pip with an environment of its own':
        'os.execve(sys.executable, [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", wheels, "alpha"], {})',
      'spawns pip': `os.environ.clear()\nsys.exit(os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-m", "pip", "install", "alpha"]))`,
      'spawns pip by posix_spawn':
        'pid = os.posix_spawn(sys.executable, [sys.executable, "-m", "pip", "install", "--no-index", "--find-links", wheels, "alpha"], {})\nsys.exit(os.waitpid(pid, 0)[1] and 1)',
      'bootstraps pip': 'import ensurepip\nensurepip.bootstrap(upgrade=True)',
      'starts ensurepip': 'subprocess.run([sys.executable, "-m", "ensurepip", "--upgrade"], check=True)',
    };
    for (const [what, source] of Object.entries(programs)) {
      it(`is not changed by a program that ${what}`, async () => {
        const before = readdirSync(base.library).sort();
        const outcome = await code(`wheels = ${JSON.stringify(wheels())}\n${source}`);
        assert.deepEqual(base.installed(), [], outcome.errorText);
        assert.deepEqual(readdirSync(base.library).sort(), before);
        assert.notEqual(outcome.exitCode, 0, outcome.errorText);
        assert.match(
          `${outcome.errorText}${outcome.stdout.head.toString()}`,
          /never modified here|Could not find an activated virtualenv|returned non-zero/,
        );
        const sources = { root, maxTimeout: 300, venvs: opened.venvs, metadata: new InstalledMetadata() };
        assert.match((await failureHint(sources, { ...outcome, outcome })) ?? '', /python\.pip/);
      });
    }

    it('is not changed by a setup.py', async () => {
      for (const setup of ['distutils.core', 'setuptools']) {
        if (setup === 'distutils.core' ? tested.minor > 11 : !existsSync(join(base.library, 'setuptools'))) continue;
        writeFileSync(
          join(root, 'setup.py'),
          `from ${setup} import setup\nsetup(name="alpha", version="1", py_modules=[])\n`,
        );
        for (const command of ['install', 'develop']) {
          const outcome = await run({ kind: 'file', path: join(root, 'setup.py') }, [command]);
          assert.notEqual(outcome.exitCode, 0);
          assert.match(outcome.errorText, /never modified here|invalid command 'develop'/);
          assert.deepEqual(base.installed(), [], outcome.errorText);
        }
      }
    });

    it('is not changed by a program of an interpreter that waited for it', async () => {
      const { environment } = await opened.environmentToRun();
      const runner = new PythonRunner(root, () => ({ ...defaultSettings, keepInterpreterReady: true }));
      await runner.prepare(environment);
      const source =
        'import os, subprocess, sys\nos.environ.clear()\nsubprocess.run([sys.executable, "-m", "pip", "install", "alpha"], check=True)';
      const outcome = await runner.run(environment, {
        program: { kind: 'code', code: source },
        args: [],
        env: {},
        cwd: root,
      });
      runner.dispose();
      assert.match(outcome.stderr.head.toString(), /Could not find an activated virtualenv/);
      assert.deepEqual(base.installed(), []);
    });

    it('lets a program make a venv and install into it, isolated or not', async () => {
      const source = `wheels = ${JSON.stringify(wheels())}
subprocess.run([sys.executable, "-m", "venv", "made"], check=True)
python = os.path.join("made", "bin", "python")
for options in [["--isolated"], []]:
    subprocess.run([python, "-m", "pip", *options, "install", "--no-index", "--find-links", wheels, "alpha"], check=True)
    subprocess.run([python, "-m", "pip", *options, "uninstall", "-y", "alpha"], check=True, env={})
assert os.system(". made/bin/activate && pip --isolated install --no-index --find-links " + wheels + " alpha") == 0
`;
      const outcome = await code(source);
      assert.equal(outcome.exitCode, 0, outcome.errorText);
      assert.deepEqual(outcome.notes, []);
    });

    it('is told of where a program changed it all the same', async () => {
      const outcome = await code(
        'import sysconfig\nopen(os.path.join(sysconfig.get_path("purelib"), "own.py"), "w").close()',
      );
      assert.equal(outcome.exitCode, 0, outcome.errorText);
      assert.match(outcome.notes.join(), /packages of the base Python changed.*added: own\.py\)/);
      assert.deepEqual((await code('import this')).notes, []);
    });

    describe('where a venv leads to it', () => {
      const liar = (): void => {
        mkdirSync(join(root, '.venv/bin'), { recursive: true });
        mkdirSync(join(root, `.venv/lib/python3.${tested.minor}/site-packages`), { recursive: true });
        writeFileSync(
          join(root, '.venv/pyvenv.cfg'),
          `home = ${join(folder, 'base/bin')}\nversion = ${tested.version}\n`,
        );
        writeFileSync(join(root, '.venv/bin/python'), `#!/bin/sh\nexec "${base.python}" "$@"\n`);
        chmodSync(join(root, '.venv/bin/python'), 0o755);
      };
      const linked = (): void => {
        liar();
        rmSync(join(root, '.venv/bin/python'));
        symlinkSync(base.python, join(root, '.venv/bin/python'));
        rmSync(join(root, `.venv/lib/python3.${tested.minor}/site-packages`), { recursive: true });
        symlinkSync(base.library, join(root, `.venv/lib/python3.${tested.minor}/site-packages`));
      };
      for (const [what, make] of Object.entries({ 'its python': liar, 'its site-packages': linked })) {
        it(`through ${what}, by pip or by a program that calls it`, async () => {
          make();
          assert.equal((await opened.environmentToRun()).venv, '.venv');
          await assert.rejects(run({ kind: 'module', name: 'pip' }, ['install', 'alpha']), refusedWith(/is broken/));
          for (const options of ['"--isolated", ', '']) {
            const call = `"install", "--no-index", "--find-links", ${JSON.stringify(wheels())}, "alpha"`;
            const outcome = await code(`from pip._internal.cli.main import main\nsys.exit(main([${options}${call}]))`);
            assert.equal(outcome.exitCode, 3, outcome.errorText);
          }
          assert.deepEqual(base.installed(), []);
        });
      }
    });

    describe('where the folder has a venv', () => {
      beforeEach(async () => {
        await opened.createVenv({});
      });

      it('of which pip changes nothing else', async () => {
        const module: Program = { kind: 'module', name: 'pip' };
        assert.equal(
          (await run(module, ['--isolated', 'install', '--no-index', '--find-links', wheels(), 'alpha'])).exitCode,
          0,
        );
        assert.equal((await run(module, ['--python', join(root, '.venv'), 'uninstall', '-y', 'alpha'])).exitCode, 0);
        for (const args of [
          ['--python', base.python, 'install', 'alpha'],
          [`--python=${base.python}`, '--isolated', 'install', 'alpha'],
          ['install', '--user', 'alpha'],
          ['install', '--prefix', join(folder, 'base'), 'alpha'],
          ['install', `--target=${base.library}`, 'alpha'],
          ['install', '-t', base.library, 'alpha'],
          ['install', '--root', '/', 'alpha'],
        ]) {
          await assert.rejects(run(module, args), refusedWith(/never modified|is no virtual environment/));
        }
        await assert.rejects(
          run(module, ['install', 'alpha'], { env: { PIP_PYTHON: base.python } }),
          refusedWith(/is no virtual environment/),
        );
        assert.equal((await run(module, ['install', '--target', 'vendor', 'alpha'])).exitCode, 0);
        assert.ok(existsSync(join(root, 'vendor/alpha.py')));
        assert.deepEqual(base.installed(), []);
      });

      it('whose programs call another pip', async () => {
        const outcome = await code(
          `sys.exit(subprocess.run([${JSON.stringify(base.python)}, "-m", "pip", "install", "alpha"]).returncode)`,
        );
        assert.equal(outcome.exitCode, 3, outcome.errorText);
        assert.deepEqual(base.installed(), []);
      });
    });
  });
}
