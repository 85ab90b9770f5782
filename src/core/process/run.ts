import type { Job } from './windows/jobKeeper';

/** A process that was started as the leader of a session of its own, with a marker in its environment. */
export interface Run {
  readonly pid: number;
  /** A text that no other process has in its environment, inherited by everything that the run starts; on Linux its limit too. */
  readonly marker: string;
  /** What it started has pids that were given out after this one; undefined where that is not known, */
  readonly lastPid: number | undefined;
  /** and not before this time, by `performance.now()`. */
  readonly started: number;
  /** Nothing of it is older, in the clock ticks of proc(5), `starttime`; undefined where that is not known. */
  readonly oldest: number | undefined;
  /** Whether the process itself, the root of the run, has ended. */
  readonly hasEnded: () => boolean;
  /** What holds all of the run on Windows, where a Python is known that can make it. */
  readonly job?: Job | undefined;
}

/** The pids of all runs that are alive, each of which is nobody else's. */
export const livingRoots = new Set<number>();
