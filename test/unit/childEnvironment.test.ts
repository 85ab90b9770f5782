import assert from 'node:assert/strict';
import { childEnvironment, variableIn, withVariables } from '../../src/core/process/environment';

const venv = { path: 'C:\\p\\.venv', scripts: 'C:\\p\\.venv\\Scripts' };

describe('the environment of a child process', () => {
  it('has one of two names that differ in case only, on Windows: what the call gives it', () => {
    const host = { Path: 'C:\\Windows', PythonUtf8: '0', Temp: 'C:\\T' };
    const { PYTHONUTF8, ...env } = childEnvironment({
      host,
      venv,
      extra: { path: 'C:\\x', TEMP: 'D:\\' },
      platform: 'win32',
    });
    assert.equal(PYTHONUTF8, '1');
    assert.deepEqual(env, { PYTHONUNBUFFERED: '1', VIRTUAL_ENV: venv.path, path: 'C:\\x', TEMP: 'D:\\' });
    assert.deepEqual(withVariables({ a: '1' }, { B: '2', b: '3' }, 'win32'), { a: '1', b: '3' });
    assert.deepEqual(withVariables({ a: '1' }, { A: '2' }, 'linux'), { a: '1', A: '2' });
  });

  it('puts the folder of a venv first on PATH, however Windows spells it', () => {
    const pathOf = (host: Record<string, string>, scripts = venv.scripts) =>
      variableIn(childEnvironment({ host, venv: { ...venv, scripts }, platform: 'win32' }), 'PATH', 'win32');
    assert.equal(pathOf({ Path: 'C:\\Windows' }), 'C:\\p\\.venv\\Scripts;C:\\Windows');
    assert.equal(pathOf({}), 'C:\\p\\.venv\\Scripts');
    assert.equal(pathOf({ Path: 'C:\\Windows' }, 'C:\\a;b\\Scripts'), '"C:\\a;b\\Scripts";C:\\Windows');
    assert.equal(
      childEnvironment({ host: { PATH: '/usr/bin' }, venv: { path: '/v', scripts: '/v/bin' }, platform: 'linux' })[
        'PATH'
      ],
      '/v/bin:/usr/bin',
    );
  });

  it('is without what belongs to the host alone, however Windows spells it', () => {
    const host = { vscode_pid: '1', PythonHome: 'C:\\x', KEPT: '' };
    const names = (platform: NodeJS.Platform) => Object.keys(childEnvironment({ host, platform }));
    assert.deepEqual(names('win32'), ['KEPT', 'PYTHONUTF8', 'PYTHONUNBUFFERED']);
    assert.deepEqual(names('linux'), ['vscode_pid', 'PythonHome', 'KEPT', 'PYTHONUTF8', 'PYTHONUNBUFFERED']);
  });

  it('tells a variable by its name, in which case does not count on Windows', () => {
    assert.equal(variableIn({ PythonPath: 'x' }, 'PYTHONPATH', 'win32'), 'x');
    assert.equal(variableIn({ PythonPath: 'x' }, 'PYTHONPATH', 'linux'), undefined);
  });
});
