import assert from 'node:assert/strict';
import { appAlias } from '../../src/core/interpreters/windows/appAlias';
import { interpreterCandidates } from '../../src/core/interpreters/candidates';
import { launcherCandidates, launcherOf, managerCandidates } from '../../src/core/interpreters/windows/launchers';
import { pathFolders } from '../../src/core/interpreters/pathFolders';
import { registeredIn } from '../../src/core/interpreters/windows/registeredPythons';
import { uvCandidates } from '../../src/core/interpreters/uv';
import { behindBatch, windowsCommand } from '../../src/core/interpreters/windows/windowsCandidates';
import type { Machine } from '../../src/core/files/storage';
import { describedDisk } from '../support/describedDisk';

const windows = (env: Machine['env'] = {}): Machine => ({ platform: 'win32', arch: 'x64', env, home: 'C:\\Users\\u' });

const local = 'C:\\Users\\u\\AppData\\Local';
const storeFolder = `${local}\\Microsoft\\WindowsApps`;

type Files = Parameters<typeof describedDisk>[1];

const found = (files: Files, env: Machine['env'] = {}) => [
  ...interpreterCandidates(windows(env), describedDisk('win32', files)),
];
const pathsFound = (files: Files, env: Machine['env'] = {}) => found(files, env).map(({ path }) => path);

describe('where interpreters are looked for on Windows', () => {
  it('needs no variable to be set', () => {
    const files = [
      `${local}\\Programs\\Python\\Python312\\python.exe`,
      `${local}\\Programs\\Python\\Python313\\python.exe`,
      `${local}\\Programs\\Python\\Python313\\python3.13t.exe`,
      `${local}\\Programs\\Python\\Launcher\\py.exe`,
      'C:\\Users\\u\\.pyenv\\pyenv-win\\versions\\3.10.5\\python.exe',
      'C:\\Users\\u\\AppData\\Roaming\\uv\\python\\cpython-3.12.2-windows-x86_64-none\\python.exe',
      'C:\\Users\\u\\AppData\\Roaming\\uv\\python\\.temp\\python.exe',
      'C:\\Program Files\\Python311\\python.exe',
      `${storeFolder}\\python3.exe`,
      'C:\\Users\\u\\miniconda3\\envs\\data\\python.exe',
    ];
    assert.deepEqual(found(files), [
      { path: files[4], source: 'pyenv' },
      { path: files[5], source: 'uv' },
      { path: files[2], source: 'python.org' },
      { path: files[1], source: 'python.org' },
      { path: files[0], source: 'python.org' },
      { path: files[7], source: 'python.org' },
      { path: files[8], source: 'store' },
      { path: files[9], source: 'conda' },
    ]);
  });

  it('finds what each tool installs in its own place', () => {
    for (const [file, source] of [
      ['C:\\Users\\u\\scoop\\apps\\python312\\current\\python.exe', 'scoop'],
      ['C:\\ProgramData\\scoop\\apps\\python\\current\\python.exe', 'scoop'],
      ['C:\\Users\\u\\scoop\\persist\\pyenv\\pyenv-win\\versions\\3.9.13\\python.exe', 'pyenv'],
      ['C:\\Users\\u\\scoop\\apps\\miniconda3\\current\\envs\\a\\python.exe', 'conda'],
      ['C:\\Python313\\python.exe', 'python.org'],
      ['C:\\tools\\python311\\python.exe', 'python.org'],
      ['C:\\tools\\miniforge3\\python.exe', 'conda'],
      ['C:\\ProgramData\\miniforge3\\envs\\x\\python.exe', 'conda'],
      ['C:\\Users\\u\\.conda\\envs\\y\\python.exe', 'conda'],
      [`${local}\\Python\\pythoncore-3.14-64\\python.exe`, 'python.org'],
      [`${local}\\mise\\installs\\python\\3.12.1\\python.exe`, 'mise'],
      [`${local}\\hatch\\pythons\\3.12\\python\\python.exe`, 'hatch'],
      ['C:\\Users\\u\\.rye\\py\\cpython@3.12.3\\python.exe', 'rye'],
      ['C:\\Users\\u\\.rye\\py\\cpython@3.11.1\\install\\python.exe', 'rye'],
      ['C:\\Users\\u\\.local\\bin\\python3.13.exe', 'uv'],
      ['C:\\hostedtoolcache\\windows\\Python\\3.12.1\\x64\\python.exe', 'system'],
      [`${storeFolder}\\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0\\python.exe`, 'store'],
    ] as const) {
      assert.deepEqual(found([file]), [{ path: file, source }]);
    }
  });

  it('heeds the variables by which the tools are moved elsewhere', () => {
    const env = {
      SCOOP: 'D:\\s',
      SCOOP_GLOBAL: 'D:\\g',
      PYENV: 'D:\\pyenv-win\\',
      MISE_DATA_DIR: 'D:\\m',
      ChocolateyToolsLocation: 'D:\\t',
      CONDA_EXE: 'D:\\conda\\Scripts\\conda.exe',
    };
    const files = [
      'D:\\pyenv-win\\versions\\3.12.1\\python.exe',
      'D:\\t\\python312\\python.exe',
      'D:\\s\\apps\\python\\current\\python.exe',
      'D:\\g\\apps\\python\\current\\python.exe',
      'D:\\m\\installs\\python\\3.11.2\\python.exe',
      'D:\\conda\\python.exe',
    ];
    assert.deepEqual(pathsFound(files, env), files);
  });

  it('reads PATH whatever its case, quotes, unexpanded variables, slashes and ends', () => {
    const env = {
      Path: '"D:\\a;b\\";%tools%\\c\\;.;\\d;d:/TOOLS/C;%none%\\e; \\\\server\\share\\f ',
      Tools: 'D:\\tools',
    };
    assert.deepEqual(pathFolders(windows(env)), ['D:\\a;b', 'D:\\tools\\c', '\\\\server\\share\\f']);
  });

  it('looks into a folder once, however PATH spells it', () => {
    const files = ['D:\\Python\\python.exe', 'D:\\Python\\pythonw.exe'];
    assert.deepEqual(pathsFound(files, { PATH: 'D:\\Python;d:\\PYTHON\\;"D:/python"' }), [files[0]]);
  });

  it('looks for uv where Scoop puts it for all users', () => {
    assert.ok(uvCandidates(windows()).includes('C:\\ProgramData\\scoop\\shims\\uv.exe'));
    assert.ok(uvCandidates(windows({ SCOOP: 'D:\\s' })).includes('D:\\s\\shims\\uv.exe'));
  });
});

