import assert from 'node:assert/strict';
import { usersAmong } from '../../src/core/process/processesUsing';

describe('The processes that use a folder on Windows', () => {
  it('are those whose executable lies in it, however its path is spelled', () => {
    const listed: [number, string][] = [
      [4, 'C:\\Windows\\System32\\svchost.exe'],
      [396, 'C:\\Work\\my project\\.venv\\Scripts\\python.exe'],
      [397, 'c:\\work\\MY PROJECT\\.venv\\Scripts\\ruff.exe'],
      [398, 'C:\\Work\\my project\\.venv2\\Scripts\\python.exe'],
      [399, 'C:\\Python312\\python.exe'],
    ];
    assert.deepEqual(usersAmong(listed, 'C:\\Work\\my project\\.venv'), [
      { pid: 396, name: 'python.exe' },
      { pid: 397, name: 'ruff.exe' },
    ]);
  });
});
