import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findRequirementsFiles, isRequirementsFile } from '../../src/core/packages/requirementsFiles';

describe('Requirements files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'requirements-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const write = async (...paths: string[]) => {
    for (const path of paths) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), '');
    }
  };

  it('are known by their names', () => {
    const named = ['requirements.txt', 'requirements-dev.txt', 'dev_requirements.txt', 'Requirements.Test.txt'];
    for (const name of named) assert.ok(isRequirementsFile(name), name);
    for (const name of ['notes.txt', 'requirements.md', 'myrequirements.txt'])
      assert.ok(!isRequirementsFile(name), name);
    assert.ok(isRequirementsFile('base.txt', 'requirements'));
  });

  it('are found at the root and one level below, requirements.txt first, and not in a venv', async () => {
    await write('requirements-dev.txt', 'requirements.txt', 'pyproject.toml', 'notes.txt');
    await write('requirements/base.txt', 'service/requirements.txt', 'service/deep/requirements.txt');
    await write('env/pyvenv.cfg', 'env/requirements.txt', '.hidden/requirements.txt', 'node_modules/requirements.txt');
    assert.deepEqual(await findRequirementsFiles(root), [
      'requirements.txt',
      'pyproject.toml',
      'requirements-dev.txt',
      join('requirements', 'base.txt'),
      join('service', 'requirements.txt'),
    ]);
  });

  it('are none in a folder that is gone', async () => {
    assert.deepEqual(await findRequirementsFiles(join(root, 'gone')), []);
  });
});
