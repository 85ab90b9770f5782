import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentChanged, PythonFolder } from '../../src/core/folder';
import type { Settings } from '../../src/core/settings';
import { processesUsing } from '../../src/core/process/processesUsing';
import { skipped } from '../support/platform';
import { openWorkspace } from '../support/testFolders';
import { writeWheel } from '../support/wheels';

/** The story that an agent lives: one folder, its environments, its packages, its runs, all through the one manager. */
describe('a folder', () => {
  let base: string;
  let root: string;
  beforeEach(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'folder-')));
    root = join(base, 'project');
    mkdirSync(root);
    mkdirSync(join(base, 'wheels'));
    for (const spec of [
      { name: 'alpha', version: '1.0', requires: ['beta'], modules: { 'alpha.py': 'import beta\n' } },
      { name: 'beta', version: '2.0', modules: { 'beta.py': 'value = 2\n' } },
    ]) {
      await writeWheel(join(base, 'wheels'), spec);
    }
    Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(base, 'wheels') });
  });
  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
    for (const name of ['PIP_NO_INDEX', 'PIP_FIND_LINKS']) Reflect.deleteProperty(process.env, name);
  });

  const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  const open = (settings: Partial<Settings> = {}): PythonFolder => {
    const [folder] = openWorkspace([root], settings).folders;
    assert.ok(folder);
    return folder;
  };

  it('creates a venv for the first install, and says so', async () => {
    const folder = open();
    const { installed, venv, notes } = await folder.installPackages({ packages: ['alpha'] });
    assert.deepEqual(installed, [
      { name: 'alpha', version: '1.0' },
      { name: 'beta', version: '2.0' },
    ]);
    assert.equal(venv, '.venv');
    assert.match(notes?.join('\n') ?? '', /^created \.venv with Python 3\.\d+\.\d+, since there was no venv$/m);
    assert.equal((await folder.freezePackages()).requirements, 'alpha==1.0\nbeta==2.0');
  });

  it('creates none where that is switched off, or for a request that cannot succeed', async () => {
    await assert.rejects(open({ autoCreateVenv: false }).installPackages({ packages: ['alpha'] }), {
      kind: 'venv_not_found',
    });
    await assert.rejects(open().installPackages({ packages: ['--user'] }), { kind: 'requirement_invalid' });
    await assert.rejects(open().installPackages({ requirements: 'none.txt' }), { kind: 'file_not_found' });
    assert.deepEqual(readdirSync(root), []);
  });

  it('makes a plan without a venv, and leaves nothing of it', async () => {
    const plan = await open().installPackages({ packages: ['alpha'], dryRun: true });
    assert.deepEqual(
      plan.installed.map(({ name }) => name),
      ['alpha', 'beta'],
    );
    assert.equal(plan.venv, null);
    assert.match(plan.notes?.[0] ?? '', /install would create \.venv/);
    assert.deepEqual(readdirSync(root), []);
  });

  it('makes one venv for two first installs at once', async () => {
    const folder = open();
    const [one, two] = await Promise.all([
      folder.installPackages({ packages: ['alpha'] }),
      folder.installPackages({ packages: ['beta'] }),
    ]);
    assert.deepEqual([one.venv, two.venv], ['.venv', '.venv']);
    assert.equal((await folder.listPackages()).packages.filter(({ name }) => name !== 'pip').length, 2);
  });

  it('tells its listeners what became active, and of changed packages', async () => {
    const folder = open();
    const heard: [EnvironmentChanged['reason'], string | undefined][] = [];
    folder.onDidChange(({ reason, environment }) => heard.push([reason, environment?.path]));
    await folder.createVenv({ path: 'env' });
    await folder.installPackages({ packages: ['beta'] });
    await folder.uninstallPackages({ packages: ['beta'] });
    await folder.deleteVenv('env');
    const env = join(root, 'env');
    assert.deepEqual(heard, [
      ['created', env],
      ['packages', env],
      ['packages', env],
      ['deleted', undefined],
    ]);
  });

  // macOS tells where a process was started from only.
  (process.platform === 'linux' ? it : skipped('no interpreter waits, or it cannot be told'))(
    'ends the interpreter that waits in a venv before that is deleted',
    async () => {
      const folder = open({ keepInterpreterReady: true });
      const { path } = await folder.createVenv({});
      const { environment } = await folder.environmentToRun();
      const program = { kind: 'code', code: 'print(1)' } as const;
      for (let run = 0; run < 2; run++) await folder.run(environment, { program, args: [], env: {}, cwd: root });
      await eventually(async () => (await processesUsing(path)).length > 0);
      const using: unknown[] = [];
      folder.onWillDelete(async (venv) => {
        using.push(existsSync(venv), await processesUsing(venv));
      });
      await folder.deleteVenv('.venv');
      assert.deepEqual(using, [true, []]);
      folder.dispose();
    },
  );

  it('says that a broken venv is broken where it is the only one', async () => {
    mkdirSync(join(root, '.venv'));
    writeFileSync(join(root, '.venv', 'pyvenv.cfg'), 'home = /nowhere\nversion = 3.12.1\n');
    const folder = open();
    await assert.rejects(folder.installPackages({ packages: ['alpha'] }), { kind: 'venv_broken' });
    const { venv, notes } = await folder.environmentToRun();
    assert.equal(venv, null);
    assert.match(notes.join('\n'), /"\.venv" is broken/);
  });

  it('reports the base interpreter where there is no venv, and never changes it', async () => {
    const folder = open();
    assert.equal((await folder.listPackages()).venv, null);
    await assert.rejects(folder.uninstallPackages({ packages: ['pip'] }), { kind: 'venv_not_found' });
    assert.ok(!existsSync(join(root, '.venv')));
  });

  it('spares another open folder that lies in a venv', async () => {
    const [folder] = openWorkspace([root, join(root, '.venv', 'lib')]).folders;
    assert.ok(folder);
    await folder.createVenv({});
    await assert.rejects(folder.deleteVenv('.venv'), { kind: 'refused' });
    assert.ok(existsSync(join(root, '.venv', 'pyvenv.cfg')));
  });

  it('names what exists where a path does not', async () => {
    writeFileSync(join(root, 'main.py'), '');
    await assert.rejects(open().existingFile('mian.py'), {
      kind: 'file_not_found',
      message: 'File not found: mian.py',
      hint: 'The nearest that exist: main.py.',
    });
    await assert.rejects(open().existingFile('.'), { kind: 'invalid_input' });
    await assert.rejects(open().existingDirectory('main.py'), { kind: 'invalid_input' });
  });
});
