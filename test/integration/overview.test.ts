import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { anyPython } from '../support/anyPython';
import { connectOverStdio, type ConnectedClient } from '../support/mcpClient';
import { writeWheel } from '../support/wheels';

describe('info without a path', function () {
  this.timeout(60_000);
  let folder: string;
  let client: ConnectedClient;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'overview-')));
    const wheels = join(folder, '.wheels');
    await writeWheel(wheels, { name: 'alpha', version: '1.0', requires: ['gamma>=2', 'nothing; extra == "x"'] });
    await writeWheel(wheels, { name: 'beta', version: '1.0', extras: { fast: ['delta'] } });
    await writeWheel(wheels, { name: 'gamma', version: '2.0' });
    await writeWheel(wheels, { name: 'gamma', version: '1.0' });
    await writeFile(
      join(folder, 'requirements.txt'),
      'alpha\nbeta[fast]>=2\nmissing>=3; python_version > "3"\nold; python_version < "3"\n',
    );
    await writeFile(join(folder, 'pyproject.toml'), '[project]\ndependencies = ["alpha<2"]\n');
    client = await connectOverStdio(['--workspace', folder, '--interpreter', anyPython()], {
      env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels },
    });
  });
  after(async () => {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });
  const info = async () => await client.ask('python.venv', { action: 'info' });

  it('names interpreters and requirements files where there is no venv yet', async () => {
    const { exists, interpreters, requirements, notes } = await info();
    assert.equal(exists, false);
    assert.ok(Array.isArray(interpreters) && interpreters.length > 0 && interpreters.length <= 8);
    assert.deepEqual(requirements, { files: ['requirements.txt', 'pyproject.toml'] });
    assert.match(String(notes), /no working venv/);
  });

  it('names what is missing and what conflicts, and the other venvs', async () => {
    await client.ask('python.venv', { action: 'create', path: 'other' });
    await client.ask('python.venv', { action: 'create' });
    await client.ask('python.pip', { action: 'install', packages: ['alpha', 'beta'] });
    assert.ok(
      (await client.ask('python.pip', { action: 'install', packages: ['./.wheels/gamma-1.0-py3-none-any.whl'] }))
        .success,
    );
    const { exists, active, venvs, requirements } = await info();
    assert.deepEqual([exists, active], [true, true]);
    assert.deepEqual(
      (venvs as { path: string; active: boolean }[]).map(({ path, active: used }) => [path, used]),
      [[join(folder, 'other'), false]],
    );
    assert.deepEqual(requirements, {
      files: ['requirements.txt', 'pyproject.toml'],
      satisfied: false,
      unsatisfied_files: ['requirements.txt'],
      missing: ['missing>=3'],
      conflicting: [
        { requirement: 'beta[fast]>=2', installed: '1.0' },
        { requirement: 'delta', installed: null, required_by: 'beta' },
        { requirement: 'gamma>=2', installed: '1.0', required_by: 'alpha' },
      ],
    });
  });

  it('says that all is well, and says no more of a venv that is named', async () => {
    await writeFile(join(folder, 'requirements.txt'), 'alpha\nbeta\n');
    await client.ask('python.pip', { action: 'install', packages: ['gamma>=2'] });
    const { requirements } = await info();
    assert.deepEqual(requirements, { files: ['requirements.txt', 'pyproject.toml'], satisfied: true });
    const named = await client.ask('python.venv', { action: 'info', path: '.venv' });
    assert.deepEqual([named['exists'], named['requirements'], named['interpreters']], [true, undefined, undefined]);
  });
});

describe('the interpreters of an overview', function () {
  this.timeout(60_000);
  let base: string;
  let folder: string;
  let odd: string;

  before(async function () {
    // A link at a place where nothing is looked for stands for an interpreter of its own there.
    if (process.platform === 'win32') return this.skip();
    base = await realpath(await mkdtemp(join(tmpdir(), 'overview-')));
    folder = join(base, 'project');
    odd = join(base, 'odd/place/python3');
    await mkdir(folder);
    await mkdir(join(base, 'odd/place'), { recursive: true });
    await symlink(anyPython(), odd);
  });
  after(async () => {
    if (process.platform !== 'win32') await rm(base, { recursive: true, force: true });
  });

  async function listed(args: readonly string[]): Promise<string[]> {
    const client = await connectOverStdio(['--workspace', folder, ...args]);
    try {
      const { interpreters } = await client.ask('python.venv', { action: 'info' });
      return (interpreters as { path: string }[]).map(({ path }) => path);
    } finally {
      await client.close();
    }
  }

  async function venvOf(home: string): Promise<void> {
    await rm(join(folder, '.venv'), { recursive: true, force: true });
    await mkdir(join(folder, '.venv/bin'), { recursive: true });
    await writeFile(join(folder, '.venv/pyvenv.cfg'), `home = ${home}\nversion = 3.8.1\n`);
    await symlink(join(home, 'python3'), join(folder, '.venv/bin/python'));
  }

  it('have the one that the setting names among them, wherever it is', async () => {
    assert.ok((await listed(['--interpreter', odd])).includes(odd));
    assert.ok((await listed(['--interpreter', '../odd/place/python3'])).includes(odd));
    assert.ok(!(await listed([])).includes(odd));
  });

  it('have the base of each venv among them, each once', async () => {
    await venvOf(dirname(odd));
    const found = await listed(['--interpreter', join(base, 'no/such/python')]);
    assert.ok(found.includes(odd) && !found.some((path) => path.includes('no/such')));
    assert.equal(new Set(await Promise.all(found.map(async (path) => await realpath(path)))).size, found.length);
  });

  it('have no program of the project among them that a venv calls its base: it is not run', async () => {
    await mkdir(join(folder, 'bin'), { recursive: true });
    const ran = join(base, 'ran');
    await writeFile(join(folder, 'bin/python3'), `#!/bin/sh\ntouch '${ran}'\nexec '${odd}' "$@"\n`, { mode: 0o755 });
    await venvOf(join(folder, 'bin'));
    await listed([]);
    await assert.rejects(access(ran), { code: 'ENOENT' });
  });

  it('have nothing of the setting among them that is no Python', async () => {
    await writeFile(join(base, 'false'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const found = await listed(['--interpreter', join(base, 'false')]);
    assert.ok(found.length > 0 && !found.some((path) => path.endsWith('false')));
  });
});
