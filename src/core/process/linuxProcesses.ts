import { readdirSync, readFileSync } from 'node:fs';
import { limitOf } from './marker';
import type { ListedProcess } from './processTable';
import { livingRoots, type Run } from './run';

/**
 * Lists the living processes from /proc that are not older than a run; zombies are left out. Synchronous, so that it also
 * serves while the server exits; a hundred processes take about 1 ms.
 *
 * What Linux can promise: a process is found through its session, its group, its parents, or the marker that it
 * inherited: in its environment (`/proc/PID/environ` is what it was started with; a fork keeps it), and as a limit, which
 * it keeps whatever it leaves behind. Only one that left its session, lost its parent *and* set that limit anew, all
 * before the run ended, is not found.
 */
export function linuxProcesses(run: Run): ListedProcess[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return readProcesses(pids, run);
}

/** Pids that are looked at one by one rather than that all of /proc is. */
const mostProbed = 100;
/** No machine starts more in a millisecond; the system has 32,768 pids at least. */
const mostStartsPerMs = 50;

/**
 * The same for the root of a run and for all that started since it did, which its descendants are among: a tenth of a
 * millisecond. @returns undefined where the pids do not tell: they may have been given out all around since.
 */
export function linuxProcessesSince(run: Run): ListedProcess[] | undefined {
  const last = lastPid();
  const first = run.lastPid;
  if (first === undefined || last === undefined || last < first || last - first > mostProbed) return undefined;
  if ((performance.now() - run.started) * mostStartsPerMs > pidMax()) return undefined;
  const since = Array.from({ length: last - first }, (_, index) => first + 1 + index);
  return readProcesses([run.pid, ...since.filter((pid) => !livingRoots.has(pid) && pid !== run.pid)], run);
}

let knownPidMax: number | undefined;

/** How many pids there are before they are given out anew: proc(5), /proc/sys/kernel/pid_max. */
function pidMax(): number {
  knownPidMax ??= Number(textAt('/proc/sys/kernel/pid_max') ?? 32_768);
  return knownPidMax;
}

/** @returns the pid that was given out last, here or in a namespace below: proc(5), the last field of loadavg. */
export function lastPid(): number | undefined {
  const pid = Number(textAt('/proc/loadavg')?.split(' ')[4]);
  return Number.isInteger(pid) ? pid : undefined;
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** Clock ticks in a second, as all of Linux's common architectures count them for programs. */
const ticksPerSecond = 100;
let bootTime: number | undefined;

/**
 * @returns the time in clock ticks since the system started, a little earlier rather than later. It goes on while the system
 * is suspended, and what it is compared with does not: a run that began before is taken for older then.
 */
export function ticksNow(): number | undefined {
  bootTime ??= Number(textAt('/proc/uptime')?.split(' ')[0]) * 1000 - performance.now();
  return Number.isNaN(bootTime) ? undefined : Math.floor(((bootTime + performance.now()) / 1000) * ticksPerSecond) - 2;
}

function readProcesses(pids: readonly number[], { marker, oldest = 0 }: Run): ListedProcess[] {
  const limit = ` ${limitOf(marker)} `;
  return pids.flatMap((pid) => readProcess(pid, marker, limit, oldest) ?? []);
}

function readProcess(pid: number, marker: string, limit: string, oldest: number): ListedProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // proc(5): the second field is the command in parentheses, and may itself hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 20);
    const [state, parent, group, session] = fields;
    if (state === 'Z' || state === 'X' || Number(fields[19]) < oldest) return undefined;
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      marked: holds(pid, 'environ', marker) || holds(pid, 'limits', limit),
    };
  } catch {
    return undefined; // It ended meanwhile.
  }
}

function holds(pid: number, name: 'environ' | 'limits', text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/${name}`).includes(text);
  } catch {
    return false; // Another user's, or a kernel thread.
  }
}
