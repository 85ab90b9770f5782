import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, win32 } from 'node:path';
import { isInside } from '../paths';
import { listedProcesses } from './windows/jobKeeper';

/** A process that has something in a folder open, as far as can be known. */
export interface UsingProcess {
  readonly pid: number;
  /** The name of its executable, such as "python.exe". */
  readonly name: string;
}

/** As many are named in a message. */
const mostNamed = 5;

/**
 * @returns the processes that use a folder: whose executable lies in it; on Unix also who works in it, was started by a
 * link in it (a venv's python) or has a library of it loaded. At most five; none where it cannot be known.
 * @param folder a real path.
 */
export async function processesUsing(folder: string): Promise<UsingProcess[]> {
  const users =
    process.platform === 'win32'
      ? usersAmong(await listedProcesses(), folder)
      : process.platform === 'linux'
        ? onLinux(folder)
        : onDarwin(folder);
  return users.slice(0, mostNamed);
}

function onLinux(folder: string): UsingProcess[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    if (pid === process.pid) return [];
    const [program = ''] = readOf(pid, 'cmdline').split('\0');
    const places = [program, linkOf(pid, 'exe'), linkOf(pid, 'cwd')];
    const uses = places.some((place) => place === folder || isInside(folder, place));
    return uses || readOf(pid, 'maps').includes(` ${folder}/`) ? [{ pid, name: basename(program) }] : [];
  });
}

function readOf(pid: number, name: 'cmdline' | 'maps'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // It ended, or is another user's.
  }
}

function linkOf(pid: number, name: 'exe' | 'cwd'): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}

function onDarwin(folder: string): UsingProcess[] {
  try {
    const options = { encoding: 'utf8', timeout: 1500, maxBuffer: 64 * 1024 * 1024 } as const;
    const output = execFileSync('/bin/ps', ['-A', '-ww', '-o', 'pid=,command='], options);
    return output.split('\n').flatMap((line) => {
      const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/s.exec(line) ?? [];
      if (!command.startsWith(`${folder}/`)) return [];
      return [{ pid: Number(pid), name: basename(command.slice(folder.length).split(' ')[0] ?? '') }];
    });
  } catch {
    return [];
  }
}

/** @returns those of the listed processes whose executable lies in the folder. */
export function usersAmong(listed: readonly (readonly [number, string])[], folder: string): UsingProcess[] {
  return listed
    .filter(([, path]) => isInside(folder, path, 'win32'))
    .map(([pid, path]) => ({ pid, name: win32.basename(path) }));
}
