import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/core/errors';
import { readRequirementsFile } from '../../src/core/packages/requirementsFile';

describe('requirements files', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'python-tools-test-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const read = async (text: string) => {
    await writeFile(join(root, 'requirements.txt'), text);
    return await readRequirementsFile(join(root, 'requirements.txt'), root);
  };

  it('may name other files in quotes, as pip takes them', async () => {
    await writeFile(join(root, 'my base.txt'), 'alpha\n');
    for (const line of ['-r "my base.txt"', "--requirement='my base.txt'", '-r my base.txt']) {
      const { requirements, files } = await read(line);
      assert.deepEqual(
        requirements.map(({ name }) => name),
        ['alpha'],
      );
      assert.deepEqual(files, [join(root, 'requirements.txt'), join(root, 'my base.txt')]);
    }
  });

  it('may hold comments, continued lines, hashes, paths, URLs and variables', async () => {
    const { requirements, options } = await read(
      [
        '\uFEFF# a comment that ends in a backslash \\',
        'Alpha.One >= 1.0  # why',
        'beta==2.0 \\',
        '    --hash=sha256:0000 \\',
        '    --hash=sha256:1111',
        'gamma @ https://host.test/gamma.zip#sha256=1',
        './local/project',
        '../wheels/x-1.0-py3-none-any.whl',
        'https://host.test/x.zip',
        '${PLACE}/x.zip',
        '-e .',
        '',
        'delta; python_version < "3"\r',
      ].join('\n'),
    );
    assert.deepEqual(
      requirements.map(({ name, marker }) => `${name}${marker ? ' (marker)' : ''}`),
      ['alpha-one', 'beta', 'gamma', 'delta (marker)'],
    );
    assert.deepEqual([...options], ['--hash', '--editable']);
  });

  it('bring in others, whose paths start from where they lie, and constraints, which install nothing', async () => {
    await mkdir(join(root, 'more'));
    await writeFile(join(root, 'more', 'base.txt'), '-r ../requirements.txt\n--requirement=dev.txt\nbeta\n');
    await writeFile(join(root, 'more', 'dev.txt'), '--pre\ngamma\n');
    await writeFile(join(root, 'limits.txt'), 'alpha<2\n');
    const { files, requirements, options } = await read(
      '-rmore/base.txt\n-c limits.txt\nalpha\n-i https://host.test\n',
    );
    assert.deepEqual(
      requirements.map(({ name }) => name),
      ['gamma', 'beta', 'alpha'],
    );
    assert.equal(files.length, 4);
    assert.ok(options.has('--pre') && options.has('--index-url'));
  });

  it('are refused with the line that is wrong', async () => {
    await assert.rejects(read('alpha\n\nbeta=1\n'), (error: unknown) => {
      assert.ok(error instanceof ToolError);
      assert.equal(error.kind, 'requirement_invalid');
      assert.match(error.message, /requirements\.txt, line 3/);
      return true;
    });
  });

  it('are refused where they bring in one that is missing', async () => {
    await assert.rejects(read('-r nowhere.txt\n'), { kind: 'file_not_found', message: 'File not found: nowhere.txt' });
  });
});
