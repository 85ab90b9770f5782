import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFolder } from '../../src/core/files/privateFolder';
import { removeOldFiles } from '../../src/core/process/spillFile';
import { itOnUnix } from '../support/platform';

describe('files outside the project', () => {
  it('are removed after a day, with the folders of runs, and no earlier', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tidy-'));
    const hoursAgo = (path: string, hours: number): string => {
      const time = Date.now() / 1000 - hours * 3600;
      utimesSync(path, time, time);
      return path;
    };
    for (const folder of ['output', 'runs', 'other']) mkdirSync(join(root, folder));
    const file = (path: string): string => {
      writeFileSync(join(root, path), '');
      return join(root, path);
    };
    mkdirSync(join(root, 'runs', 'run-old'));
    file('runs/run-old/code.py');
    const old = [hoursAgo(file('output/old.txt'), 25), hoursAgo(join(root, 'runs', 'run-old'), 25)];
    const kept = [hoursAgo(file('output/new.txt'), 23), hoursAgo(file('other/old.txt'), 48)];
    await removeOldFiles(root);
    assert.deepEqual(
      [...old, ...kept].map((path) => existsSync(path)),
      [false, false, true, true],
    );
    rmSync(root, { recursive: true });
  });

  itOnUnix('modes of files')('lie in a folder that only this user may enter', () => {
    assert.equal(statSync(privateFolder('output')).mode & 0o777, 0o700);
  });
});
