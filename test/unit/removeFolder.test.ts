import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { folderIdentity, ReplacedError, type Addressing } from '../../src/core/files/heldFolder';
import { removeEntry, removeFolder, type FolderContents } from '../../src/core/files/removeFolder';
import { itWithFolderLinks, linkFolder } from '../support/platform';

let base: string;

function file(path: string, content = ''): void {
  const absolute = join(base, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, content);
}

function contentsOf(folder: string): FolderContents {
  const identity = folderIdentity(folder);
  assert.ok(identity);
  const entries = readdirSync(folder, { withFileTypes: true });
  return {
    identity,
    files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    folders: new Map(
      entries.filter((entry) => entry.isDirectory()).map(({ name }) => [name, contentsOf(join(folder, name))]),
    ),
  };
}

const tree = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

describe('removing a folder', () => {
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'remove-')));
    for (const path of ['venv/a/1', 'venv/a/b/2', 'venv/a/b/c/3', 'venv/z/4', 'venv/5']) file(path);
    for (const path of ['outside/1', 'outside/2', 'outside/3', 'outside/b/2', 'outside/b/c/3', 'outside/c/3'])
      file(path, 'mine');
  });
  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
  });

  it('removes all that is in it', async () => {
    await removeFolder(join(base, 'venv'));
    await removeEntry(join(base, 'outside/b'));
    await removeEntry(join(base, 'outside/1'));
    await removeEntry(join(base, 'missing'));
    assert.deepEqual(tree(base), ['outside', 'outside/2', 'outside/3', 'outside/c', 'outside/c/3'].map(native));
  });

  itWithFolderLinks('removes links, and nothing that they lead to', async () => {
    linkFolder(join(base, 'outside'), join(base, 'venv/a/link'));
    linkFolder(join(base, 'missing'), join(base, 'venv/a/dangling'));
    linkFolder(join(base, 'outside'), join(base, 'link'));
    const before = tree(join(base, 'outside'));
    await removeFolder(join(base, 'venv'));
    await assert.rejects(removeFolder(join(base, 'link')), ReplacedError);
    await removeEntry(join(base, 'link'));
    assert.deepEqual(readdirSync(base), ['outside']);
    assert.deepEqual(tree(join(base, 'outside')), before);
  });

  /** Whenever something is about to be removed, one of the folders on the way to it becomes a link to the outside. */
  for (const addressing of ['handle', 'path'] satisfies Addressing[]) {
    itWithFolderLinks(
      `reaches nothing outside where folders are swapped for links at any moment, going by ${addressing}`,
      async () => {
        const venv = join(base, 'venv');
        const outside = join(base, 'outside');
        const before = tree(outside);
        const contents = contentsOf(venv);
        for (let swapAt = 0; swapAt < 12; swapAt++) {
          for (const planned of [true, false]) {
            for (const levels of [1, 2, 3]) {
              restore(contents, venv);
              let removal = 0;
              const swap = (path: string): void => {
                let folder = path;
                for (let level = 0; level < levels; level++) folder = dirname(folder);
                if (removal++ !== swapAt || !folder.startsWith(venv)) return;
                renameSync(folder, join(base, 'moved'));
                linkFolder(outside, folder);
              };
              await removeFolder(venv, {
                addressing,
                onRemove: swap,
                ...(planned ? { contents: contentsOf(venv) } : {}),
              }).catch(() => undefined);
              assert.deepEqual(tree(outside), before, `removal ${swapAt}, ${levels} levels above`);
            }
          }
        }
      },
    );
  }

  it('removes nothing of a folder that took the place of one that was looked at', async () => {
    const venv = join(base, 'venv');
    const contents = contentsOf(venv);
    renameSync(join(venv, 'a/b'), join(base, 'moved'));
    renameSync(join(base, 'outside'), join(venv, 'a/b'));
    await assert.rejects(removeFolder(venv, { contents }));
    assert.equal(readFileSync(join(venv, 'a/b/2'), 'utf8'), 'mine');
    renameSync(venv, join(base, 'elsewhere'));
    mkdirSync(venv);
    file('venv/5', 'mine');
    await assert.rejects(removeFolder(venv, { contents }), ReplacedError);
    assert.ok(existsSync(join(venv, '5')));
  });

  it('leaves what was put into it since it was looked at, and what is to go last', async () => {
    const venv = join(base, 'venv');
    const { identity, files, folders } = contentsOf(venv);
    const lastly = { identity, files: [], folders: new Map([...folders].filter(([name]) => name === 'z')) };
    const contents = { identity, files, folders: new Map([...folders].filter(([name]) => name !== 'z')) };
    file('venv/a/b/thesis.txt', 'mine');
    await assert.rejects(removeFolder(venv, { contents, lastly }), { code: 'ENOTEMPTY' });
    assert.deepEqual(tree(venv), ['a', 'a/b', 'a/b/thesis.txt', 'z', 'z/4'].map(native));
    rmSync(join(venv, 'a/b/thesis.txt'));
    const removed: string[] = [];
    await removeFolder(venv, { contents, lastly, onRemove: (path) => removed.push(basename(path)) });
    assert.deepEqual(removed.slice(-3), ['4', 'z', 'venv']);
    assert.equal(existsSync(venv), false);
  });

  function restore(contents: FolderContents, venv: string): void {
    rmSync(venv, { recursive: true, force: true });
    rmSync(join(base, 'moved'), { recursive: true, force: true });
    const make = (folder: string, { files, folders }: FolderContents): void => {
      mkdirSync(folder);
      for (const name of files) writeFileSync(join(folder, name), '');
      for (const [name, inner] of folders) make(join(folder, name), inner);
    };
    make(venv, contents);
  }
});

const native = (path: string): string => join(path);
