import assert from 'node:assert/strict';
import { absolutePath } from '../../src/core/paths';
import { fromUnixShell, whyNotOnWindows } from '../../src/core/windowsNames';
import { ToolError } from '../../src/core/errors';

const onWindows = (path: string) => absolutePath('C:\\proj', path, 'C:\\Users\\me', 'win32');

describe('a path on Windows', () => {
  it('is made absolute by its rules', () => {
    assert.equal(onWindows('src/main.py'), 'C:\\proj\\src\\main.py');
    assert.equal(onWindows('..\\other'), 'C:\\other');
    assert.equal(onWindows('.\\a\\..\\b'), 'C:\\proj\\b');
    assert.equal(onWindows('d:/x'), 'd:\\x');
    assert.equal(onWindows('\\x'), 'C:\\x');
    assert.equal(onWindows('~\\x'), 'C:\\Users\\me\\x');
    assert.equal(onWindows('\\\\?\\D:\\x'), 'D:\\x');
    assert.equal(onWindows('\\\\host\\share\\x'), '\\\\host\\share\\x');
  });

  it('may hold what shells treat specially', () => {
    for (const path of ['100% of ^me & you! (ü)', ' a', "it's;#,=+[]{}@~$`", 'auxiliary.py', 'com10', 'nul_', '...a']) {
      assert.equal(whyNotOnWindows(path), undefined, path);
    }
  });

  it('is refused where Windows takes it for something else, and the error says why', () => {
    const refused: readonly (readonly [path: string, why: RegExp])[] = [
      ['NUL', /"NUL" is the name of a device/],
      ['src/aux.py', /"aux.py" is the name of a device/],
      ['con .txt', /device/],
      ['COM¹', /device/],
      ['\\\\.\\PhysicalDrive0', /device/],
      ['main.py:stream', /stream of the file/],
      ['C:\\proj\\main.py::$DATA', /stream of the file/],
      ['C:main.py', /to be current on drive C:/],
      ['C:', /current on drive C:/],
      ['.venv.', /the dot at the end of "\.venv\." is dropped/],
      ['src /main.py', /the blank at the end of "src " is dropped/],
      ['...', /the dot at/],
      ['*.py', /may not contain "\*"/],
      ['what?.py', /may not contain "\?"/],
      ['a\tb', /may not contain control characters/],
      ['\\\\?\\Volume{1}\\x', /may not contain "\?"/],
    ];
    for (const [path, why] of refused) {
      assert.throws(
        () => onWindows(path),
        (error) => error instanceof ToolError && error.kind === 'invalid_input' && why.test(error.message),
        path,
      );
    }
  });

  it('may be what the shells of Unix call it there', () => {
    assert.equal(fromUnixShell(onWindows('/c/Users/me')), 'C:\\Users\\me');
    assert.equal(fromUnixShell(onWindows('/mnt/d/a b')), 'D:\\a b');
    assert.equal(fromUnixShell(onWindows('/cygdrive/d')), 'D:\\');
    for (const path of ['/home/me', '/mnt/data/x', 'c/x', '/']) assert.equal(fromUnixShell(onWindows(path)), undefined);
  });

  it('is as good as any name elsewhere', () => {
    for (const name of ['NUL', 'aux.py', 'main.py:stream', 'C:main.py', '.venv.', 'a ', '*.py', '...']) {
      assert.equal(absolutePath('/proj', name, '/home/me', 'linux'), `/proj/${name}`);
    }
  });
});
