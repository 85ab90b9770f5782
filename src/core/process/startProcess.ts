import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errors } from '../errors';
import { batchStart, isBatchFile } from './windows/batchFile';
import { tooLongToStart } from './windows/longPaths';
import { keep, untilKept } from './keep';
import { ticksNow } from './linuxProcesses';
import { markerName, newMarker } from './marker';
import { processEnded } from './observe';
import type { ProcessRequest } from './request';
import type { Run } from './run';

/** A process that runs, or ran. */
export type Started = ChildProcessWithoutNullStreams & { readonly pid: number };

/** What a process is started with. */
export type Start = Pick<ProcessRequest, 'command' | 'args' | 'cwd' | 'env' | 'marksItself' | 'isQuestion'>;

/**
 * Starts a process as a run of its own; its standard input is open.
 * @param pipes further pipes from it, its file descriptors from 3 on.
 * @throws ToolError where it cannot be started.
 */
export async function startProcess(
  request: Start,
  pipes: readonly 'pipe'[] = [],
): Promise<{ readonly child: Started; readonly run: Run }> {
  const own = await untilKept(request);
  const marker = newMarker();
  const started = performance.now();
  const oldest = process.platform === 'linux' ? ticksNow() : undefined;
  // Appended to a marker that is there already: a server that runs inside a run of another one belongs to both.
  const markers = [request.env[markerName] ?? [], marker].flat().join(':');
  const child = await spawned({ ...request, env: { ...request.env, ...own, [markerName]: markers } }, pipes);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const job = keep(child.pid, marker, request);
  return { child, run: { pid: child.pid, marker, lastPid: child.pid, started, oldest, hasEnded, job } };
}

async function spawned(request: Start, pipes: readonly 'pipe'[]): Promise<Started> {
  try {
    const isBatch = isBatchFile(request.command);
    const { command, args } = isBatch ? batchStart(request) : request;
    const child = spawn(command, [...args], {
      windowsVerbatimArguments: isBatch,
      cwd: request.cwd,
      env: request.env,
      stdio: ['pipe', 'pipe', 'pipe', ...pipes],
      windowsHide: true,
      // A session of its own: the whole group can be signalled, and Ctrl+C in the server's terminal is not the child's.
      detached: process.platform !== 'win32',
    });
    if (child.pid === undefined) await once(child, 'spawn');
    child.on('error', () => undefined);
    // EPIPE: the process ended, or closed its input, before it had read all of it.
    child.stdin.on('error', () => undefined);
    return child as Started;
  } catch (cause) {
    processEnded(request, undefined);
    throw tooLongToStart(request) ?? startFailure(request, cause);
  }
}

function startFailure(request: Start, cause: unknown): unknown {
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
