import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { ErrorKind } from '../../src/core/errors';
import { ToolError } from '../../src/core/errors';
import { InterpreterFinder } from '../../src/core/interpreters/finder';
import type { Interpreter } from '../../src/core/interpreters/interpreter';
import { deleteVenv } from '../../src/core/venv/deleteVenv';
import { exeLauncher } from '../../src/core/venv/exeLauncher';
import { setAside } from '../../src/core/venv/setAside';
import type { VenvChange, VenvManagerOptions } from '../../src/core/venv/venvManager';
import { VenvManager } from '../../src/core/venv/venvManager';
import { itOnUnix, itOnWindows, itWithFolderLinks, linkFolder, linksFolders, onWindows } from '../support/platform';
import { executableOf, ownPython, scripts, sitePackagesOf } from '../support/venvLayout';
import { plainEnvironment, plainMachine, pythonsHere, uvHere } from './machine';

const kind = (wanted: ErrorKind) => (error: unknown) => {
  assert.ok(error instanceof ToolError, String(error));
  assert.equal(error.kind, wanted, error.message);
  return true;
};

describe('managing virtual environments', () => {
  let base: string;
  let root: string;
  let pythons: Interpreter[];
  /** One of this machine's, for tests that need any. */
  let some: Interpreter;
  let uv: string | undefined;

  before(async function () {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'venvs-')));
    pythons = await pythonsHere(join(base, 'cache'));
    uv = await uvHere(join(base, 'cache'));
    const first = pythons.find(({ ensurepipWheel }) => ensurepipWheel !== undefined);
    if (!first) return this.skip();
    some = first;
  });

  beforeEach(() => {
    root = join(mkdtempSync(join(base, 'case-')), 'project');
    mkdirSync(root);
  });

  after(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it('makes executables for Windows whose end every Python runs as a program', () => {
    const program = join(base, 'tool.exe');
    const code = 'import sys; print(__name__, sys.argv[1:])\n';
    writeFileSync(program, exeLauncher(Buffer.from('MZ, as the launcher starts'), 'C:\\venv\\python.exe', code));
    for (const { executable } of pythons) {
      assert.equal(execFileSync(executable, [program, 'a'], { encoding: 'utf8' }).trim(), "__main__ ['a']");
    }
  });

  /** A manager without uv, unless it is asked for. */
  const manager = (more: Partial<VenvManagerOptions> = {}): VenvManager => {
    const machine = more.machine ?? plainMachine();
    return new VenvManager({
      root,
      finder: new InterpreterFinder({ machine, cacheFolder: join(base, 'cache') }),
      countPackages: async ({ libraries }) =>
        await Promise.resolve(
          [...libraries.own, ...libraries.inherited]
            .filter((folder) => existsSync(folder))
            .flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.dist-info'))).length,
        ),
      findUv: async () => {
        await Promise.resolve(undefined);
      },
      interpreterSetting: () => some.executable,
      stateFolder: join(base, 'state'),
      cacheFolder: join(base, 'cache'),
      machine,
      ...more,
    });
  };

  const withUv = () => ({
    findUv: async () => await Promise.resolve(uv === undefined ? undefined : { path: uv, version: '0' }),
  });

  /** A venv without pip, made by Python itself: quick, and not by what is tested. */
  const plainVenv = (path: string): string => {
    execFileSync(some.executable, ['-m', 'venv', '--without-pip', path], { env: plainEnvironment() });
    return path;
  };

  const writeTo = (path: string, content: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };

  const output = (command: string, ...args: string[]): string =>
    execFileSync(command, args, {
      encoding: 'utf8',
      env: { ...plainEnvironment(), PYTHONUTF8: '1' },
      cwd: base,
      stdio: 'pipe',
    });

  /** @returns those cases, where links can be made. */
  const withLinks = (...cases: [string, ErrorKind][]): [string, ErrorKind][] => (linksFolders ? cases : []);

  /** @returns the size of what is under a folder. */
  const bytesOf = (folder: string): number =>
    tree(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

  /** Everything under a folder, so that a test sees that nothing was left or touched. */
  const tree = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .flatMap((entry) => [
        entry.name,
        ...(entry.isDirectory() ? tree(join(folder, entry.name)).map((name) => join(entry.name, name)) : []),
      ])
      .sort();

  describe('create', () => {
    for (const tool of ['venv', 'uv'] as const) {
      it(`makes one with a pip that works, by ${tool}, with every Python here`, async function () {
        if (tool === 'uv' && uv === undefined) {
          console.log('      skipped: no uv here; set PYTHON_TOOLS_TEST_UV');
          return this.skip();
        }
        this.timeout(120_000);
        for (const python of pythons) {
          const path = join(root, `${tool}-${python.version}-${python.source}`);
          const made = await manager(tool === 'uv' ? withUv() : {}).create({ path, python: python.executable });
          assert.equal(made.created_with, tool);
          assert.equal(made.python_version, python.version);
          assert.equal(made.packages_count, 1);
          assert.equal(made.active, true);
          assert.ok(made.base_python && realpathSync(made.base_python) === realpathSync(python.executable));
          const [major, minor] = python.versionInfo;
          for (const name of ['pip', 'pip3', `pip${major}.${minor}`]) {
            assert.ok(existsSync(executableOf(path, name)), name);
          }
          const [, from = ''] = / from (.+) \(/.exec(output(executableOf(path, 'pip'), '--version')) ?? [];
          assert.equal(relative(join(sitePackagesOf(path, `${major}.${minor}`), 'pip'), from), '', from);
        }
      });
    }

    it('puts a pip inside that installs, and that can remove itself', async () => {
      const made = await manager().create();
      const wheel = minimalWheel(join(base, 'demo-1.0-py3-none-any.whl'));
      const python = executableOf(made.path, 'python');
      const library = sitePackagesOf(made.path, some.versionInfo.slice(0, 2).join('.'));
      output(python, '-m', 'pip', 'install', '--no-index', wheel);
      const imported = output(python, '-c', 'import demo; print(demo.__file__)').trim();
      assert.equal(relative(join(library, 'demo.py'), imported), '', imported);
      // Windows deletes no program that runs: pip wants to be called this way there.
      if (onWindows) output(python, '-m', 'pip', 'uninstall', '--yes', 'demo', 'pip');
      else output(executableOf(made.path, 'pip'), 'uninstall', '--yes', 'demo', 'pip');
      const left = tree(library);
      assert.deepEqual(
        left.filter((name) => !name.includes('_virtualenv')),
        [],
      );
      assert.deepEqual(
        readdirSync(join(made.path, scripts)).filter((name) => name.startsWith('pip')),
        [],
      );
    });

    it('works under a long path with blanks and quotes', async () => {
      const odd = onWindows ? "it's ^my& %PATH% !x! é漢" : `it's "my" $HOME ${'x'.repeat(100)}`;
      const path = join(odd, '.venv');
      const made = await manager().create({ path });
      assert.match(output(executableOf(made.path, 'pip'), '--version'), /^pip /);
    });

    it('lets the packages of the base in where that is wanted', async () => {
      const made = await manager().create({ systemSitePackages: true });
      assert.equal(made.system_site_packages, true);
      const { environment } = await manager().active();
      assert.deepEqual(environment?.libraries.inherited, some.libraries.own);
    });

    it('falls back to venv where uv cannot', async () => {
      // On Windows a script is no program: there, a Python that knows no such command.
      const dead = onWindows ? some.executable : join(base, 'dead-uv');
      if (!onWindows)
        writeFileSync(dead, '#!/bin/sh\necho no >&2; touch "$PWD/$(basename "$PWD")"; exit 2\n', { mode: 0o755 });
      const findUv = async () => await Promise.resolve({ path: dead, version: '0' });
      assert.equal((await manager({ findUv }).create()).created_with, 'venv');
    });

    it('takes another Python’s pip where its own has none, and fails where no other has', async () => {
      const finder = new InterpreterFinder({ machine: plainMachine(), cacheFolder: join(base, 'cache') });
      finder.find = async () => await Promise.resolve({ ...some, ensurepipWheel: undefined });
      const made = await manager({ finder }).create({ python: 'x' });
      assert.match(output(executableOf(made.path, 'pip'), '--version'), /^pip /);
      finder.discover = async () => await Promise.resolve([]);
      await assert.rejects(manager({ finder }).create({ path: 'b', python: 'x' }), kind('interpreter_not_found'));
      assert.deepEqual(readdirSync(root), ['.venv']);
    });

    it('notes that the interpreter set is missing, and fails where one that is named is', async () => {
      const made = await manager({ interpreterSetting: () => 'python3.99' }).create({ path: 'a' });
      assert.match(made.notes?.join() ?? '', /"python3\.99" was not found/);
      await assert.rejects(manager().create({ path: 'b', python: '3.99' }), kind('interpreter_not_found'));
      assert.ok(!existsSync(join(root, 'b')));
    });

    it('touches nothing that is there', async () => {
      plainVenv(join(root, 'there'));
      mkdirSync(join(root, 'empty'));
      writeFileSync(join(root, 'file'), 'mine');
      if (linksFolders) {
        linkFolder(base, join(root, 'out'));
        linkFolder(join(root, 'gone'), join(root, 'dangling'));
      }
      const before = tree(root);
      const cases: readonly [string, ErrorKind][] = [
        ['there', 'venv_exists'],
        ['there/', 'venv_exists'],
        ['there/lib/inner', 'refused'],
        ['empty', 'refused'],
        ['file', 'refused'],
        ['file/below', 'refused'],
        ['.', 'refused'],
        ['', 'invalid_input'],
        ['a\0b', 'invalid_input'],
        ['x'.repeat(300), 'invalid_input'],
        ...withLinks(['out', 'refused'], ['dangling', 'refused'], ['out/new', 'outside_workspace']),
        ['../new', 'outside_workspace'],
        [join(base, 'new'), 'outside_workspace'],
        ['~/new', 'outside_workspace'],
        ['..', 'refused'],
      ];
      for (const [path, expected] of cases) {
        await assert.rejects(manager().create({ path }), kind(expected), path);
      }
      assert.deepEqual(tree(root), before);
    });

    it('leaves nothing behind when it is cancelled, at any moment, or takes too long', async () => {
      for (const delay of [0, 1, 20, 40, 80]) {
        const stop = new AbortController();
        const creating = manager().create({ path: 'deep/er/.venv', signal: stop.signal });
        setTimeout(() => {
          stop.abort();
        }, delay);
        const made = await creating.then(
          () => true,
          (error: unknown) => !kind('cancelled')(error),
        );
        if (made) await manager().delete('deep/er/.venv');
        else assert.deepEqual(readdirSync(root), [], `after ${delay} ms`);
        rmSync(join(root, 'deep'), { recursive: true, force: true });
      }
      await assert.rejects(manager({ createLimitMs: 1 }).create(), kind('timeout'));
      assert.deepEqual(readdirSync(root), []);
    });

    itOnUnix('programs that are scripts')(
      'leaves nothing behind when it fails, but what others put beside it',
      async () => {
        const dying = join(base, 'dying', 'bin', 'python3');
        mkdirSync(dirname(dying), { recursive: true });
        const script = `#!/bin/sh\ncase "$*" in *venv*without-pip*) mkdir -p "$5/bin"; touch "$5/../mine"; exit 3;; esac\nexec ${some.executable} "$@"\n`;
        writeFileSync(dying, script, { mode: 0o755 });
        const finder = new InterpreterFinder({ machine: plainMachine(), cacheFolder: join(base, 'cache') });
        const found = { ...some, executable: dying };
        finder.find = async () => await Promise.resolve(found);
        await assert.rejects(manager({ finder }).create({ path: 'a/b', python: 'x' }), kind('installer_failed'));
        assert.deepEqual(tree(root), ['a', 'a/mine']);
      },
    );

    it('makes one of two that want the same place', async () => {
      const outcomes = await Promise.allSettled([manager().create(), manager().create()]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.match(output(executableOf(join(root, '.venv'), 'pip'), '--version'), /^pip /);
    });

    itOnUnix('modes of folders')('says so where it may not write', async function (this: Mocha.Context) {
      if (process.getuid?.() === 0) this.skip();
      chmodSync(root, 0o555);
      await assert.rejects(manager().create(), kind('permission_denied'));
      chmodSync(root, 0o755);
    });
  });

  describe('which one is active', () => {
    it('goes by the conventional names, then by the others', async () => {
      assert.deepEqual(await manager().active(), {
        environment: undefined,
        relative: null,
        notes: [],
        broken: undefined,
      });
      for (const name of ['zoo', 'env', 'virtualenv', '.virtualenv', 'venv', '.venv']) {
        plainVenv(join(root, name));
        assert.equal((await manager().active()).relative, name);
      }
      const { venvs, count, active } = await manager().list();
      assert.deepEqual(
        venvs.map(({ path }) => path.slice(root.length + 1)),
        ['.venv', 'venv', '.virtualenv', 'virtualenv', 'env', 'zoo'],
      );
      assert.equal(count, 6);
      assert.equal(active, '.venv');
      assert.deepEqual(
        venvs.filter(({ active }) => active).map(({ path }) => path),
        [join(root, '.venv')],
      );
    });

    it('passes a broken one over with a note, unless it was selected', async () => {
      plainVenv(join(root, '.venv'));
      plainVenv(join(root, 'other'));
      await manager().select('.venv');
      rmSync(join(root, '.venv', scripts), { recursive: true });
      await assert.rejects(manager().active(), kind('venv_broken'));
      assert.equal((await manager().list()).active, null);
      await assert.rejects(manager().select('.venv'), kind('venv_broken'));
      const reason = `it has no ${ownPython}`;
      const info = await manager().info();
      assert.ok(info.exists && info.broken === reason && !info.active);
      await manager().select('other');
      await manager().delete('other');
      const { environment, notes, broken } = await manager().active();
      assert.equal(environment, undefined);
      assert.deepEqual(notes, [`The environment ".venv" is broken (${reason}) and passed over.`]);
      assert.deepEqual(broken, { path: '.venv', reason });
    });

    it('is the selected one across restarts, outside of the folder too, until that is gone', async () => {
      const changes: VenvChange[] = [];
      plainVenv(join(root, '.venv'));
      const outside = plainVenv(join(dirname(root), 'outside'));
      const info = await manager({ onChange: (change) => changes.push(change) }).select('../outside');
      assert.equal(info.path, outside);
      assert.equal(info.active, true);
      assert.deepEqual(
        changes.map(({ reason, environment }) => [reason, environment?.path]),
        [['selected', outside]],
      );
      const { environment, relative } = await manager().active();
      assert.equal(relative, outside);
      assert.equal(environment?.python, executableOf(outside, 'python'));
      const list = await manager().list();
      assert.equal(list.active, outside);
      assert.deepEqual(
        list.venvs.map(({ path }) => path),
        [join(root, '.venv'), outside],
      );
      renameSync(outside, `${outside}-gone`);
      const after = await manager().active();
      assert.equal(after.relative, '.venv');
      assert.match(after.notes.join(), /no longer there/);
    });

    it('cannot be what is no venv', async () => {
      mkdirSync(join(root, 'plain'));
      await assert.rejects(manager().select('plain'), kind('not_a_venv'));
      await assert.rejects(manager().select('missing'), kind('venv_not_found'));
      await assert.rejects(manager().select(''), kind('invalid_input'));
    });
  });

  describe('info', () => {
    it('tells what there is to know', async () => {
      const before = Date.now();
      const made = await manager().create({ path: 'envs/app' });
      const info = await manager().info('envs/app/');
      assert.ok(info.exists);
      assert.equal(info.path, join(root, 'envs/app'));
      assert.equal(info.prompt, 'app');
      assert.match(info.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.ok(Math.abs(Date.parse(info.created) - before) < 20_000);
      const bytes = onWindows
        ? bytesOf(info.path)
        : Number(/^\d+/.exec(output('du', '-sb', '--exclude=none', info.path))?.[0]);
      assert.ok(Math.abs(info.size_mb - bytes / 2 ** 20) < 1, `${info.size_mb} MB, du says ${bytes}`);
      assert.equal(info.size_mb, made.size_mb);
      assert.equal(info.size_mb, Number(info.size_mb.toFixed(1)));
    });

    it('says that there is none, which is no error', async () => {
      assert.deepEqual(await manager().info(), { exists: false, path: join(root, '.venv') });
      mkdirSync(join(root, 'plain'));
      assert.deepEqual(await manager().info('plain'), { exists: false, path: join(root, 'plain') });
    });
  });

  describe('delete', () => {
    it('removes a venv and forgets that it was selected', async () => {
      const changes: VenvChange[] = [];
      const made = await manager().create();
      if (linksFolders) linkFolder(join(base, 'state'), join(made.path, 'link'));
      const result = await manager({ onChange: (change) => changes.push(change) }).delete('.venv');
      assert.deepEqual(result, { success: true, path: made.path, deleted: true });
      assert.deepEqual(readdirSync(root), []);
      assert.ok(existsSync(join(base, 'state')), 'links are not followed');
      assert.deepEqual(changes, [{ reason: 'deleted', environment: undefined }]);
      assert.deepEqual((await manager().active()).notes, []);
    });

    it('removes a broken one too', async () => {
      mkdirSync(join(root, 'broken'));
      writeFileSync(join(root, 'broken/pyvenv.cfg'), '');
      await manager().delete('broken');
      assert.deepEqual(readdirSync(root), []);
    });

    itOnUnix('folders that keep what is in them')(
      'deletes nothing where a part could not be removed, and names that part',
      async function (this: Mocha.Context) {
        const path = plainVenv(join(root, '.venv'));
        const stuck = join(path, 'lib');
        if (!makeUndeletable(stuck)) this.skip();
        try {
          const before = tree(root);
          await assert.rejects(manager().delete('.venv'), (error: unknown) => {
            kind('permission_denied')(error);
            assert.ok(error instanceof Error && error.message.includes(`"${stuck}"`), String(error));
            return true;
          });
          assert.deepEqual(tree(root), before);
        } finally {
          makeDeletable(stuck);
        }
      },
    );

    itOnWindows('what runs can be deleted elsewhere')(
      'deletes nothing of a venv whose python runs, and names the process',
      async () => {
        const { path } = await manager().create();
        const child = spawn(executableOf(path, 'python'), ['-c', 'print(1, flush=True); input()'], { stdio: 'pipe' });
        await once(child.stdout, 'data');
        const before = tree(root);
        await assert.rejects(manager().delete('.venv'), (error: unknown) => {
          kind('permission_denied')(error);
          assert.match(String(error), /in use by python\.exe \(\d+\)/);
          return true;
        });
        assert.deepEqual(tree(root), before);
        child.stdin.end();
        await once(child, 'close');
        await manager().delete('.venv');
        assert.deepEqual(readdirSync(root), []);
      },
    );

    it('ends what uses the venv before anything of it goes, and not where it is refused', async () => {
      const path = plainVenv(join(root, '.venv'));
      const seen: string[][] = [];
      const release = async (venv: string): Promise<void> => {
        await Promise.resolve();
        seen.push([venv, ...readdirSync(venv).sort()]);
      };
      await assert.rejects(manager({ release }).delete('missing'), kind('venv_not_found'));
      assert.deepEqual(seen, []);
      const names = readdirSync(path).sort();
      await manager({ release }).delete('.venv');
      assert.deepEqual(seen, [[path, ...names]]);
    });

    itWithFolderLinks('follows no link that takes the venv’s place at the last moment', async () => {
      const path = plainVenv(join(root, '.venv'));
      const outside = plainVenv(join(dirname(root), 'outside'));
      const release = async (): Promise<void> => {
        await Promise.resolve();
        renameSync(path, join(root, 'elsewhere'));
        linkFolder(outside, path);
      };
      const before = tree(outside);
      await assert.rejects(manager({ release }).delete('.venv'), kind('refused'));
      assert.deepEqual(tree(outside), before);
      assert.ok(lstatSync(path).isSymbolicLink(), 'the link is where it was');
    });

    it('spares a folder that takes the venv’s place at the last moment', async () => {
      const path = plainVenv(join(root, '.venv'));
      const release = async (): Promise<void> => {
        await Promise.resolve();
        renameSync(path, join(root, 'elsewhere'));
        mkdirSync(path);
        writeFileSync(join(path, 'thesis.txt'), 'mine');
      };
      await assert.rejects(manager({ release }).delete('.venv'), kind('refused'));
      assert.equal(readFileSync(join(path, 'thesis.txt'), 'utf8'), 'mine');
    });

    itWithFolderLinks('deletes nothing outside where a folder above takes its place at the last moment', async () => {
      const outside = join(dirname(root), 'outside');
      mkdirSync(join(root, 'app'));
      plainVenv(join(root, 'app/.venv'));
      mkdirSync(outside);
      plainVenv(join(outside, '.venv'));
      const release = async (): Promise<void> => {
        await Promise.resolve();
        renameSync(join(root, 'app'), join(root, 'moved'));
        linkFolder(outside, join(root, 'app'));
      };
      const before = tree(dirname(root));
      await assert.rejects(manager({ release }).delete('app/.venv'), kind('refused'));
      unlinkSync(join(root, 'app'));
      renameSync(join(root, 'moved'), join(root, 'app'));
      assert.deepEqual(tree(dirname(root)), before);
    });

    it('deletes nothing of a project that stands in the folder of its venv, and names what is in the way', async () => {
      const path = plainVenv(join(root, 'proj'));
      for (const name of ['main.py', '.env', 'src/app/a.py', 'src/app/b.py', 'data.csv', 'notes/x.md', 'z.txt']) {
        writeTo(join(path, name), 'mine');
      }
      const before = tree(root);
      let ended = false;
      const release = async (): Promise<void> => {
        await Promise.resolve();
        ended = true;
      };
      await assert.rejects(manager({ release }).delete('proj'), (error: unknown) => {
        kind('refused')(error);
        assert.match(String(error), /"proj" was not deleted.*"\.env".*"data\.csv".* and 1 more\./);
        return true;
      });
      assert.deepEqual([tree(root), ended], [before, false]);
      for (const name of ['main.py', '.env', 'src', 'data.csv', 'notes', 'z.txt']) {
        renameSync(join(path, name), join(root, name));
      }
      await manager({ release }).delete('proj');
      assert.equal(readFileSync(join(root, 'main.py'), 'utf8'), 'mine');
      assert.equal(existsSync(path), false);
    });

    it('deletes nothing where somebody’s file comes in while what uses the venv is ended', async () => {
      const path = plainVenv(join(root, '.venv'));
      const release = async (): Promise<void> => {
        await Promise.resolve();
        writeFileSync(join(path, 'thesis.txt'), 'mine');
      };
      await assert.rejects(manager({ release }).delete('.venv'), kind('refused'));
      assert.deepEqual(readdirSync(path).includes('pyvenv.cfg'), true);
    });

    it('removes one in place where it cannot be renamed, its pyvenv.cfg last', async () => {
      const path = plainVenv(join(root, '.venv'));
      const steps = { setAside: () => Promise.resolve<string | undefined>(undefined) };
      const removed: string[] = [];
      const notes = await deleteVenv({ path, named: '.venv' }, { ...steps, onRemove: (each) => removed.push(each) });
      assert.deepEqual([notes, readdirSync(root)], [[], []]);
      assert.deepEqual(removed.slice(-2), [join(path, 'pyvenv.cfg'), path]);

      plainVenv(path);
      const leave = (): void => {
        if (!existsSync(join(path, 'thesis.txt'))) writeFileSync(join(path, 'thesis.txt'), 'mine');
      };
      await assert.rejects(deleteVenv({ path, named: '.venv' }, { ...steps, onRemove: leave }), (error: unknown) => {
        kind('permission_denied')(error);
        assert.match(String(error), /something was put into it meanwhile/);
        return true;
      });
      assert.equal(readFileSync(join(path, 'thesis.txt'), 'utf8'), 'mine');
    });

    it('leaves aside what it cannot remove, says so, and removes it another time', async () => {
      const path = plainVenv(join(root, '.venv'));
      let aside = '';
      const onRemove = (each: string): void => {
        if (aside !== '') return;
        aside = join(root, relative(root, each).split(sep)[0] ?? '');
        writeFileSync(join(aside, 'thesis.txt'), 'mine');
      };
      const notes = await deleteVenv({ path, named: '.venv' }, { setAside, onRemove });
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? '', /a part of it could not be removed \(something was put into it meanwhile\)/);
      assert.ok(notes[0]?.includes(aside));
      assert.deepEqual(readdirSync(root), [relative(root, aside)]);

      await manager().create();
      await manager().delete('.venv');
      assert.equal(readFileSync(join(aside, 'thesis.txt'), 'utf8'), 'mine');
      renameSync(join(aside, 'thesis.txt'), join(root, 'thesis.txt'));
      await manager().create();
      assert.deepEqual(readdirSync(root).sort(), ['.venv', 'thesis.txt']);
    });

    itOnUnix('renaming what is open')(
      'deletes nothing outside while a program swaps folders for links all the time',
      async function (this: Mocha.Context) {
        this.timeout(60_000);
        const outside = join(dirname(root), 'outside');
        const packages = Array.from({ length: 10 }, (_, index) => `package${index}`);
        const parts = ['a', 'b', 'c', 'd'];
        for (const part of parts) for (const name of parts) writeTo(join(outside, part, `${name}.py`), 'mine');
        const before = tree(outside);
        const program = `
          const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
          const [outside, elsewhere, ...folders] = process.argv.slice(1);
          process.stdout.write('ready');
          const quietly = (step) => { try { step(); return true; } catch { return false; } };
          const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.1);
          for (;;) for (const folder of folders) {
            if (!quietly(() => renameSync(folder, elsewhere))) continue;
            quietly(() => symlinkSync(outside, folder));
            pause();
            quietly(() => unlinkSync(folder));
            quietly(() => renameSync(elsewhere, folder));
          }`;
        for (let trial = 0; trial < 6; trial++) {
          const path = plainVenv(join(root, `.venv${trial}`));
          const library = sitePackagesOf(path, some.version.split('.').slice(0, 2).join('.'));
          const record: string[] = [];
          for (const name of packages) {
            for (const part of parts) {
              for (const module of parts) {
                writeTo(join(library, name, part, `${module}.py`), '');
                record.push(`${name}/${part}/${module}.py,,\n`);
              }
            }
          }
          writeTo(join(library, 'packages-1.0.dist-info/RECORD'), record.join(''));
          const aside = join(root, '.deleting-0123456789ab');
          const places = [path, aside].flatMap((place) =>
            packages.map((name) => join(place, relative(path, library), name)),
          );
          const swapping = spawn(process.execPath, ['-e', program, outside, join(base, `swapped${trial}`), ...places], {
            stdio: 'pipe',
          });
          try {
            await once(swapping.stdout, 'data');
            const rename = async (): Promise<string> => {
              await Promise.resolve();
              renameSync(path, aside);
              return aside;
            };
            await deleteVenv({ path, named: '.venv' }, { setAside: rename }).catch((error: unknown) => {
              kind('refused')(error);
            });
          } finally {
            swapping.kill('SIGKILL');
            await once(swapping, 'close');
          }
          assert.deepEqual(tree(outside), before, `trial ${trial}`);
          rmSync(aside, { recursive: true, force: true });
        }
      },
    );

    it('removes what an interrupted delete left, which is never an environment', async () => {
      const left = plainVenv(join(root, '.deleting-0123456789ab'));
      plainVenv(join(root, '.deleting-other'));
      assert.deepEqual(
        (await manager().list()).venvs.map((venv) => venv.path),
        [join(root, '.deleting-other')],
      );
      plainVenv(join(root, '.venv'));
      await manager().delete('.venv');
      assert.equal(existsSync(left), false);
      assert.deepEqual(readdirSync(root), ['.deleting-other']);
    });

    it('touches nothing else', async () => {
      plainVenv(join(root, 'real'));
      plainVenv(join(dirname(root), 'outside'));
      if (linksFolders) {
        linkFolder(join(root, 'real'), join(root, 'link'));
        linkFolder(dirname(root), join(root, 'up'));
      }
      mkdirSync(join(root, 'plain'));
      writeFileSync(join(root, 'file'), '');
      mkdirSync(join(plainVenv(join(root, 'repository')), '.git'));
      mkdirSync(join(plainVenv(join(root, 'holder')), 'nested'));
      writeFileSync(join(root, 'pyvenv.cfg'), 'home = /usr/bin\n');
      writeFileSync(join(dirname(root), 'pyvenv.cfg'), 'home = /usr/bin\n');
      const before = tree(dirname(root));
      const otherRoots = () => [join(root, 'holder/nested')];
      const cases: readonly [string, ErrorKind][] = [
        ['', 'invalid_input'],
        ['.', 'refused'],
        ['..', 'refused'],
        ['/', 'refused'],
        [root, 'refused'],
        ...withLinks(['link', 'refused'], ['link/', 'refused'], ['up/outside', 'outside_workspace'], ['up', 'refused']),
        ['plain', 'not_a_venv'],
        ['file', 'not_a_venv'],
        ['real/lib', 'not_a_venv'],
        ['missing', 'venv_not_found'],
        ['../outside', 'outside_workspace'],
        ['repository', 'refused'],
        ['holder', 'refused'],
      ];
      for (const [path, expected] of cases) {
        await assert.rejects(manager({ otherRoots }).delete(path), kind(expected), path);
      }
      assert.deepEqual(tree(dirname(root)), before);
    });
  });

  itWithFolderLinks('answers for a folder that was opened through a link under the name of the link', async () => {
    const alias = join(dirname(root), 'alias');
    linkFolder(root, alias);
    plainVenv(join(root, '.venv'));
    const info = await manager({ root: alias }).info(join(root, '.venv'));
    assert.ok(info.exists && info.active);
    assert.equal(info.path, join(alias, '.venv'));
    assert.equal((await manager({ root: alias }).active()).relative, '.venv');
  });

  itWithFolderLinks('has one selection and one venv for two names of a folder', async () => {
    plainVenv(join(root, '.venv'));
    plainVenv(join(root, 'other'));
    const alias = join(dirname(root), 'alias');
    linkFolder(root, alias);
    assert.equal((await manager({ root: alias }).select(join(root, 'other'))).path, join(alias, 'other'));
    const { venvs, active } = await manager().list();
    assert.equal(active, 'other');
    assert.deepEqual(
      venvs.map(({ path, active: isActive }) => [path, isActive]),
      [
        [join(root, '.venv'), false],
        [join(root, 'other'), true],
      ],
    );
    const info = await manager().info(join(alias, 'other'));
    assert.ok(info.exists && info.active && info.path === join(root, 'other'));
    await manager().delete(join(alias, 'other'));
    assert.equal((await manager({ root: alias }).active()).relative, '.venv');
  });

  it('keeps the python of a venv as it stands', async () => {
    plainVenv(join(root, '.venv'));
    const { environment } = await manager().active();
    assert.ok(environment);
    assert.equal(output(environment.python, '-c', 'import sys; print(sys.prefix)').trim(), join(root, '.venv'));
    assert.equal(readFileSync(join(root, '.venv/pyvenv.cfg'), 'utf8').includes(environment.version), true);
  });

  /** Sees to it that a folder cannot be removed with what is in it. @returns false where this user can't do that. */
  function makeUndeletable(folder: string): boolean {
    if (process.getuid?.() !== 0) {
      chmodSync(folder, 0o555);
      return true;
    }
    // Root may write everywhere, but for what is immutable, which not every file system knows.
    return spawnSync('chattr', ['+i', folder]).status === 0;
  }

  function makeDeletable(folder: string): void {
    if (process.getuid?.() === 0) spawnSync('chattr', ['-i', folder]);
    else chmodSync(folder, 0o755);
  }

  /** @returns the path of a wheel with one module, made by Python's own zipfile. */
  function minimalWheel(path: string): string {
    const program = `
import sys, zipfile
files = {"demo.py": "", "demo-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n",
  "demo-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name, text in files.items(): wheel.writestr(name, text)
    wheel.writestr("demo-1.0.dist-info/RECORD", "".join(name + ",,\\n" for name in [*files, "demo-1.0.dist-info/RECORD"]))
`;
    output(some.executable, '-c', program, path);
    return path;
  }
});
