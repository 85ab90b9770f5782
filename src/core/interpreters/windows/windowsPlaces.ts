import { win32 } from 'node:path';
import type { Machine } from '../../files/storage';
import { localAppData } from '../../files/storage';
import { condaRoots, isCondaFolder } from '../condaRoots';
import type { InterpreterSource } from '../interpreter';
import { pathFolders } from '../pathFolders';
import type { Disk, Place } from '../places';
import { newestNames } from '../places';

/** @returns the folders of Windows that hold Pythons, the preferred ones first; one may come twice. */
export function* windowsPlaces(machine: Machine, disk: Disk): Generator<Place> {
  const { env, home } = machine;
  const each = eachIn(disk);
  const local = localAppData(machine);
  const roaming = env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
  const tools = env['ChocolateyToolsLocation'] ?? 'C:\\tools';
  const scoops = scoopRoots(machine);
  const store = win32.join(local, 'Microsoft', 'WindowsApps');
  for (const folder of pathFolders(machine)) {
    if (isShims(folder)) yield* installationsBehind(folder, disk);
    yield { folder, source: /\\WindowsApps$/i.test(folder) ? 'store' : 'path' };
  }
  for (const root of [env['PYENV_ROOT'], env['PYENV'], win32.join(home, '.pyenv', 'pyenv-win')]) {
    if (root) yield* each('pyenv', win32.join(root, 'versions'));
  }
  if (env['UV_PYTHON_INSTALL_DIR']) yield* each('uv', env['UV_PYTHON_INSTALL_DIR']);
  yield* each('uv', win32.join(roaming, 'uv', 'python'));
  yield* each('uv', win32.join(roaming, 'uv', 'data', 'python'));
  yield { folder: win32.join(home, '.local', 'bin'), source: 'uv' };
  yield* each('python.org', win32.join(local, 'Python'), { pattern: /^python.*-/i });
  yield* each('python.org', win32.join(local, 'Programs', 'Python'));
  const programs = [env['ProgramFiles'] ?? 'C:\\Program Files', env['ProgramFiles(x86)'], env['ProgramW6432'], 'C:\\'];
  for (const folder of [...programs, tools]) {
    if (folder) yield* each('python.org', folder, { pattern: /^python3/i });
  }
  for (const root of scoops) {
    yield* each('scoop', win32.join(root, 'apps'), { pattern: /^python/i, bin: 'current' });
    for (const kept of [
      ['apps', 'pyenv', 'current'],
      ['persist', 'pyenv'],
    ]) {
      yield* each('pyenv', win32.join(root, ...kept, 'pyenv-win', 'versions'));
    }
  }
  for (const root of [env['MISE_DATA_DIR'], win32.join(local, 'mise')]) {
    if (root) yield* each('mise', win32.join(root, 'installs', 'python'));
  }
  for (const root of [env['RYE_HOME'], win32.join(home, '.rye')]) {
    if (!root) continue;
    yield* each('rye', win32.join(root, 'py'));
    yield* each('rye', win32.join(root, 'py'), { bin: 'install' });
  }
  yield* each('hatch', win32.join(env['HATCH_DATA_DIR'] ?? win32.join(local, 'hatch'), 'pythons'), { bin: 'python' });
  for (const bin of ['x64', 'arm64']) yield* each('system', 'C:\\hostedtoolcache\\windows\\Python', { bin });
  yield* each('store', store, { pattern: /^PythonSoftwareFoundation\.Python\.3/i });
  yield { folder: store, source: 'store' };
  for (const root of [
    ...condaRoots(machine, disk.names, [tools]),
    ...scoops.flatMap((root) => condaOfScoop(root, disk)),
  ]) {
    yield { folder: root, source: 'conda' };
    yield* each('conda', win32.join(root, 'envs'));
  }
  yield* each('conda', win32.join(home, '.conda', 'envs'));
}

/** @returns Scoop's folders, of the user and of all users. */
export const scoopRoots = ({ env, home }: Machine): string[] =>
  [
    env['SCOOP'],
    win32.join(home, 'scoop'),
    env['SCOOP_GLOBAL'],
    win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'scoop'),
  ].flatMap((root) => (root ? [root] : []));

const condaOfScoop = (root: string, { names }: Disk): string[] =>
  names(win32.join(root, 'apps'))
    .filter(isCondaFolder)
    .map((name) => win32.join(root, 'apps', name, 'current'));

const isShims = (folder: string): boolean => /\\shims$/i.test(folder);

/**
 * A folder of shims stands for what its tool installed (pyenv-win: ..\versions, mise: ..\installs\python, rye: ..\py).
 * @returns those folders, the version first that the user chose for pyenv-win; none for another tool's shims.
 */
export function* installationsBehind(shims: string, disk: Disk): Generator<Place> {
  if (!isShims(shims)) return;
  const root = win32.dirname(shims);
  const each = eachIn(disk);
  for (const version of disk.text(win32.join(root, 'version'))?.split(/\s+/) ?? []) {
    if (/^\d[\w.-]*$/.test(version)) yield { folder: win32.join(root, 'versions', version), source: 'pyenv' };
  }
  yield* each('pyenv', win32.join(root, 'versions'));
  yield* each('mise', win32.join(root, 'installs', 'python'));
  yield* each('rye', win32.join(root, 'py'));
  yield* each('rye', win32.join(root, 'py'), { bin: 'install' });
}

/** @returns a function for the installations in a folder, newest first; `bin` is where each holds its programs. */
const eachIn = ({ names }: Disk) =>
  function* (
    source: InterpreterSource,
    folder: string,
    { pattern = /./, bin = '' }: { readonly pattern?: RegExp; readonly bin?: string } = {},
  ): Generator<Place> {
    for (const name of newestNames(names(folder).filter((name) => pattern.test(name)))) {
      yield { folder: win32.join(folder, name, bin), source };
    }
  };
