import { readdirSync, readFileSync } from 'node:fs';
import type { ListedProcess } from './processTable';

/**
 * Lists the living processes from /proc; zombies are left out. Synchronous, so that it also serves while the server
 * exits; a hundred processes take about 2 ms.
 *
 * What Linux can promise: a process is found through its session, its group, its parents, or the marker that it
 * inherited (`/proc/PID/environ` is what it was started with; a fork keeps it). Only one that left its session, lost
 * its parent *and* was started with an emptied environment, all before the run ended, is not found.
 */
export function linuxProcesses(marker: string): ListedProcess[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return readProcesses(pids, marker);
}

/** Pids that are looked at one by one rather than that all of /proc is. */
const mostProbed = 100;

/**
 * The same for a process and those only that started after it, which its descendants are among: a tenth of a
 * millisecond.
 *
 * @param sinceMs how long ago that was at most: long enough, and pids could have been given out all around to it.
 * @returns undefined where the pids do not tell.
 */
export function linuxProcessesAfter(pid: number, sinceMs: number, marker: string): ListedProcess[] | undefined {
  if (sinceMs > 100) return undefined;
  const last = lastPid();
  if (last === undefined || last < pid || last - pid > mostProbed) return undefined;
  return readProcesses(
    Array.from({ length: last - pid + 1 }, (_, index) => pid + index),
    marker,
  );
}

/** The pid that was given out last, here or in a namespace below: proc(5), the last field of loadavg. */
function lastPid(): number | undefined {
  try {
    const pid = Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[4]);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function readProcesses(pids: readonly number[], marker: string): ListedProcess[] {
  return pids.flatMap((pid) => readProcess(pid, marker) ?? []);
}

function readProcess(pid: number, marker: string): ListedProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // proc(5): the second field is the command in parentheses, and may itself hold blanks and parentheses.
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      marked: isMarked(pid, marker),
    };
  } catch {
    return undefined; // It ended meanwhile.
  }
}

function isMarked(pid: number, marker: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).includes(marker);
  } catch {
    return false; // Another user's, or a kernel thread.
  }
}
