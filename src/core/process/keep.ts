import { keeperIsReady, startedKeeper } from './keeper';
import type { Start } from './startProcess';
import { jobOf, type Job } from './windows/jobKeeper';

/**
 * Waits until a process can be kept from its first moment on, before it is started: what it starts before it is in its job,
 * or has its mark, is not held by that. There is nothing to wait for where no Python is known yet.
 * @returns what it finds in its environment for that.
 */
export async function untilKept(start: Start): Promise<Record<string, string>> {
  // macOS has neither jobs nor marks: the start of what ends runs with the server is not waited for.
  if (keeperIsReady() || isNotWorthKeeping(start) || process.platform === 'darwin') return {};
  // To wait would take as long as half of the run.
  if (start.marksItself === true && process.platform === 'linux') return { PYTHON_TOOLS_MARK: '1' };
  await startedKeeper()?.ready;
  return {};
}

/** Keeps a process that was just started, and all that this starts. @returns its job on Windows. */
export function keep(pid: number, marker: string, start: Start): Job | undefined {
  const keeper = isNotWorthKeeping(start) && !keeperIsReady() ? undefined : startedKeeper();
  if (process.platform === 'win32') return keeper && jobOf(pid, keeper);
  if (process.platform === 'linux') keeper?.tell(`mark ${pid} ${marker}`);
  return undefined;
}

const isNotWorthKeeping = ({ isQuestion = false }: Start): boolean => isQuestion && process.platform !== 'win32';
