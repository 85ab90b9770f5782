import { keeperIsReady, startedKeeper } from './keeper';
import type { Start } from './startProcess';
import { jobOf, type Job } from './windows/jobKeeper';

/** A first run that is short has its answer before what keeps the next ones is started beside it. */
const pauseMs = 20;

/**
 * Waits until a process can be kept from its first moment on, before it is started: what it starts before it is in its job,
 * or has its mark, is not held by that. There is nothing to wait for where no Python is known yet.
 * @returns what it finds in its environment for that.
 */
export async function untilKept(start: Start): Promise<Record<string, string>> {
  if (canMarkItself(start)) return { PYTHON_TOOLS_MARK: '1' };
  // macOS has neither jobs nor marks: the start of what ends runs with the server is not waited for.
  if (keeperIsReady() || isNotWorthKeeping(start) || process.platform === 'darwin') return {};
  await startedKeeper()?.ready;
  return {};
}

/** Keeps a process that was just started, and all that this starts. @returns its job on Windows. */
export function keep(pid: number, marker: string, start: Start): Job | undefined {
  if (!keeperIsReady() && isNotWorthKeeping(start)) return undefined;
  if (canMarkItself(start)) {
    if (!keeperIsReady()) setTimeout(startedKeeper, pauseMs).unref();
    return undefined;
  }
  const keeper = startedKeeper();
  if (process.platform === 'win32') return keeper && jobOf(pid, keeper);
  if (process.platform === 'linux') keeper?.tell(`mark ${pid} ${marker}`);
  return undefined;
}

const isNotWorthKeeping = ({ isQuestion = false }: Start): boolean => isQuestion && process.platform !== 'win32';

/**
 * It does so before its program begins, which a keeper on a busy machine may be too late for. To wait for one takes half as
 * long as the run.
 */
const canMarkItself = ({ marksItself = false }: Start): boolean => marksItself && process.platform === 'linux';
