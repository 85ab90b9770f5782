import { errors } from '../errors';
import { followProcess } from './followProcess';
import { tooLongToStart } from './longPaths';
import { whileLiving } from './living';
import { processEnded } from './observe';
import type { ProcessOutcome, ProcessRequest } from './request';
import { startProcess } from './startProcess';

/**
 * Starts a process, waits for its end and returns how it ended with all that it wrote. Whatever it started is ended
 * with it: after a timeout, a cancel, and after an exit too. The answer comes at most 2 s after the process's end, the
 * timeout or the cancel.
 *
 * @throws ToolError where the process cannot be started (no such executable, no permission, arguments too long).
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  if (request.signal?.aborted === true) throw errors.cancelled('The call', 'Nothing was started.');
  const { child, run } = await startProcess(request).catch((error: unknown) => {
    throw tooLongToStart(request) ?? error;
  });
  child.stdin.end(request.stdin ?? '');
  const outcome = await whileLiving(run, followProcess(request, child, run));
  processEnded(request, outcome);
  return outcome;
}
