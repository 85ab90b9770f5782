import { execFileSync } from 'node:child_process';
import type { ListedProcess } from './processTable';

/**
 * Lists the living processes through ps(1), `-E` with the environment of this user's own.
 *
 * What macOS can promise: a process is found through its group, its parents or the marker in its environment. One that
 * left its group, lost its parent *and* has no such environment is not found: it emptied that, or is a binary under System
 * Integrity Protection (/bin/sh, /usr/bin/…), of which ps shows none. There is no limit to mark it with, as on Linux.
 */
export function darwinProcesses(marker: string): ListedProcess[] {
  const output = execFileSync('/bin/ps', ['-A', '-E', '-ww', '-o', 'pid=,ppid=,pgid=,sess=,state=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 1500,
  });
  return parsePs(output, marker);
}

/** @returns the processes in the output of `ps -o pid=,ppid=,pgid=,sess=,state=,command=`, zombies left out. */
export function parsePs(output: string, marker: string): ListedProcess[] {
  const listed: ListedProcess[] = [];
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s/.exec(line);
    if (!match || match[5]?.startsWith('Z') === true) continue;
    const [pid, parent, group] = [Number(match[1]), Number(match[2]), Number(match[3])];
    // The session is printed as a kernel address there, and the group serves the same end: a group's leader set it.
    listed.push({ pid, parent, group, session: group, marked: line.includes(marker) });
  }
  return listed;
}
