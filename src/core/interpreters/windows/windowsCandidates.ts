import { win32 } from 'node:path';
import type { Machine } from '../../files/storage';
import { pathFolders } from '../pathFolders';
import type { Candidate, Disk, Place } from '../places';
import { pythonNames } from '../places';
import { promisedVersion, isVersion } from '../version';
import { installationsBehind, windowsPlaces } from './windowsPlaces';

/** @returns the candidates of a Windows machine, in the order in which they are preferred. */
export function* windowsCandidates(machine: Machine, disk: Disk): Generator<Candidate> {
  yield* pythonsIn(windowsPlaces(machine, disk), disk);
}

/** @returns what a command stands for, which on Windows may be a batch file or a program that starts another one. */
export function* windowsCommand(name: string, machine: Machine, disk: Disk): Generator<Candidate> {
  const [program, ...batches] = ['exe', 'bat', 'cmd'].map((ending) => `${name}.${ending}`.toLowerCase());
  for (const folder of pathFolders(machine)) {
    const names = disk.names(folder);
    const isThere = (wanted: string | undefined) => names.some((each) => each.toLowerCase() === wanted);
    if (isThere(program)) {
      const path = programBehind(folder, `${name}.exe`, names, disk);
      if (path !== undefined) yield { path, source: 'path' };
    }
    const [batch] = batches.filter(isThere);
    if (batch !== undefined) yield* behindBatch(win32.join(folder, batch), disk);
  }
}

/**
 * @returns the interpreters that a batch file may start, the user's choice first: a shim of pyenv-win. A batch file itself
 * is never run, since its arguments pass through a shell.
 */
export function behindBatch(path: string, disk: Disk): Candidate[] {
  const version = promisedVersion(win32.parse(path).name) ?? [];
  const found = [...pythonsIn(installationsBehind(win32.dirname(path), disk), disk)];
  return found.filter((candidate) => isVersion(promisedVersion(candidate.path) ?? [], version));
}

function* pythonsIn(places: Iterable<Place>, disk: Disk): Generator<Candidate> {
  const seen = new Set<string>();
  for (const { folder, source } of places) {
    const key = folder.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    const names = disk.names(folder);
    for (const name of pythonNames(names, 'win32')) {
      const path = programBehind(folder, name, names, disk);
      if (path !== undefined) yield { path, source };
    }
  }
}

/**
 * @returns the program itself, or the one that it starts as a file beside it says; undefined for one that chooses an
 * interpreter anew each time, and may install one for that (mise, the Python Install Manager).
 */
function programBehind(folder: string, name: string, names: readonly string[], disk: Disk): string | undefined {
  const beside = (wanted: string): string | undefined => {
    const found = names.find((each) => each.toLowerCase() === wanted.toLowerCase());
    return found === undefined ? undefined : disk.text(win32.join(folder, found));
  };
  const path = win32.join(folder, name);
  // An alias of the Install Manager: it starts the one interpreter that this file names.
  const target = beside(`${name}.__target__`);
  if (target !== undefined) return absolute(target.trim());
  const scoop = beside(`${win32.parse(name).name}.shim`);
  if (scoop !== undefined) return absolute(/^[ \t]*path[ \t]*=[ \t]*"?([^"\r\n]+)/im.exec(scoop)?.[1]?.trim() ?? '');
  if (/\\shims$/i.test(folder)) return undefined;
  // In the Store's folder each alias says itself what it starts.
  const isManagers = names.some((each) => each.toLowerCase() === 'pymanager.exe') && !isStoreFolder(folder);
  return isManagers ? undefined : path;
}

const absolute = (path: string): string | undefined => (win32.isAbsolute(path) ? path : undefined);

const isStoreFolder = (folder: string): boolean => /\\WindowsApps$/i.test(folder);
