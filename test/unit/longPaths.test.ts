import assert from 'node:assert/strict';
import { ToolError } from '../../src/core/errors';
import { longPathHint } from '../../src/core/hints/longPathHint';
import type { FailedRun } from '../../src/core/hints/runHint';
import { isTooLongToStart, tooLongToStart } from '../../src/core/process/windows/longPaths';

const long = `C:\\${'deep\\'.repeat(60)}`;

describe('a path of over 260 characters', () => {
  it('is why Windows did not start a program there, and the error says so', () => {
    const why = (command: string, cwd: string, platform: NodeJS.Platform, isThere = true) =>
      tooLongToStart({ command, cwd }, platform, () => isThere);
    for (const error of [why(`${long}python.exe`, 'C:\\', 'win32'), why('C:\\python.exe', long, 'win32')]) {
      assert.ok(error instanceof ToolError && error.kind === 'invalid_input');
    }
    assert.equal(why('C:\\python.exe', 'C:\\', 'win32'), undefined);
    assert.equal(why(`${long}python`, long, 'linux'), undefined);
    assert.equal(why(`${long}python.exe`, long, 'win32', false), undefined);
    assert.ok(isTooLongToStart(`${long}python.exe`, 'win32') && !isTooLongToStart(`${long}python.exe`, 'darwin'));
  });

  it('is a hint where Python did not find the file', () => {
    const stream = (text: string) => {
      const head = Buffer.from(text);
      return { bytes: head.length, lines: 1, head, tail: Buffer.alloc(0), file: undefined, fileBytes: 0 };
    };
    const hint = (path: string, stderr: string): string | undefined => {
      const outcome = { exitCode: 2, stderr: stream(stderr) } as FailedRun['outcome'];
      const request = { program: { kind: 'file', path }, args: [], env: {}, cwd: 'C:\\' } as const;
      return longPathHint({ request, outcome, environment: {} as FailedRun['environment'] }, 'win32');
    };
    const missing = "python.exe: can't open file 'C:\\\\deep': [Errno 2] No such file or directory\r\n";
    assert.match(hint(`${long}main.py`, missing) ?? '', /^The file's path has 310 characters, .* LongPathsEnabled/);
    assert.equal(hint(`${long}main.py`, 'usage: main.py\r\n'), undefined);
    assert.equal(hint('C:\\main.py', missing), undefined);
  });
});
