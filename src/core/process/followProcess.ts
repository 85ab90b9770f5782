import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { OutputCapture } from './capture';
import { endTree } from './endTree';
import type { ProcessOutcome, ProcessRequest } from './request';
import type { Run } from './run';
import type { Started } from './startProcess';

/** How long a pipe that nothing more comes out of is waited for, where something we cannot end holds it open. */
const silenceMs = 200;
/** And how long in all, where that something goes on writing. */
const drainMs = 1000;
/** Node's timers hold no more (2^31 − 1 ms, 24 days); a longer time would end at once. */
const longestTimerMs = 2_147_483_647;

/** How a started process is followed. */
export type Following = Pick<ProcessRequest, 'timeoutMs' | 'signal' | 'onOutput' | 'spill'>;

/** Waits for a process's end, ends what it left behind, and returns how it ended with all that it wrote. */
export async function followProcess(request: Following, child: Started, run: Run): Promise<ProcessOutcome> {
  const captures = {
    stdout: capture(child.stdout, 'stdout', request),
    stderr: capture(child.stderr, 'stderr', request),
  };
  const closed = once(child, 'close');
  const exited = run.hasEnded() ? Promise.resolve() : once(child, 'exit');
  const ending = await firstOf(request, exited);
  const ended = await endTree(run, { grace: ending !== 'exited' });
  // Killed or by itself, the root is gone by now; only one in an uninterruptible system call (a dead NFS mount) is not.
  await within(drainMs, exited);
  const durationMs = performance.now() - run.started;
  await drained(captures, closed);
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    ending,
    exitCode: child.exitCode,
    signal: child.signalCode,
    stdout: await captures.stdout.finish(),
    stderr: await captures.stderr.finish(),
    durationMs,
    backgroundProcessesEnded: ending === 'exited' ? ended : 0,
  };
}

/** Waits for the end of both streams: for as long as something arrives, within bounds. */
async function drained(captures: Record<'stdout' | 'stderr', OutputCapture>, closed: Promise<unknown>): Promise<void> {
  const deadline = performance.now() + drainMs;
  const arrived = (): number => captures.stdout.bytes + captures.stderr.bytes;
  for (let before = -1; before !== arrived() && performance.now() < deadline;) {
    before = arrived();
    if (await within(silenceMs, closed)) return;
    // Where the event loop was held up, the time is over before what had long arrived was read: a turn reads it.
    await nextTurn();
  }
}

/** @returns whether the promise was settled within the time. Leaves no timer behind. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, delay(ms, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

/** @returns what came first: the process's own end, its time limit or the cancel. */
async function firstOf(request: Following, exited: Promise<unknown>): Promise<ProcessOutcome['ending']> {
  const settled = new AbortController();
  const { signal } = request;
  const limits: Promise<ProcessOutcome['ending']>[] = [exited.then(() => 'exited' as const)];
  if (request.timeoutMs !== undefined) {
    limits.push(delay(Math.min(request.timeoutMs, longestTimerMs), 'timed_out' as const, { signal: settled.signal }));
  }
  if (signal) limits.push(once(signal, 'abort', { signal: settled.signal }).then(() => 'cancelled' as const));
  for (const limit of limits) limit.catch(() => undefined);
  try {
    return await Promise.race(limits);
  } finally {
    settled.abort();
  }
}

function capture(source: Readable, stream: 'stdout' | 'stderr', request: Following): OutputCapture {
  const captured = new OutputCapture(stream, request.spill ?? true);
  source.on('data', (chunk: Buffer) => {
    request.onOutput?.(stream, chunk);
    const waiting = captured.write(chunk);
    if (!waiting) return;
    source.pause();
    void waiting.then(() => source.resume());
  });
  source.on('error', () => undefined);
  return captured;
}
