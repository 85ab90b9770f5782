import type { Machine } from '../files/storage';
import { pathRules } from '../files/storage';
import { isTrustedFolder } from '../process/executableFolders';
import { condaRoots } from './condaRoots';
import type { InterpreterSource } from './interpreter';
import { pathFolders } from './pathFolders';
import type { Candidate, Disk, Place, ReadFolder } from './places';
import { newestNames, pythonNames } from './places';
import { windowsCandidates } from './windows/windowsCandidates';

/**
 * Where Pythons are to be found, in the order in which they are preferred: what the user put on PATH, then the
 * tools that install Pythons for a user, then the system's. Beyond PATH nothing but the home folder is needed, since an
 * agent may start the server with a bare environment.
 * @returns candidates as they are asked for; a file may come under several names.
 */
export function* interpreterCandidates(machine: Machine, disk: Disk): Generator<Candidate> {
  if (machine.platform === 'win32') {
    yield* windowsCandidates(machine, disk);
    return;
  }
  const seen = new Set<string>();
  for (const { folder, source } of posixPlaces(machine, disk.names)) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    const names = pythonNames(disk.names(folder), machine.platform);
    if (names.length === 0 || !isTrustedFolder(folder, machine.platform)) continue;
    for (const name of names) {
      yield { path: pathRules(machine.platform).join(folder, name), source };
    }
  }
}

function* posixPlaces(machine: Machine, read: ReadFolder): Generator<Place> {
  const { platform, env, home } = machine;
  const data = env['XDG_DATA_HOME'] ?? `${home}/.local/share`;
  const each = function* (source: InterpreterSource, folder: string, bin = 'bin'): Generator<Place> {
    for (const name of newestNames(read(folder))) yield { folder: `${folder}/${name}/${bin}`, source };
  };
  for (const folder of pathFolders(machine)) {
    // macOS: without the developer tools, /usr/bin/python3 is a stub that opens a window asking to install them.
    if (platform === 'darwin' && folder === '/usr/bin') continue;
    const behind = /\/shims\/?$/.test(folder) ? [...installationsBehind(folder, each)] : [];
    yield* behind.length > 0 ? behind : [{ folder, source: 'path' as const }];
  }
  yield* each('pyenv', `${env['PYENV_ROOT'] ?? `${home}/.pyenv`}/versions`);
  yield* each('pyenv', `${home}/.pyenv/versions`);
  if (env['UV_PYTHON_INSTALL_DIR']) yield* each('uv', env['UV_PYTHON_INSTALL_DIR']);
  yield* each('uv', `${data}/uv/python`);
  yield* each('uv', `${home}/Library/Application Support/uv/python`);
  yield { folder: `${home}/.local/bin`, source: 'uv' };
  for (const prefix of ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew', `${home}/.linuxbrew`]) {
    const isSystem = prefix === '/usr/local' && platform !== 'darwin';
    yield { folder: `${prefix}/bin`, source: isSystem ? 'system' : 'homebrew' };
    for (const formula of newestNames(read(`${prefix}/opt`).filter((name) => name.startsWith('python@')))) {
      yield { folder: `${prefix}/opt/${formula}/bin`, source: 'homebrew' };
    }
  }
  yield* each('asdf', `${env['ASDF_DATA_DIR'] ?? `${home}/.asdf`}/installs/python`);
  yield* each('mise', `${env['MISE_DATA_DIR'] ?? `${data}/mise`}/installs/python`);
  yield* each('rye', `${home}/.rye/py`);
  yield* each('rye', `${home}/.rye/py`, 'install/bin');
  yield* each('hatch', `${data}/hatch/pythons`, 'python/bin');
  if (platform === 'darwin') {
    yield* each('python.org', '/Library/Frameworks/Python.framework/Versions');
    yield { folder: '/Library/Developer/CommandLineTools/usr/bin', source: 'system' };
    yield { folder: '/Applications/Xcode.app/Contents/Developer/usr/bin', source: 'system' };
  } else {
    yield { folder: '/usr/bin', source: 'system' };
  }
  yield* each('system', '/opt/python');
  yield* each('system', '/opt/hostedtoolcache/Python', 'x64/bin');
  yield* each('system', '/opt/hostedtoolcache/Python', 'arm64/bin');
  for (const root of condaRoots(machine, read)) {
    yield { folder: `${root}/bin`, source: 'conda' };
    yield* each('conda', `${root}/envs`);
  }
  yield* each('conda', `${home}/.conda/envs`);
  yield* each('system', '/opt');
  yield { folder: `${home}/.nix-profile/bin`, source: 'system' };
  yield { folder: '/run/current-system/sw/bin', source: 'system' };
}

/**
 * A folder of shims on PATH stands for what its tool installed (pyenv: ../versions, asdf and mise:
 * ../installs/python, rye: ../py). Those are asked in its place: a shim costs 300 ms, and fails where a project pins
 * a version that is not there.
 */
function* installationsBehind(
  shims: string,
  each: (source: InterpreterSource, folder: string, bin?: string) => Generator<Place>,
): Generator<Place> {
  const root = shims.replace(/\/shims\/?$/, '');
  yield* each('pyenv', `${root}/versions`);
  yield* each(root.includes('mise') ? 'mise' : 'asdf', `${root}/installs/python`);
  yield* each('rye', `${root}/py`);
}
