import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { errors } from '../errors';
import { OutputCapture } from './capture';
import { endTree, killTreeNow, type Run } from './endTree';
import { processEnded } from './observe';
import type { ProcessOutcome, ProcessRequest } from './request';

const markerName = 'PYTHON_TOOLS_RUN';
/** How long a pipe that nothing more comes out of is waited for, where something we cannot end holds it open. */
const silenceMs = 200;
/** And how long in all, where that something goes on writing. */
const drainMs = 1000;
/** Node's timers hold no more (2^31 − 1 ms, 24 days); a longer time would end at once. */
const longestTimerMs = 2_147_483_647;
const living = new Map<Run, Promise<unknown>>();

/**
 * Starts a process, waits for its end and returns how it ended with all that it wrote. Whatever it started is ended
 * with it: after a timeout, a cancel, and after an exit too. The answer comes at most 2 s after the process's end, the
 * timeout or the cancel.
 *
 * @throws ToolError where the process cannot be started (no such executable, no permission, arguments too long).
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  if (request.signal?.aborted === true) throw errors.cancelled('The call', 'Nothing was started.');
  const marker = randomUUID();
  const started = performance.now();
  // Appended to a marker that is there already: a server that runs inside a run of another one belongs to both.
  const markers = [request.env[markerName] ?? [], marker].flat().join(':');
  const child = await start(request, { ...request.env, [markerName]: markers });
  const run: Run = { pid: child.pid, marker, started };
  const finished = follow(request, child, run);
  living.set(run, finished);
  try {
    const outcome = await finished;
    processEnded(request, outcome);
    return outcome;
  } finally {
    living.delete(run);
  }
}

/** Ends every running process tree and waits until their callers have their answers. For a server that shuts down. */
export async function endAllProcesses(): Promise<void> {
  await Promise.all([...living].map(([run, finished]) => Promise.all([endTree(run, { grace: false }), finished])));
}

// The last resort, for an exit that nobody announced (an uncaught exception, process.exit).
process.once('exit', () => {
  for (const run of living.keys()) killTreeNow(run);
});

type Started = ChildProcess & { readonly pid: number; readonly stdout: Readable; readonly stderr: Readable };

async function start(request: ProcessRequest, env: Record<string, string>): Promise<Started> {
  try {
    const child = spawn(request.command, [...request.args], {
      cwd: request.cwd,
      env,
      stdio: 'pipe',
      windowsHide: true,
      // A session of its own: the whole group can be signalled, and Ctrl+C in the server's terminal is not the child's.
      detached: process.platform !== 'win32',
    });
    if (child.pid === undefined) await once(child, 'spawn');
    child.on('error', () => undefined);
    // EPIPE: the process ended, or closed its input, before it had read all of it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(request.stdin ?? '');
    return child as Started;
  } catch (cause) {
    processEnded(request, undefined);
    throw startFailure(request, cause);
  }
}

function startFailure(request: ProcessRequest, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'E2BIG' || code === 'ENAMETOOLONG') return errors.argumentsTooLong();
  if (code === 'EACCES') return errors.permissionDenied(request.command);
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing(request.command);
  if (code === 'ENOEXEC' || code === 'UNKNOWN') return errors.cannotExecute(request.command);
  return cause;
}

/** A venv's python is a link that lasts as long as its base. */
function missing(command: string): Error {
  const environment = dirname(dirname(command));
  return existsSync(join(environment, 'pyvenv.cfg'))
    ? errors.venvBroken(environment, `its ${basename(command)} is gone`)
    : errors.executableMissing(command);
}

async function follow(request: ProcessRequest, child: Started, run: Run): Promise<ProcessOutcome> {
  const captures = {
    stdout: capture(child.stdout, 'stdout', request),
    stderr: capture(child.stderr, 'stderr', request),
  };
  const closed = once(child, 'close');
  const exited = once(child, 'exit');
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
async function firstOf(request: ProcessRequest, exited: Promise<unknown>): Promise<ProcessOutcome['ending']> {
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

function capture(source: Readable, stream: 'stdout' | 'stderr', request: ProcessRequest): OutputCapture {
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
