import assert from 'node:assert/strict';
import { batchStart, isBatchFile } from '../../src/core/process/windows/batchFile';

describe('A batch file', () => {
  const pyright = 'C:\\Program Files (x86)\\nodejs\\pyright-langserver.cmd';

  it('is one by its name, on Windows only', () => {
    assert.deepEqual(
      ['a.cmd', 'a.BAT', 'a.exe', 'a.cmd.exe', 'cmd'].map((path) => isBatchFile(path, 'win32')),
      [true, true, false, false, false],
    );
    assert.equal(isBatchFile('a.cmd', 'linux'), false);
  });

  it('is run by the system’s own command processor, in one line that it takes as it is', () => {
    const { command, args } = batchStart({ command: pyright, args: ['--stdio', '--log=C:/a.txt'] });
    assert.match(command, /^[A-Z]:\\.*\\System32\\cmd\.exe$/);
    assert.deepEqual(args, [`/d /v:off /s /c ""${pyright}" --stdio --log=C:/a.txt"`]);
  });

  it('is not run where cmd.exe could act on its path', () => {
    for (const folder of ['R&D', '100%', 'a^b', 'a!b', 'a"b', 'a|b', 'a<b', 'a>b', 'a\nb', 'a\0b']) {
      const command = `C:\\${folder}\\tool.cmd`;
      assert.throws(() => batchStart({ command, args: [] }), { kind: 'refused' }, folder);
    }
  });

  it('is not run with an argument that cmd.exe could act on, however that is quoted', () => {
    for (const risky of [
      '&calc',
      '%PATH%',
      'a b',
      '"',
      '\\"&calc',
      '^',
      '|more',
      '>x',
      '',
      'a\nb',
      '(',
      ';',
      ',',
      '!x!',
    ]) {
      assert.throws(() => batchStart({ command: pyright, args: ['--stdio', risky] }), { kind: 'refused' }, risky);
    }
  });
});
