import assert from 'node:assert/strict';
import { usersInListing } from '../../src/core/process/processesUsing';

describe('The processes that use a folder on Windows', () => {
  it('are those whose executable lies in it, however its path is spelled', () => {
    const listing = [
      '4\tC:\\Windows\\System32\\svchost.exe',
      '396\tC:\\Work\\my project\\.venv\\Scripts\\python.exe\r',
      '397\tc:\\work\\MY PROJECT\\.venv\\Scripts\\ruff.exe',
      '398\tC:\\Work\\my project\\.venv2\\Scripts\\python.exe',
      '399\tC:\\Python312\\python.exe',
      'not a line of it',
      '',
    ].join('\n');
    assert.deepEqual(usersInListing(listing, 'C:\\Work\\my project\\.venv'), [
      { pid: 396, name: 'python.exe' },
      { pid: 397, name: 'ruff.exe' },
    ]);
  });
});
