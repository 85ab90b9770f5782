import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeRelativeTo } from '../../src/core/runner/placeRelativeTo';
import { itWithFolderLinks, linkFolder } from '../support/platform';
import { parseUncaughtException } from '../../src/core/runner/uncaughtException';

describe('the exception of a run', () => {
  it('has a message whose lines end with a line feed', () => {
    const report = {
      type: 'ValueError',
      message: 'first\r\nsecond',
      frames: [],
      causes: [{ type: 'OSError', message: 'a\r\n\r\nb', frames: [], relation: 'cause' }],
    };
    const { message, causes } = parseUncaughtException(JSON.stringify(report), '/project') ?? {};
    assert.equal(message, 'first\nsecond');
    assert.equal(causes?.[0]?.message, 'a\n\nb');
  });
});

describe('the places in an exception', () => {
  it('are relative to the folder, however the interpreter spells it on Windows', () => {
    const place = placeRelativeTo('c:\\Proj', 'win32');
    for (const file of [
      'c:\\Proj\\sub\\a.py',
      'C:\\proj\\sub\\a.py',
      'C:/PROJ/sub/a.py',
      '\\\\?\\C:\\Proj\\sub\\a.py',
    ]) {
      assert.equal(place(file).toLowerCase(), 'sub/a.py');
    }
    assert.equal(place('C:\\Proj2\\a.py'), 'C:\\Proj2\\a.py');
    assert.equal(place('D:\\Proj\\a.py'), 'D:\\Proj\\a.py');
    assert.equal(place('<code>'), '<code>');
    assert.equal(placeRelativeTo('\\\\host\\share\\p', 'win32')('\\\\?\\UNC\\HOST\\Share\\p\\..a.py'), '..a.py');
  });

  itWithFolderLinks('are relative to the folder through a link to it, too', () => {
    const base = realpathSync.native(mkdtempSync(join(tmpdir(), 'places-')));
    mkdirSync(join(base, 'project'));
    writeFileSync(join(base, 'project', 'a.py'), '');
    linkFolder(join(base, 'project'), join(base, 'alias'));
    linkFolder(join(base, 'project'), join(base, 'other'));
    const place = placeRelativeTo(join(base, 'alias'));
    for (const name of ['alias', 'project', 'other']) assert.equal(place(join(base, name, 'a.py')), 'a.py');
    assert.equal(place(join(base, 'b.py')), join(base, 'b.py'));
    rmSync(base, { recursive: true });
  });
});