describe('a shim on Windows', () => {
  const pyenv = 'C:\\Users\\u\\.pyenv\\pyenv-win';
  const ofPyenv: Files = [
    `${pyenv}\\shims\\python.bat`,
    `${pyenv}\\shims\\python3.11.bat`,
    `${pyenv}\\shims\\python`,
    [`${pyenv}\\version`, '3.11.4\r\n'],
    `${pyenv}\\versions\\3.11.4\\python.exe`,
    `${pyenv}\\versions\\3.12.1\\python.exe`,
  ];
  const chosen = [`${pyenv}\\versions\\3.11.4\\python.exe`, `${pyenv}\\versions\\3.12.1\\python.exe`];

  it('of pyenv-win stands for what is installed, the chosen version first', () => {
    assert.deepEqual(pathsFound(ofPyenv, { PATH: `${pyenv}\\bin;${pyenv}\\shims` }), chosen);
  });

  it('that is a batch file is not run: what it may start is', () => {
    const disk = describedDisk('win32', ofPyenv);
    const command = [...windowsCommand('python', windows({ PATH: `${pyenv}\\shims` }), disk)];
    assert.deepEqual(
      command.map(({ path }) => path),
      chosen,
    );
    assert.deepEqual(
      behindBatch(`${pyenv}\\shims\\python3.11.bat`, disk).map(({ path }) => path),
      chosen.slice(0, 1),
    );
    assert.deepEqual(behindBatch('C:\\tools\\python.bat', disk), []);
  });

  it('of Scoop is followed by the file beside it', () => {
    const files: Files = [
      'D:\\scoop\\shims\\python.exe',
      ['D:\\scoop\\shims\\python.shim', 'path = "D:\\scoop\\apps\\python\\current\\python.exe"\r\nargs = -x\r\n'],
    ];
    assert.deepEqual(pathsFound(files, { PATH: 'D:\\scoop\\shims' }), ['D:\\scoop\\apps\\python\\current\\python.exe']);
  });

  it('of mise is not run, since it may install a Python', () => {
    const files = ['D:\\mise\\shims\\python.exe', 'D:\\mise\\installs\\python\\3.12.1\\python.exe'];
    assert.deepEqual(pathsFound(files, { PATH: 'D:\\mise\\shims' }), [files[1]]);
    assert.deepEqual(pathsFound(files.slice(0, 1), { PATH: 'D:\\mise\\shims' }), []);
    const command = windowsCommand('python', windows({ PATH: 'D:\\mise\\shims' }), describedDisk('win32', files));
    assert.deepEqual([...command], []);
  });

  it('of the Install Manager is followed by the file beside it; the manager is not run as a Python', () => {
    const target = `${local}\\Python\\pythoncore-3.14-64\\python.exe`;
    const bin = `${local}\\Python\\bin`;
    const files: Files = [
      'C:\\Program Files\\PyManager\\python.exe',
      'C:\\Program Files\\PyManager\\pymanager.exe',
      `${bin}\\python3.14.exe`,
      [`${bin}\\python3.14.exe.__target__`, target],
    ];
    assert.deepEqual(pathsFound(files, { PATH: `C:\\Program Files\\PyManager;${bin}` }), [target]);
  });
});

