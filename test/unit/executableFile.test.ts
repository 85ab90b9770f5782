import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executableFile, startsPython } from '../../src/core/interpreters/executableFile';

describe('a file that may be run as a Python', () => {
  let base: string;

  before(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'executable-')));
  });
  after(() => {
    rmSync(base, { recursive: true });
  });

  const written = (name: string, text: string): string => {
    writeFileSync(join(base, name), text, { mode: 0o755 });
    return join(base, name);
  };
  const isRun = (path: string): boolean => {
    const file = executableFile(path, 'win32');
    return file !== undefined && startsPython(path, file, 'win32');
  };

  it('is on Windows no batch file, nothing empty of which nothing is known, no folder and nothing that is gone', () => {
    assert.equal(isRun(written('python.exe', 'MZ')), true);
    assert.equal(isRun(written('python.bat', '@echo')), false);
    assert.equal(isRun(written('python.CMD', '@echo')), false);
    assert.equal(isRun(written('python3.exe', '')), false);
    mkdirSync(join(base, 'folder.exe'));
    assert.equal(isRun(join(base, 'folder.exe')), false);
    assert.equal(isRun(join(base, 'none.exe')), false);
  });

  it('is on Windows an alias in the folder of a package of Python, though that is empty', function () {
    // A name with backslashes stands for the path on other systems.
    if (process.platform === 'win32') return this.skip();
    const path = written('x\\WindowsApps\\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0\\python.exe', '');
    assert.equal(isRun(path), true);
  });

  it('is the same under each of its names', function () {
    if (process.platform === 'win32') return this.skip(); // A link needs a permission there.
    const path = written('Python.exe', 'MZ');
    symlinkSync(path, join(base, 'link.exe'));
    for (const platform of ['linux', 'win32'] as const) {
      assert.equal(
        executableFile(join(base, 'link.exe'), platform)?.identity,
        executableFile(path, platform)?.identity,
      );
    }
    assert.equal(executableFile(path, 'win32')?.identity, path.toLowerCase());
    symlinkSync(join(base, 'gone'), join(base, 'dangling.exe'));
    assert.equal(executableFile(join(base, 'dangling.exe'), 'win32'), undefined);
  });
});
