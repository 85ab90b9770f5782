import assert from 'node:assert/strict';
import { interpreterCandidates } from '../../src/core/interpreters/candidates';
import type { Interpreter } from '../../src/core/interpreters/interpreter';
import { environmentOf, newestFirst } from '../../src/core/interpreters/interpreter';
import type { Candidate } from '../../src/core/interpreters/places';
import { parseInterpreterRequest } from '../../src/core/interpreters/request';
import { interpreterFrom, parseSelfDescription } from '../../src/core/interpreters/selfDescription';
import { uvCandidates } from '../../src/core/interpreters/uv';
import { compareVersions, promisedVersion, versionParts } from '../../src/core/interpreters/version';
import type { Machine } from '../../src/core/files/storage';
import { describedDisk } from '../support/describedDisk';

const homes = { win32: 'C:\\Users\\u', darwin: '/Users/u' } as const;

/** A machine whose files are just those listed. */
function found(
  platform: 'linux' | 'darwin' | 'win32',
  files: readonly string[],
  env: Machine['env'] = {},
): Candidate[] {
  const home = platform === 'linux' ? '/home/u' : homes[platform];
  return [...interpreterCandidates({ platform, arch: 'x64', env, home }, describedDisk(platform, files))];
}

const paths = (candidates: readonly Candidate[]): string[] => candidates.map(({ path }) => path);

const description = {
  signature: 'python-tools-mcp',
  version: '3.12.1',
  free_threaded: false,
  implementation: 'cpython',
  executable: '/usr/bin/python3.12',
  prefix: '/usr',
  base_prefix: '/usr',
  base_executable: '/usr/bin/python3.12',
  externally_managed: true,
  sys_path: ['/usr/lib/python3.12', '/usr/lib/python3/dist-packages'],
  site_packages: ['/usr/local/lib/python3.12/dist-packages', '/usr/lib/python3/dist-packages'],
  user_site: '/home/u/.local/lib/python3.12/site-packages',
  pip_wheel: null,
};

const interpreter = (version: string, more: Partial<Interpreter> = {}): Interpreter => ({
  ...interpreterFrom(
    { ...description, version },
    { executable: '/usr/bin/python3', source: 'system' },
    { platform: 'linux', env: {} },
  ),
  ...more,
});

