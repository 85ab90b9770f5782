import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { homedir, tmpdir } from 'node:os';
import type { PythonFolder } from '../../src/core/folder';
import { mayBeWorkspaceInterpreter, mayStartUnasked } from '../../src/core/interpreters/mayStartUnasked';
import { riskIn } from '../../src/core/risk';
import type { Settings } from '../../src/core/settings';
import { anyPython } from '../support/anyPython';
import { itOnUnix } from '../support/platform';
import { openWorkspace } from '../support/testFolders';

const onUnix = itOnUnix('scripts that are programs');

/** What a workspace brings along that calls itself a Python. */
describe('A program that a folder brings along', function () {
  this.timeout(60_000);
  let base: string;
  let root: string;
  let mark: string;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'brought-')));
    root = join(base, 'project');
    mark = join(base, 'STARTED');
    mkdirSync(root);
  });
  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
  });

  function program(path: string): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n: > ${mark}\nexec ${anyPython()} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** A venv whose base is what it says. */
  function venv(home: string, python?: string): void {
    const lib = join(root, '.venv/lib/python3.12/site-packages');
    mkdirSync(lib, { recursive: true });
    mkdirSync(join(root, '.venv/bin'), { recursive: true });
    const lines = [`home = ${home}`, 'include-system-site-packages = true', 'version = 3.12.1'];
    writeFileSync(join(root, '.venv/pyvenv.cfg'), `${lines.join('\n')}\n`);
    if (python === undefined) program(join(root, '.venv/bin/python'));
    else symlinkSync(python, join(root, '.venv/bin/python'));
  }

  const open = (settings: Partial<Settings> = {}): PythonFolder => {
    const [folder] = openWorkspace([root], settings).folders;
    assert.ok(folder);
    return folder;
  };

  async function readAll(folder: PythonFolder): Promise<void> {
    const reads = [
      () => folder.venvs.list(),
      () => folder.overview(),
      () => folder.venvs.info('.venv'),
      () => folder.listPackages(),
      () => folder.freezePackages(),
      () => folder.showPackages(['pip']),
      () => riskIn(folder, { tool: 'pip', input: { action: 'install', dry_run: true, packages: ['a'] } }),
      () => riskIn(folder, { tool: 'venv', input: { action: 'select', path: '.venv' } }),
    ];
    for (const read of reads) await read().catch(() => undefined);
    assert.ok(!existsSync(mark));
  }

  onUnix('is not started by reading, as the base of a venv or the Python in it', async () => {
    program(join(root, 'tools/python3.12'));
    venv(join(root, 'tools'));
    await readAll(open());
  });

  onUnix('is not started by reading where a link outside leads to it, or it lies where all may write', async () => {
    program(join(root, 'tools/python3.12'));
    mkdirSync(join(base, 'outside'));
    symlinkSync(join(root, 'tools/python3.12'), join(base, 'outside/python3.12'));
    venv(join(base, 'outside'));
    await readAll(open());
    rmSync(join(root, '.venv'), { recursive: true });
    program(join(base, 'dropped/python3.12'));
    venv(join(base, 'dropped'));
    await readAll(open());
  });

  onUnix('is not started by reading where the setting is a name that it has', async () => {
    for (const interpreter of ['python', 'my-python', 'pypy']) {
      program(join(root, interpreter));
      program(join(root, interpreter === 'pypy' ? 'x' : `${interpreter}.d`, 'bin/python'));
      await readAll(open({ interpreter }));
    }
  });

  onUnix('makes a plan one to be asked about', async () => {
    const plan = { tool: 'pip', input: { action: 'install', dry_run: true, packages: ['a'] } };
    assert.equal(await riskIn(open(), plan), 'read');
    venv(dirname(anyPython()));
    assert.equal(await riskIn(open(), plan), 'build');
    rmSync(join(root, '.venv'), { recursive: true });
    venv(dirname(anyPython()), anyPython());
    assert.equal(await riskIn(open(), plan), 'read');
  });

  onUnix('makes a selection that leaves the folder, or replaces one that did, one to be asked about', async () => {
    const select = (path: string) => ({ tool: 'venv', input: { action: 'select', path } });
    mkdirSync(join(root, 'inside'));
    mkdirSync(join(base, 'elsewhere'));
    symlinkSync(join(base, 'elsewhere'), join(root, 'link'));
    assert.equal(await riskIn(open(), select('inside')), 'change');
    for (const path of ['../elsewhere', join(base, 'elsewhere'), 'link', '.', 'inside/../..']) {
      assert.equal(await riskIn(open(), select(path)), 'delete', path);
    }
  });

  onUnix('is no interpreter that a setting of the workspace may name', () => {
    const path = program(join(root, 'python'));
    for (const named of [path, './python', 'tools/python', '.', '~/../../tmp', 'sh', 'bash', 'evil', '../x', 'a\0b']) {
      assert.equal(mayBeWorkspaceInterpreter(named, root), false, named);
    }
    for (const named of ['3.12', 'python3.12', 'python', 'pypy3.10', anyPython()]) {
      assert.equal(mayBeWorkspaceInterpreter(named, root), true, named);
    }
    assert.equal(mayStartUnasked(join(homedir(), 'none'), root), false);
    assert.equal(mayStartUnasked('\\\\host\\share\\python.exe', root, 'win32'), false);
  });
});
