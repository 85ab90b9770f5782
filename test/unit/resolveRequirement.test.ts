import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { ToolError } from '../../src/core/errors';
import { requirementName, resolveRequirement } from '../../src/core/packages/resolveRequirement';

const invalid = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ToolError, String(error));
  assert.equal(error.kind, 'requirement_invalid');
  assert.match(error.message, message);
  return true;
};

describe('what a caller may name as a package', () => {
  let root: string;

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'python-tools-test-')));
    for (const folder of ['project', 'a b;c', 'empty', 'requests', '-dash']) await mkdir(join(root, folder));
    for (const folder of ['project', 'a b;c', 'requests', '-dash']) await writeFile(join(root, folder, 'setup.py'), '');
    await writeFile(join(root, 'tool_x-1.0-py3-none-any.whl'), '');
    await writeFile(join(root, 'notes.txt'), '');
  });
  after(async () => {
    await rm(root, { recursive: true });
  });

  const url = (name: string) => pathToFileURL(join(root, name)).href;

  it('is a name, even where a folder is called so', async () => {
    const { argument, name } = await resolveRequirement(root, ' Requests[socks]>=2 ');
    assert.deepEqual([argument, name], ['Requests[socks]>=2', 'requests']);
  });

  it('is a path, which the installer gets as a URL that nothing in it can end early', async () => {
    for (const [text, folder] of [
      ['./project', 'project'],
      ['project/', 'project'],
      ['./a b;c', 'a b;c'],
      ['./-dash', '-dash'],
      [join('/', 'nowhere', '..', 'project'), undefined],
    ] as const) {
      if (folder === undefined) continue;
      assert.equal((await resolveRequirement(root, text)).argument, url(folder).replace(/\/$/, ''), text);
    }
    const absolute = await resolveRequirement(root, join(root, 'project'));
    assert.equal(absolute.argument, url('project'));
    const wheel = await resolveRequirement(root, 'tool_x-1.0-py3-none-any.whl');
    assert.deepEqual([wheel.argument, wheel.name], [url('tool_x-1.0-py3-none-any.whl'), 'tool-x']);
  });

  it('is a path with extras', async () => {
    const { argument } = await resolveRequirement(root, './project[test, docs]');
    assert.equal(argument, `${join(root, 'project')}[test,docs]`);
  });

  it('is no path from whatever folder is current on a drive of Windows', async () => {
    for (const text of ['C:project', 'd:wheel-1.0-py3-none-any.whl']) {
      await assert.rejects(resolveRequirement(root, text, 'win32'), invalid(/to be current on drive/));
    }
  });

  it('is a URL, alone or behind a name', async () => {
    assert.equal((await resolveRequirement(root, 'https://host.test/x-1.0-py3-none-any.whl')).name, 'x');
    assert.equal((await resolveRequirement(root, 'git+https://host.test/x.git@v1#egg=Some.Name')).name, 'some-name');
    assert.equal((await resolveRequirement(root, 'x @ https://host.test/x-1.0.tar.gz')).name, 'x');
    assert.equal((await resolveRequirement(root, 'x @ git+ssh://git@host.test/x.git@main')).name, 'x');
  });

  for (const [text, reason] of [
    ['./nowhere', /nothing exists at/],
    ['missing-1.0.whl', /nothing exists at/],
    ['./empty', /neither a pyproject\.toml nor a setup\.py/],
    ['./notes.txt', /a requirements file goes in "requirements"/],
    ['javascript:alert(1)', /neither http\(s\), file nor a VCS one/],
    ['x @ ../project', /neither http\(s\), file nor a VCS one/],
    ['https://host.test/a b', /no blanks/],
    ['git+https://host.test/x@--upload-pack=evil', /starts with "-"/],
    ['hg+https://host.test/x@%2D-config=evil', /starts with "-"/],
    ['git+ssh://-oProxyCommand=evil/x', /starts with "-"/],
    ['git+ssh://git@-oProxyCommand=evil/x', /starts with "-"/],
    ['https://me:hunter2@host.test/a b', /^"https:\/\/\*\*\*\*@host\.test/],
  ] as const) {
    it(`is not ${text}`, async () => {
      await assert.rejects(resolveRequirement(root, text), invalid(reason));
    });
  }

  it('is never handed on in a form that starts with "-" or holds a line break', async () => {
    const piece = fc.constantFrom(
      '-',
      '--',
      ' ',
      '\n',
      '\r',
      '\0',
      '/',
      './',
      'project',
      '[x]',
      ';',
      '@',
      'x',
      '=',
      'git+',
      'http://',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        try {
          const { argument } = await resolveRequirement(root, pieces.join(''));
          assert.doesNotMatch(argument, /^\s*-|[\n\r\0]/);
        } catch (error) {
          assert.ok(error instanceof ToolError && error.kind === 'requirement_invalid', String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is for uninstalling a bare name and nothing more', () => {
    assert.equal(requirementName(' Some_Name '), 'some-name');
    for (const text of ['x==1', 'x[a]', 'x @ https://host.test/x', 'x; os_name=="nt"', './x', '-y', '']) {
      assert.throws(() => requirementName(text), invalid(/./), text);
    }
  });
});