describe('an alias in the folder of the Windows Store', () => {
  const apps = 'C:\\Program Files\\WindowsApps';
  const kind = (path: string, target: string | undefined) => appAlias(path, () => target);

  it('that opens the Store is no Python', () => {
    const target = `${apps}\\Microsoft.DesktopAppInstaller_1.24.25200.0_x64__8wekyb3d8bbwe\\AppInstallerPythonRedirector.exe`;
    assert.deepEqual(kind(`${storeFolder}\\python.exe`, target), { kind: 'store' });
    assert.deepEqual(kind(`${storeFolder}\\python3.exe`, target.toLowerCase()), { kind: 'store' });
  });

  it('of a Python that was installed from the Store is one, by each of its names the same', () => {
    const folder = `${apps}\\PythonSoftwareFoundation.Python.3.12_3.12.2800.0_x64__qbz5n2kfra8p0`;
    for (const name of ['python.exe', 'python3.exe', 'python3.12.exe']) {
      assert.deepEqual(kind(`${storeFolder}\\${name}`, `${folder}\\${name}`), { kind: 'python', package: folder });
    }
  });

  it('of the Install Manager is none: it may install one', () => {
    const target = `${apps}\\PythonSoftwareFoundation.PythonManager_25.0.240.0_x64__qbz5n2kfra8p0\\python.exe`;
    assert.deepEqual(kind(`${storeFolder}\\python.exe`, target), { kind: 'install-manager' });
  });

  it('whose target cannot be read is none, but in the folder of a package of Python', () => {
    assert.deepEqual(kind(`${storeFolder}\\python.exe`, undefined), { kind: 'other' });
    const folder = `${storeFolder}\\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0`;
    assert.deepEqual(kind(`${folder}\\python.exe`, undefined), { kind: 'python', package: folder });
    assert.deepEqual(kind(`${storeFolder}\\python.exe`, `${apps}\\Game_1_x64__a\\game.exe`), { kind: 'other' });
  });
});

