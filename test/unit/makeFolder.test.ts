import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, makeFolderSync } from '../../src/core/files/makeFolder';
import { codeOf } from '../../src/core/files/systemErrors';
import { itOnUnix, itWithFolderLinks } from '../support/platform';

const ways: Readonly<Record<string, (path: string, mode?: number) => Promise<string | undefined>>> = {
  'at once': async (path, mode) => await Promise.resolve().then(() => makeFolderSync(path, mode)),
  'in its time': makeFolder,
};

for (const [title, make] of Object.entries(ways)) {
  describe(`a folder made with those above it, ${title}`, () => {
    let base: string;
    beforeEach(() => (base = realpathSync(mkdtempSync(join(tmpdir(), 'make-folder-')))));
    afterEach(() => {
      rmSync(base, { recursive: true, force: true });
    });
    const codeFrom = async (path: string): Promise<string | undefined> =>
      await make(path).then(
        () => 'none',
        (error: unknown) => codeOf(error),
      );

    it('is there afterwards, and tells the outermost that was made', async () => {
      assert.equal(await make(join(base, 'a', 'b', 'c')), join(base, 'a'));
      assert.ok(statSync(join(base, 'a', 'b', 'c')).isDirectory());
      assert.equal(await make(join(base, 'a', 'b', 'd')), join(base, 'a', 'b', 'd'));
      assert.equal(await make(join(base, 'a', 'b', 'c')), undefined);
      assert.equal(await make(base), undefined);
    });

    itOnUnix('modes of files')('has the mode that was asked for, as those above it', async () => {
      await make(join(base, 'a', 'b'), 0o700);
      for (const path of [join(base, 'a'), join(base, 'a', 'b')]) assert.equal(statSync(path).mode & 0o777, 0o700);
    });

    it('fails where a file has one of the names', async () => {
      writeFileSync(join(base, 'file'), '');
      assert.equal(await codeFrom(join(base, 'file')), 'EEXIST');
      assert.ok(['ENOTDIR', 'EEXIST', 'ENOENT'].includes((await codeFrom(join(base, 'file', 'a', 'b'))) ?? ''));
    });

    itOnUnix('folders in which nothing can be made')('ends where the system lets no folder be made', async () => {
      for (const path of existsSync('/proc/self') ? ['/proc/self/a', '/proc/a/b/c', '/proc/self/fdinfo/a/b'] : []) {
        assert.equal(await codeFrom(path), 'ENOENT', path);
      }
      assert.equal(await codeFrom('/dev/null/a/b'), 'ENOTDIR');
    });

    itWithFolderLinks('ends at a link that leads nowhere, and goes through one that leads on', async () => {
      symlinkSync(join(base, 'nowhere'), join(base, 'dangling'), 'junction');
      assert.ok(['EEXIST', 'ENOENT'].includes((await codeFrom(join(base, 'dangling', 'a'))) ?? ''));
      mkdirSync(join(base, 'real'));
      symlinkSync(join(base, 'real'), join(base, 'link'), 'junction');
      await make(join(base, 'link', 'a', 'b'));
      assert.ok(existsSync(join(base, 'real', 'a', 'b')));
    });

    it('is made by many at once', async () => {
      const path = join(base, 'a', 'b', 'c', 'd');
      await Promise.all(Array.from({ length: 20 }, async () => await make(path)));
      assert.ok(existsSync(path));
    });
  });
}
