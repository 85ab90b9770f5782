import { win32 } from 'node:path';
import type { Machine } from '../storage';
import { localAppData, pathRules } from '../storage';
import type { InterpreterSource } from './interpreter';
import { pathFolders } from './pathFolders';
import { compareVersions, promisedVersion } from './version';

/** A file that is called like a Python; whether it is one, only running it tells. */
export interface Candidate {
  readonly path: string;
  readonly source: InterpreterSource;
}

/** @returns the names in a folder; nothing where there is none, or it cannot be read. */
export type ReadFolder = (path: string) => readonly string[];

/** A folder that holds executables. */
interface Place {
  readonly folder: string;
  readonly source: InterpreterSource;
}

/**
 * Where Pythons are to be found, in the order in which they are preferred: what the user put on PATH, then the
 * tools that install Pythons for a user, then the system's. Beyond PATH nothing but the home folder is needed, since an
 * agent may start the server with a bare environment.
 * @returns candidates as they are asked for; a file may come under several names.
 */
export function* interpreterCandidates(machine: Machine, read: ReadFolder): Generator<Candidate> {
  const seen = new Set<string>();
  for (const { folder, source } of machine.platform === 'win32'
    ? windowsPlaces(machine, read)
    : posixPlaces(machine, read)) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const name of pythonNames(read(folder), machine.platform)) {
      yield { path: pathRules(machine.platform).join(folder, name), source };
    }
  }
}

/** @returns those of the names that are Python's, the most telling first: python3.12, python3, python. */
function pythonNames(names: readonly string[], platform: NodeJS.Platform): string[] {
  const pattern = platform === 'win32' ? /^python(3(\.\d+t?)?)?\.exe$/i : /^python(3(\.\d+t?)?)?$/;
  return names
    .filter((name) => pattern.test(name))
    .sort((a, b) => compareVersions(promisedVersion(b) ?? [], promisedVersion(a) ?? []) || b.length - a.length);
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

function* windowsPlaces(machine: Machine, read: ReadFolder): Generator<Place> {
  const { env, home } = machine;
  const local = localAppData(machine);
  const roaming = env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
  const each = function* (source: InterpreterSource, folder: string, pattern = /./): Generator<Place> {
    for (const name of newestNames(read(folder).filter((name) => pattern.test(name)))) {
      yield { folder: win32.join(folder, name), source };
    }
  };
  for (const folder of pathFolders(machine)) {
    yield { folder, source: /\\WindowsApps\\?$/i.test(folder) ? 'store' : 'path' };
  }
  yield* each(
    'pyenv',
    win32.join(env['PYENV_ROOT'] ?? env['PYENV'] ?? win32.join(home, '.pyenv', 'pyenv-win'), 'versions'),
  );
  if (env['UV_PYTHON_INSTALL_DIR']) yield* each('uv', env['UV_PYTHON_INSTALL_DIR']);
  yield* each('uv', win32.join(roaming, 'uv', 'python'));
  yield* each('uv', win32.join(roaming, 'uv', 'data', 'python'));
  yield* each('python.org', win32.join(local, 'Programs', 'Python'));
  yield* each('python.org', win32.join(local, 'Python'), /^pythoncore-/i);
  for (const folder of [env['ProgramFiles'] ?? 'C:\\Program Files', env['ProgramFiles(x86)'], 'C:\\']) {
    if (folder) yield* each('python.org', folder, /^python3/i);
  }
  for (const name of newestNames(read(win32.join(home, 'scoop', 'apps')).filter((name) => /^python/i.test(name)))) {
    yield { folder: win32.join(home, 'scoop', 'apps', name, 'current'), source: 'system' };
  }
  yield* each('mise', win32.join(local, 'mise', 'installs', 'python'));
  yield* each('system', 'C:\\hostedtoolcache\\windows\\Python');
  yield { folder: win32.join(local, 'Microsoft', 'WindowsApps'), source: 'store' };
  for (const root of condaRoots(machine, read)) {
    yield { folder: root, source: 'conda' };
    yield* each('conda', win32.join(root, 'envs'));
  }
}

/** @returns the folders into which conda's installers install, those of the environment first. */
function condaRoots({ platform, env, home }: Machine, read: ReadFolder): string[] {
  const rules = pathRules(platform);
  const pattern = /^\.?(mini|ana)conda3?$|^(mini|mamba)forge3?$|^micromamba$/i;
  const parents =
    platform === 'win32'
      ? [home, localAppData({ platform, env, home, arch: '' }), env['ProgramData'] ?? 'C:\\ProgramData', 'C:\\']
      : [home, `${home}/opt`, '/opt', '/opt/homebrew', '/usr/local', '/usr/local/Caskroom/miniconda/base'];
  const named = [env['CONDA_ROOT'], env['MAMBA_ROOT_PREFIX']].filter((root) => root !== undefined);
  const found = parents.flatMap((parent) =>
    read(parent)
      .filter((name) => pattern.test(name))
      .map((name) => rules.join(parent, name)),
  );
  return [...named, ...found, ...(platform === 'win32' ? [] : ['/opt/conda', '/opt/homebrew/Caskroom/miniforge/base'])];
}

/** @returns the names of installations, newest version first; hidden ones are a tool's own (uv's .lock, .temp). */
const newestNames = (names: readonly string[]): string[] =>
  names
    .filter((name) => !name.startsWith('.'))
    .sort((a, b) => compareVersions(promisedVersion(b) ?? [], promisedVersion(a) ?? []));

/** @returns the executables in the answer of `py -0p`: lines such as ` -V:3.12 *        C:\Python312\python.exe`. */
export const launcherCandidates = (output: string): Candidate[] =>
  [...output.matchAll(/^\s*-\S+\s+(?:\*\s+)?(\S.*\.exe)\s*$/gim)].map(([, path = '']) => ({
    path,
    source: 'py-launcher',
  }));
