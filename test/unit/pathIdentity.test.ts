import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSameName, isSamePlace, nameKey, placeKey, plainPath } from '../../src/core/pathIdentity';
import { asOpened } from '../../src/core/paths';
import { itWithFolderLinks, linkFolder, linksFolders } from '../support/platform';

describe('the identity of a path', () => {
  it('is the plain name of what Windows also takes with a prefix for long paths', () => {
    const plain = (path: string) => plainPath(path, 'win32');
    assert.equal(plain('\\\\?\\C:\\proj\\a'), 'C:\\proj\\a');
    assert.equal(plain('//?/c:/proj'), 'c:/proj');
    assert.equal(plain('\\\\.\\C:\\proj'), 'C:\\proj');
    assert.equal(plain('\\\\?\\C:'), 'C:\\');
    assert.equal(plain('\\\\?\\UNC\\host\\share\\a'), '\\\\host\\share\\a');
    const others = ['\\\\host\\share', '\\\\?\\Volume{1}\\a', '\\\\.\\pipe\\a', 'C:\\a', 'a'];
    for (const path of others) assert.equal(plain(path), path);
    assert.equal(plainPath('\\\\?\\C:\\proj', 'linux'), '\\\\?\\C:\\proj');
  });

  it('is one for all ways to write a path on Windows', () => {
    for (const other of ['c:\\PROJ', 'C:/Proj/', 'c:\\proj\\.\\sub\\..', '\\\\?\\C:\\Proj']) {
      assert.ok(isSameName('C:\\Proj', other, 'win32'), other);
      assert.equal(nameKey('C:\\Proj', 'win32'), nameKey(other, 'win32'));
      assert.equal(placeKey('C:\\Proj', 'win32'), placeKey(other, 'win32'));
    }
    assert.ok(isSameName('\\\\Host\\Share\\p', '\\\\?\\UNC\\host\\share\\P', 'win32'));
    assert.ok(!isSameName('C:\\Proj', 'D:\\Proj', 'win32'));
    assert.ok(!isSameName('C:\\Proj', 'C:\\Proj2', 'win32'));
  });

  it('keeps names apart that differ in case elsewhere', () => {
    assert.ok(!isSameName('/Proj', '/proj', 'linux'));
    assert.ok(!isSameName('/Proj', '/proj', 'darwin'));
    assert.ok(isSameName('/a/b/', '/a/b', 'linux'));
  });

  describe('where there are links', () => {
    let base: string;

    before(() => {
      base = realpathSync.native(mkdtempSync(join(tmpdir(), 'places-')));
      mkdirSync(join(base, 'project', 'sub'), { recursive: true });
      if (!linksFolders) return;
      linkFolder(join(base, 'project'), join(base, 'alias'));
      linkFolder(join(base, 'project', 'gone'), join(base, 'dangling'));
      linkFolder(join(base, 'loop'), join(base, 'loop'));
    });

    after(() => {
      rmSync(base, { recursive: true });
    });

    itWithFolderLinks('is where a path leads, also in a part that does not exist yet', () => {
      const place = (...names: string[]): string => placeKey(join(base, ...names));
      assert.equal(place('alias', 'new', 'x'), place('project', 'new', 'x'));
      assert.equal(place('dangling', 'x'), place('project', 'gone', 'x'));
      assert.equal(place('project', 'new', 'x'), nameKey(join(base, 'project', 'new', 'x')));
      assert.ok(isSamePlace(join(base, 'alias'), join(base, 'project')));
      assert.ok(!isSamePlace(join(base, 'alias', 'sub'), join(base, 'project')));
      assert.equal(typeof place('loop'), 'string');
    });

    itWithFolderLinks('has the name under which the folder was opened', async () => {
      const alias = join(base, 'alias');
      assert.equal(await asOpened(alias, join(base, 'project', '.venv')), join(alias, '.venv'));
      assert.equal(await asOpened(alias, join(alias, '.venv')), join(alias, '.venv'));
      assert.equal(await asOpened(join(base, 'project'), join(alias, 'sub', 'x')), join(base, 'project', 'sub', 'x'));
      assert.equal(await asOpened(join(base, 'project'), join(base, 'other')), join(base, 'other'));
    });
  });
});
