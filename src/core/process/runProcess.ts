import { spawn } from 'node:child_process';
import type { ProcessOutcome, ProcessRequest } from './request';

/** Runs a process to its end. @throws never for what the process does; rejects where it cannot be started. */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  const started = performance.now();
  return await new Promise<ProcessOutcome>((resolve, reject) => {
    const child = spawn(request.command, [...request.args], { cwd: request.cwd, env: request.env, windowsHide: true });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let ending: ProcessOutcome['ending'] = 'exited';
    const timer =
      request.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            ending = 'timed_out';
            child.kill('SIGKILL');
          }, request.timeoutMs);
    request.signal?.addEventListener('abort', () => {
      ending = 'cancelled';
      child.kill('SIGKILL');
    });
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.stdout.push(chunk);
      request.onOutput?.('stdout', chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      chunks.stderr.push(chunk);
      request.onOutput?.('stderr', chunk);
    });
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.stdin.end(request.stdin ?? '');
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      const captured = (stream: 'stdout' | 'stderr') => {
        const head = Buffer.concat(chunks[stream]);
        return {
          bytes: head.length,
          lines: head.toString().split('\n').length - 1,
          head,
          tail: Buffer.alloc(0),
          file: undefined,
        };
      };
      resolve({
        ending,
        exitCode,
        signal,
        stdout: captured('stdout'),
        stderr: captured('stderr'),
        durationMs: performance.now() - started,
        backgroundProcessesEnded: 0,
      });
    });
  });
}