describe('where interpreters are looked for', () => {
  it('needs nothing but the home folder on Linux', () => {
    const files = [
      '/home/u/.pyenv/versions/3.9.18/bin/python3.9',
      '/home/u/.pyenv/versions/3.12.1/bin/python',
      '/home/u/.pyenv/versions/3.12.1/bin/python3',
      '/home/u/.pyenv/versions/3.12.1/bin/python3.12',
      '/home/u/.pyenv/versions/3.12.1/bin/python3.12-config',
      '/home/u/.local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3.13',
      '/home/u/.local/share/uv/python/.temp/bin/python3.13',
      '/home/u/.asdf/installs/python/3.11.1/bin/python3.11',
      '/home/u/.local/share/mise/installs/python/3.11.2/bin/python3.11',
      '/home/u/miniconda3/bin/python3.11',
      '/home/u/miniconda3/envs/data/bin/python3.10',
      '/home/linuxbrew/.linuxbrew/bin/python3.12',
      '/usr/bin/python3',
      '/opt/python3.8/bin/python3.8',
      '/opt/conda/bin/python',
      '/run/current-system/sw/bin/python3',
    ];
    assert.deepEqual(found('linux', files), [
      { path: '/home/u/.pyenv/versions/3.12.1/bin/python3.12', source: 'pyenv' },
      { path: '/home/u/.pyenv/versions/3.12.1/bin/python3', source: 'pyenv' },
      { path: '/home/u/.pyenv/versions/3.12.1/bin/python', source: 'pyenv' },
      { path: '/home/u/.pyenv/versions/3.9.18/bin/python3.9', source: 'pyenv' },
      {
        path: '/home/u/.local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3.13',
        source: 'uv',
      },
      { path: '/home/linuxbrew/.linuxbrew/bin/python3.12', source: 'homebrew' },
      { path: '/home/u/.asdf/installs/python/3.11.1/bin/python3.11', source: 'asdf' },
      { path: '/home/u/.local/share/mise/installs/python/3.11.2/bin/python3.11', source: 'mise' },
      { path: '/usr/bin/python3', source: 'system' },
      { path: '/home/u/miniconda3/bin/python3.11', source: 'conda' },
      { path: '/home/u/miniconda3/envs/data/bin/python3.10', source: 'conda' },
      { path: '/opt/conda/bin/python', source: 'conda' },
      { path: '/opt/python3.8/bin/python3.8', source: 'system' },
      { path: '/run/current-system/sw/bin/python3', source: 'system' },
    ]);
  });

  it('takes PATH first, without its relative folders', () => {
    const files = ['/usr/bin/python3', '/custom/python3', '/home/u/python3'];
    const PATH = '/custom:.:relative::/usr/bin';
    assert.deepEqual(paths(found('linux', files, { PATH })), ['/custom/python3', '/usr/bin/python3']);
  });

  it('takes the installations behind a folder of shims in the place of the shims', () => {
    const files = ['/p/shims/python3.12', '/p/versions/3.12.1/bin/python3.12', '/usr/bin/python3.12'];
    assert.deepEqual(paths(found('linux', files, { PATH: '/p/shims:/usr/bin' })), [
      '/p/versions/3.12.1/bin/python3.12',
      '/usr/bin/python3.12',
    ]);
    assert.deepEqual(paths(found('linux', ['/q/shims/python3'], { PATH: '/q/shims' })), ['/q/shims/python3']);
  });

  it('leaves the stub of macOS alone, which would open a window', () => {
    const files = [
      '/usr/bin/python3',
      '/Library/Developer/CommandLineTools/usr/bin/python3',
      '/Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12',
      '/opt/homebrew/bin/python3.13',
      '/opt/homebrew/opt/python@3.11/bin/python3.11',
    ];
    assert.deepEqual(found('darwin', files, { PATH: '/usr/bin' }), [
      { path: '/opt/homebrew/bin/python3.13', source: 'homebrew' },
      { path: '/opt/homebrew/opt/python@3.11/bin/python3.11', source: 'homebrew' },
      { path: '/Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12', source: 'python.org' },
      { path: '/Library/Developer/CommandLineTools/usr/bin/python3', source: 'system' },
    ]);
  });

  it('looks for uv beyond PATH, unless a variable names it or rules it out', () => {
    const machine: Machine = { platform: 'linux', arch: 'x64', env: { PATH: '/usr/bin' }, home: '/home/u' };
    assert.deepEqual(uvCandidates(machine).slice(0, 3), [
      '/usr/bin/uv',
      '/home/u/.local/bin/uv',
      '/home/u/.cargo/bin/uv',
    ]);
    assert.deepEqual(uvCandidates({ ...machine, env: { PYTHON_TOOLS_UV: '' } }), []);
    assert.deepEqual(uvCandidates({ ...machine, env: { PYTHON_TOOLS_UV: '/x/uv' } }), ['/x/uv']);
    const windows: Machine = { platform: 'win32', arch: 'x64', env: {}, home: 'C:\\Users\\u' };
    assert.ok(uvCandidates(windows).includes('C:\\Users\\u\\.local\\bin\\uv.exe'));
  });
});

describe('what an interpreter is asked for by', () => {
  const request = (wanted: string, platform: NodeJS.Platform = 'linux') =>
    parseInterpreterRequest(wanted, { folder: platform === 'win32' ? 'C:\\p' : '/p', home: '/home/u', platform });

  it('is a name, with the version it promises', () => {
    for (const wanted of ['3.12', 'python3.12', ' python3.12 ', 'Python 3.12', 'cpython-3.12', 'py -3.12', 'v3.12']) {
      assert.deepEqual(request(wanted), { kind: 'name', name: 'python3.12', version: [3, 12] }, wanted);
    }
    assert.deepEqual(request('3.12.1'), { kind: 'name', name: 'python3.12.1', version: [3, 12, 1] });
    assert.deepEqual(request('3'), { kind: 'name', name: 'python3', version: [3] });
    assert.deepEqual(request('python.exe', 'win32'), { kind: 'name', name: 'python', version: [] });
    assert.deepEqual(request('pypy3'), { kind: 'name', name: 'pypy3', version: [] });
  });

  it('is a path where it looks like one', () => {
    assert.deepEqual(request('~/x/python'), { kind: 'path', path: '/home/u/x/python' });
    assert.deepEqual(request('.venv'), { kind: 'path', path: '/p/.venv' });
    assert.deepEqual(request('env/bin/python3.12'), { kind: 'path', path: '/p/env/bin/python3.12' });
    assert.deepEqual(request('D:\\Python312\\python.exe', 'win32'), {
      kind: 'path',
      path: 'D:\\Python312\\python.exe',
    });
  });
});