describe('the registry of Windows', () => {
  const exported = (lines: readonly string[]): Buffer =>
    Buffer.from(['\uFEFFWindows Registry Editor Version 5.00', '', ...lines, ''].join('\r\n'), 'utf16le');
  const registered = (lines: readonly string[], env: Machine['env'] = {}) =>
    registeredIn(exported(lines), { env }).map(({ path }) => path);
  const key = (name: string) => `[HKEY_CURRENT_USER\\Software\\Python\\${name}\\InstallPath]`;

  it('names executables, or folders that hold one', () => {
    assert.deepEqual(
      registered([
        '[HKEY_CURRENT_USER\\Software\\Python\\PythonCore\\3.12]',
        '"DisplayName"="Python 3.12 (64-bit)"',
        '',
        key('PythonCore\\3.12'),
        '@="C:\\\\Python312\\\\"',
        '"ExecutablePath"="C:\\\\Python312\\\\python.exe"',
        '"WindowedExecutablePath"="C:\\\\Python312\\\\pythonw.exe"',
        '',
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\Python\\PythonCore\\3.8-32\\InstallPath]',
        '@="D:\\\\Python38-32"',
        '',
        key('ContinuumAnalytics\\Anaconda39-64'),
        '"EXECUTABLEPATH"="C:\\\\Users\\\\Jürgen Groß\\\\anaconda3\\\\python.exe"',
        '"install \\"quoted\\""="x"',
      ]),
      ['C:\\Python312\\python.exe', 'D:\\Python38-32\\python.exe', 'C:\\Users\\Jürgen Groß\\anaconda3\\python.exe'],
    );
  });

  it('has values with variables in hexadecimal, over several lines', () => {
    const bytes = [...Buffer.from('%ProgramFiles%\\日本\0', 'utf16le')].map((byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    const value = ['@=hex(2):', bytes.slice(0, 20).join(','), ',\\\r\n  ', bytes.slice(20).join(',')].join('');
    assert.deepEqual(registered([key('Acme\\1'), value], { PROGRAMFILES: 'C:\\Programme' }), [
      'C:\\Programme\\日本\\python.exe',
    ]);
  });

  it('holds entries that are no interpreter to run: the launcher’s own, those with arguments, relative and empty ones', () => {
    assert.deepEqual(
      registered([
        key('PyLauncher\\3.12'),
        '@="C:\\\\Python312"',
        key('Acme\\args'),
        '"ExecutablePath"="C:\\\\a\\\\python.exe"',
        '"ExecutableArguments"="--env x"',
        key('Acme\\relative'),
        '@="Python312"',
        key('Acme\\empty'),
        '[HKEY_CURRENT_USER\\Software\\Python\\Acme\\deep\\er\\InstallPath]',
        '@="C:\\\\deep"',
      ]),
      [],
    );
  });

  it('may hold nothing, or what is no export at all', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('x'),
      Buffer.from('REGEDIT4\r\n\r\n[a]\r\n"b"="c"'),
      exported(['"a']),
    ]) {
      assert.deepEqual(registeredIn(bytes, { env: {} }), []);
    }
  });
});

describe('the launcher of Windows', () => {
  const launcher = (files: Readonly<Record<string, ReturnType<Parameters<typeof launcherOf>[1]>>>, env = {}) =>
    launcherOf(windows(env), (path) => files[path])?.command;

  it('is the Install Manager where there is one, asked by the name that never starts a Python', () => {
    const manager = 'C:\\Program Files\\PyManager';
    const both = { [`${manager}\\pymanager.exe`]: 'program', [`${manager}\\py.exe`]: 'program' } as const;
    assert.equal(launcher(both), `${manager}\\pymanager.exe`);
    assert.equal(
      launcher({ [`${storeFolder}\\py.exe`]: 'install-manager', 'C:\\Windows\\py.exe': 'program' }),
      `${storeFolder}\\py.exe`,
    );
    const { args } = launcherOf(windows(), (path) => (path in both ? 'program' : undefined)) ?? {};
    assert.deepEqual(args, ['list', '-q', '--format=json']);
  });

  it('is py else, unless it is an alias of which nothing is known', () => {
    const py = 'C:\\Windows\\py.exe';
    assert.equal(launcher({ [py]: 'program' }), py);
    assert.equal(launcher({ [`${storeFolder}\\py.exe`]: 'other' }), undefined);
    assert.equal(
      launcher({ 'D:\\x\\py.exe': 'program', 'D:\\x\\pymanager.exe': 'other' }, { PATH: 'D:\\x' }),
      undefined,
    );
    assert.equal(launcher({}), undefined);
  });

  it('lists executables: py by line', () => {
    const output = [
      ' -V:3.12 *        C:\\Users\\Jürgen\\Python312\\python.exe',
      ' -V:3.11          C:\\Program Files\\Python311\\python.exe',
      ' -3.8-64 C:\\Python38\\python.exe',
      ' -V:Acme/x        C:\\acme\\python.exe --env x',
      'No Pythons found!',
    ].join('\r\n');
    assert.deepEqual(
      launcherCandidates(output).map(({ path }) => path),
      [
        'C:\\Users\\Jürgen\\Python312\\python.exe',
        'C:\\Program Files\\Python311\\python.exe',
        'C:\\Python38\\python.exe',
      ],
    );
  });

  it('lists executables: the Install Manager as JSON', () => {
    const answer = {
      versions: [{ executable: 'C:\\P\\pythoncore-3.14-64\\python.exe' }, { executable: 3 }, null, 'x'],
    };
    assert.deepEqual(managerCandidates(JSON.stringify(answer)), [
      { path: 'C:\\P\\pythoncore-3.14-64\\python.exe', source: 'py-launcher' },
    ]);
    for (const output of ['', '[ERROR] no', '{}', '[]', '{"versions": 1}'])
      assert.deepEqual(managerCandidates(output), []);
  });
});
