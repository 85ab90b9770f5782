import { setTimeout as delay } from 'node:timers/promises';
import { darwinProcesses } from './darwinProcesses';
import { linuxProcesses, linuxProcessesSince } from './linuxProcesses';
import { membersOf } from './processTable';
import type { Run } from './run';
import { endTreeOnWindows, killTreeOnWindows } from './windows/endTreeOnWindows';

/** How long a process that is asked to end may take before it is killed. */
const graceMs = 250;
/** How long ending a tree may take in all; the answer to a call waits at most 2 s. */
const limitMs = 1500;

/** @returns the pids of the run that are alive, its root included. Windows lists none; see `endTree`. */
export function livingMembers(run: Run, known?: ReadonlySet<number>): Set<number> {
  if (process.platform === 'win32') return new Set();
  const listed = process.platform === 'linux' ? linuxProcesses(run) : darwinProcesses(run.marker);
  return membersOf(run.pid, listed, known);
}

/**
 * Ends everything that belongs to a run. With `grace`, processes are first asked (SIGTERM, after SIGCONT for the
 * stopped ones) and have 250 ms; whoever is left is killed, again and again until nobody is found, for at most 1.5 s.
 *
 * @returns how many processes there were.
 */
export async function endTree(run: Run, { grace }: { readonly grace: boolean }): Promise<number> {
  if (process.platform === 'win32') return await endTreeOnWindows(run);
  if (!grace && leftNothing(run)) return 0;
  const deadline = performance.now() + limitMs;
  const found = livingMembers(run);
  if (found.size > 0 && grace) {
    for (const signal of ['SIGTERM', 'SIGCONT'] as const) signalAll(found, signal);
    const graceEnd = performance.now() + graceMs;
    while (performance.now() < graceEnd && livingMembers(run, found).size > 0) await delay(10);
  }
  for (let pause = 1; performance.now() < deadline; pause = Math.min(2 * pause, 50)) {
    const living = livingMembers(run, found);
    if (living.size === 0) break;
    for (const pid of living) found.add(pid);
    killAll(run, living);
    await delay(pause);
  }
  return found.size;
}

/** Whether a process that ended by itself, shortly after its start, was the last of its run: what most runs are. */
function leftNothing(run: Run): boolean {
  if (process.platform !== 'linux') return false;
  const listed = linuxProcessesSince(run);
  return listed !== undefined && membersOf(run.pid, listed).size === 0;
}

/** The same at once and synchronously, for a server that exits. */
export function killTreeNow(run: Run): void {
  if (process.platform === 'win32') {
    killTreeOnWindows(run);
    return;
  }
  for (let round = 0; round < 20; round++) {
    const living = livingMembers(run);
    if (living.size === 0) return;
    killAll(run, living);
  }
}

function killAll(run: Run, pids: Iterable<number>): void {
  // The whole group in one system call: a program that forks faster than it can be listed dies by this.
  signalOne(-run.pid, 'SIGKILL');
  signalAll(pids, 'SIGKILL');
}

function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) signalOne(pid, signal);
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it ended before. EPERM: it changed its user, and nothing that we may do ends it.
  }
}
