import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, sep } from 'node:path';
import fc from 'fast-check';
import type { ErrorKind } from '../../src/core/errors';
import { ToolError } from '../../src/core/errors';
import { inTrueCase } from '../../src/core/pathIdentity';
import {
  absolutePath,
  isInside,
  nearestExisting,
  realPathOf,
  relativeInside,
  resolveInside,
} from '../../src/core/paths';
import { itWithFolderLinks, linkFolder, linksFolders, onWindows } from '../support/platform';

const kind = (wanted: ErrorKind) => (error: unknown) => error instanceof ToolError && error.kind === wanted;

describe('paths', () => {
  let base: string;
  let root: string;

  before(() => {
    base = realpathSync.native(mkdtempSync(join(tmpdir(), 'paths-')));
    root = join(base, 'project');
    mkdirSync(join(root, 'src', 'app'), { recursive: true });
    mkdirSync(join(base, 'outside'));
    writeFileSync(join(root, 'main.py'), '');
    writeFileSync(join(root, 'src', 'tool.py'), '');
    if (!linksFolders) return;
    linkFolder(join(base, 'outside'), join(root, 'out'));
    linkFolder(join(base, 'nowhere'), join(root, 'dangling'));
    linkFolder('loop', join(root, 'loop'));
    linkFolder(root, join(base, 'alias'));
  });

  after(() => {
    rmSync(base, { recursive: true });
  });

  it('knows what lies inside a folder by the rules of each system', () => {
    assert.equal(isInside('/a/b', '/a/b/c', 'linux'), true);
    assert.equal(isInside('/a/b', '/a/b', 'linux'), false);
    assert.equal(isInside('/a/b', '/a/bc', 'linux'), false);
    assert.equal(isInside('/a/b', '/a/b/..c', 'linux'), true);
    assert.equal(isInside('/', '/a', 'linux'), true);
    assert.equal(isInside('/a/B', '/a/b/c', 'linux'), false);
    assert.equal(isInside('C:\\Project', 'c:\\project\\.venv', 'win32'), true);
    assert.equal(isInside('C:\\Project', 'D:\\Project\\.venv', 'win32'), false);
    assert.equal(isInside('C:\\Project', 'C:\\Project2', 'win32'), false);
    assert.equal(isInside('\\\\host\\share\\p', '\\\\host\\share\\p\\v', 'win32'), true);
  });

  it('says inside for exactly those paths that resolve to below the folder', () => {
    const segment = fc.constantFrom('a', 'b', '..', '.', '...', '..a', ' ', 'project', 'é');
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
        const child = posix.resolve('/base/project', ...segments);
        assert.equal(isInside('/base/project', child, 'linux'), child.startsWith('/base/project/'));
      }),
    );
  });

  it('accepts just the paths that stay in the folder, whatever they are made of', async () => {
    const segment = fc.constantFrom('src', 'app', '..', '.', 'out', 'dangling', 'new', 'main.py', '../project', '/');
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 6 }), async (segments) => {
        // Two at the start name a server on Windows, which is then waited for.
        const path = segments.join('/').replace(/^\/{2,}/, onWindows ? '/' : '//');
        try {
          const inside = await resolveInside(root, path, base);
          assert.ok(inside.real.startsWith(`${root}${sep}`), inside.real);
          assert.ok(inside.path.startsWith(`${root}${sep}`), inside.path);
        } catch (error) {
          assert.ok(error instanceof ToolError, String(error));
          // "//." is where Windows has its devices.
          const kinds = path.startsWith('//.') && process.platform === 'win32' ? ['invalid_input'] : [];
          assert.ok([...kinds, 'refused', 'outside_workspace'].includes(error.kind), error.kind);
        }
      }),
    );
  });

  it('judges a path by where it really is', async () => {
    assert.equal((await resolveInside(root, 'src/../.venv/', base)).path, join(root, '.venv'));
    assert.equal((await resolveInside(root, '~/project/x', base)).path, join(root, 'x'));
    await assert.rejects(resolveInside(root, '../other', base), kind('outside_workspace'));
    await assert.rejects(resolveInside(root, '/', base), kind('refused'));
    await assert.rejects(resolveInside(root, '.', base), kind('refused'));
    await assert.rejects(resolveInside(root, '..', base), kind('refused'));
    await assert.rejects(resolveInside(join(base, 'gone'), '.venv', base), kind('no_folder'));
  });

  itWithFolderLinks('judges a path with links by where they lead', async () => {
    await assert.rejects(resolveInside(root, 'out/.venv', base), kind('outside_workspace'));
    await assert.rejects(resolveInside(root, 'dangling/.venv', base), kind('outside_workspace'));
    await assert.rejects(resolveInside(root, join(base, 'alias'), base), kind('outside_workspace'));
    await assert.rejects(resolveInside(root, 'loop/.venv', base), kind('invalid_input'));
  });

  itWithFolderLinks('keeps the name under which a folder was opened through a link', async () => {
    const alias = join(base, 'alias');
    assert.deepEqual(await resolveInside(alias, join(root, '.venv'), base), {
      path: join(alias, '.venv'),
      real: join(root, '.venv'),
      realFolder: root,
    });
  });

  it('refuses an empty path and one with a NUL', () => {
    for (const path of ['', '  ', 'a\0b']) assert.throws(() => absolutePath(root, path, base), kind('invalid_input'));
    assert.equal(absolutePath(root, '~', base), base);
    assert.equal(absolutePath(root, '~other', base), join(root, '~other'));
  });

  itWithFolderLinks('follows links also in the part of a path that does not exist yet', async () => {
    assert.equal(await realPathOf(join(root, 'out', 'a', 'b')), join(base, 'outside', 'a', 'b'));
    assert.equal(await realPathOf(join(root, 'dangling', 'a')), join(base, 'nowhere', 'a'));
  });

  it('has the case of the disk where that does not count in a name', async function () {
    if (process.platform !== 'win32' && process.platform !== 'darwin') this.skip();
    const { path, real } = await resolveInside(root, 'SRC/App', base);
    assert.deepEqual([path, real], [join(root, 'src', 'app'), join(root, 'src', 'app')]);
    await assert.rejects(resolveInside(root, '../PROJECT', base), kind('refused'));
    assert.equal(await inTrueCase(root, join(root, 'MAIN.py')), join(root, 'main.py'));
    assert.equal(await inTrueCase(root, join(root, 'New.py')), join(root, 'New.py'));
  });

  it('names what is nearly called so, and the same name one folder further down', async () => {
    assert.deepEqual(await nearestExisting(join(root, 'mian.py')), [join(root, 'main.py')]);
    assert.deepEqual(await nearestExisting(join(root, 'tool.py')), [join(root, 'src', 'tool.py')]);
    assert.deepEqual(await nearestExisting(join(root, 'scr', 'tool.py')), [
      join(root, 'src', 'tool.py'),
      join(root, 'src'),
    ]);
    assert.deepEqual(await nearestExisting(join(root, 'something-else.txt')), []);
  });

  it('shows a path relative inside the folder and absolute outside', () => {
    const [folder, other] = [join(base, 'b'), join(base, 'c')];
    assert.equal(relativeInside(folder, join(folder, '.venv')), '.venv');
    assert.equal(relativeInside(folder, other), other);
  });
});