describe('what an interpreter says of itself', () => {
  it('is found among whatever else a shim prints', () => {
    const line = JSON.stringify(description);
    assert.equal(parseSelfDescription(`Activating…\n{broken\n${line}\r\nbye`)?.version, '3.12.1');
  });

  it('is nothing where the output is an excuse, a lie or half of it', () => {
    const without = JSON.stringify({ ...description, prefix: undefined });
    const foreign = JSON.stringify({ ...description, signature: 'other' });
    for (const output of ['', 'Python was not found', '3.12.1', '{}', '[]', 'null', without, foreign]) {
      assert.equal(parseSelfDescription(output), undefined, output);
    }
  });

  it('gives the libraries in the order of sys.path, the user site first', () => {
    assert.deepEqual(interpreter('3.12.1').libraries, {
      own: [description.user_site, ...description.site_packages],
      inherited: [],
    });
    const without = interpreterFrom(
      description,
      { executable: '/usr/bin/python3', source: 'path' },
      { platform: 'linux', env: { PYTHONNOUSERSITE: '1' } },
    );
    assert.deepEqual(without.libraries.own, description.site_packages);
  });

  it('tells a venv from its base', () => {
    const venv = interpreterFrom(
      { ...description, prefix: '/p/.venv', site_packages: ['/p/.venv/lib/python3.12/site-packages', '/usr/lib/x'] },
      { executable: '/p/.venv/bin/python', source: 'path' },
      { platform: 'linux', env: {} },
    );
    assert.equal(venv.isVenv, true);
    assert.equal(venv.baseExecutable, '/usr/bin/python3.12');
    assert.deepEqual(venv.libraries.own, ['/p/.venv/lib/python3.12/site-packages']);
    assert.ok(venv.libraries.inherited.includes('/usr/lib/x'));
  });

  it('makes an environment to run in', () => {
    assert.deepEqual(environmentOf(interpreter('3.12.1'), 'linux'), {
      path: '/usr',
      python: '/usr/bin/python3',
      version: '3.12.1',
      isVenv: false,
      scripts: '/usr/bin',
      libraries: interpreter('3.12.1').libraries,
    });
    const windows = interpreter('3.12.1', { prefix: 'C:\\Python312', executable: 'C:\\Python312\\python.exe' });
    assert.equal(environmentOf(windows, 'win32').scripts, 'C:\\Python312\\Scripts');
  });

  it('is sorted newest first, what nobody asks for last', () => {
    const sorted = [
      interpreter('3.14.0rc1'),
      interpreter('3.9.18'),
      interpreter('3.13.0', { freeThreaded: true }),
      interpreter('3.13.0'),
      interpreter('3.10.2'),
    ].sort(newestFirst);
    assert.deepEqual(
      sorted.map(({ version, freeThreaded }) => `${version}${freeThreaded ? 't' : ''}`),
      ['3.13.0', '3.13.0t', '3.10.2', '3.9.18', '3.14.0rc1'],
    );
  });
});

describe('versions', () => {
  it('compare by number', () => {
    assert.ok(compareVersions([3, 10], [3, 9, 18]) > 0);
    assert.equal(compareVersions([3, 12], [3, 12, 0]), 0);
    assert.deepEqual(versionParts('3.12.1rc2'), [3, 12, 1]);
    assert.deepEqual(versionParts('x'), []);
  });

  it('are promised by names of files and folders', () => {
    for (const [path, version] of [
      ['/home/me/.pyenv/versions/3.12.1/bin/python3.12', [3, 12, 1]],
      ['/usr/bin/python3.11', [3, 11]],
      ['/opt/homebrew/opt/python@3.11/bin/python3', [3, 11]],
      ['C:\\Python312\\python.exe', [3, 12]],
      ['C:\\Python38-32\\python.exe', [3, 8]],
      ['C:\\Program Files\\Python313-arm64\\python.exe', [3, 13]],
      ['C:\\Users\\u\\AppData\\Local\\Python\\pythoncore-3.14-64\\python.exe', [3, 14]],
      ['C:\\WindowsApps\\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0\\python.exe', [3, 12]],
      ['/x/cpython-3.13.0-linux-x86_64-gnu/bin/python3', [3, 13, 0]],
      ['/usr/bin/python3', undefined],
      ['/home/u/3d-models/bin/python', undefined],
    ] as const) {
      assert.deepEqual(promisedVersion(path), version, path);
    }
  });
});
