import { endTree, killTreeNow } from './endTree';
import { livingRoots, type Run } from './run';

const living = new Map<Run, Promise<unknown>>();
const ended = new WeakSet<Run>();

/** Counts a run among the living until `finished` settles. @returns what `finished` does. */
export async function whileLiving<T>(run: Run, finished: Promise<T>): Promise<T> {
  living.set(run, finished);
  livingRoots.add(run.pid);
  try {
    return await finished;
  } finally {
    living.delete(run);
    livingRoots.delete(run.pid);
  }
}

/** Ends every running process tree and waits until their callers have their answers. For a server that shuts down. */
export async function endAllProcesses(): Promise<void> {
  for (const run of living.keys()) ended.add(run);
  await Promise.allSettled(
    [...living].map(([run, finished]) => Promise.all([endTree(run, { grace: false }), finished])),
  );
}

/** Whether a run ended, or will, because everything was. */
export const wasEndedWithAll = (run: Run): boolean => ended.has(run);

// The last resort, for an exit that nobody announced (an uncaught exception, process.exit).
process.once('exit', () => {
  for (const run of living.keys()) killTreeNow(run);
});
