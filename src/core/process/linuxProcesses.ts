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
  const listed: ListedProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const listedProcess = readProcess(pid, marker);
    if (listedProcess) listed.push(listedProcess);
  }
  return listed;
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
