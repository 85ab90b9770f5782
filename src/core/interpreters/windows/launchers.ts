import { win32 } from 'node:path';
import { textOf } from '../../process/capture';
import { childEnvironment } from '../../process/environment';
import { runProcess } from '../../process/runProcess';
import type { Machine } from '../../files/storage';
import { localAppData } from '../../files/storage';
import type { AppAlias } from './appAlias';
import { executableFile } from '../executableFile';
import { pathFolders } from '../pathFolders';
import type { Candidate } from '../places';

const answerLimitMs = 2000;

/** Which launcher there is, and the call that lists what it knows. */
export interface Launcher {
  readonly command: string;
  readonly args: readonly string[];
  readonly read: (output: string) => Candidate[];
}

/** What must not be said to a launcher: that it may install what it does not find (`py`, since Python 3.11). */
const permissions = /^PYLAUNCHER_(ALLOW|ALWAYS)_INSTALL$|^PYLAUNCHER_LIMIT_TO_COMPANY$|^PYMANAGER_/i;

/**
 * Asks the launcher of this machine. All that it knows is in the registry and in folders that are looked into anyway, so
 * this is for a machine where the registry cannot be read.
 */
export async function pythonsOfLauncher(machine: Machine): Promise<Candidate[]> {
  const launcher = launcherOf(machine, (path) => {
    const file = executableFile(path, machine.platform);
    return file && (file.alias?.kind ?? 'program');
  });
  if (!launcher) return [];
  const host = Object.fromEntries(Object.entries(machine.env).filter(([name]) => !permissions.test(name)));
  const outcome = await runProcess({
    command: launcher.command,
    args: launcher.args,
    cwd: win32.dirname(launcher.command),
    env: childEnvironment({ host, isTool: true, extra: neverInstall }),
    timeoutMs: answerLimitMs,
    spill: false,
  }).catch(() => undefined);
  return outcome?.ending === 'exited' ? launcher.read(textOf(outcome.stdout)) : [];
}

/** Tells the Python Install Manager to install nothing by itself and to ask nothing. */
const neverInstall = { PYTHON_MANAGER_AUTOMATIC_INSTALL: 'false', PYTHON_MANAGER_CONFIRM: 'false' };

/**
 * @returns the launcher to ask; `kindOf` looks at a path: undefined where nothing is there. The Python Install Manager
 * has a `py.exe` too, which takes other options, and whose `python.exe` may install a Python: neither is run unknown.
 */
export function launcherOf(
  machine: Machine,
  kindOf: (path: string) => 'program' | AppAlias['kind'] | undefined,
): Launcher | undefined {
  const local = localAppData(machine);
  const folders = [
    ...pathFolders(machine),
    win32.join(machine.env['ProgramFiles'] ?? 'C:\\Program Files', 'PyManager'),
    win32.join(local, 'Microsoft', 'WindowsApps'),
    win32.join(local, 'Programs', 'Python', 'Launcher'),
    machine.env['SystemRoot'] ?? 'C:\\Windows',
  ];
  for (const folder of folders) {
    const manager = win32.join(folder, 'pymanager.exe');
    const py = win32.join(folder, 'py.exe');
    const [managerKind, pyKind] = [kindOf(manager), kindOf(py)];
    if (managerKind === 'program' || managerKind === 'install-manager') return managerAt(manager);
    if (pyKind === 'install-manager') return managerAt(py);
    if (pyKind === 'program' && managerKind === undefined) {
      return { command: py, args: ['-0p'], read: launcherCandidates };
    }
  }
  return undefined;
}

/** Quiet, it neither greets nor takes note of having greeted. */
const managerAt = (command: string): Launcher => ({
  command,
  args: ['list', '-q', '--format=json'],
  read: managerCandidates,
});

/** @returns the executables in the answer of `py -0p`: lines such as ` -V:3.12 *        C:\Python312\python.exe`. */
export const launcherCandidates = (output: string): Candidate[] =>
  output.split('\n').flatMap((line) => {
    const [, path] = /^-\S+\s+(?:\*\s+)?(\S.*\.exe)$/i.exec(line.trim()) ?? [];
    return path === undefined ? [] : [{ path, source: 'py-launcher' }];
  });

/** @returns the executables in the answer of `pymanager list --format=json`: `{"versions": [{"executable": …}]}`. */
export function managerCandidates(output: string): Candidate[] {
  const answer = parsed(output);
  const versions: unknown = isObject(answer) ? Reflect.get(answer, 'versions') : undefined;
  return (Array.isArray(versions) ? versions : []).flatMap((version: unknown) => {
    const path: unknown = isObject(version) ? Reflect.get(version, 'executable') : undefined;
    return typeof path === 'string' && win32.isAbsolute(path) ? [{ path, source: 'py-launcher' as const }] : [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
