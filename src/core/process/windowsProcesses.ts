import { execFile, execFileSync } from 'node:child_process';
import { win32 } from 'node:path';
import type { Run } from './run';

/** How long taskkill may take; the answer to a call waits at most 2 s. */
const limitMs = 1500;

/**
 * @returns the absolute path of a program that comes with Windows. Never looked up on PATH, where a project could have
 * put its own.
 */
export const systemProgram = (name: string, env: Readonly<Record<string, string | undefined>> = process.env): string =>
  win32.join(env['SystemRoot'] ?? env['windir'] ?? 'C:\\Windows', 'System32', name);

const taskkillArguments = ({ pid }: Run): string[] => ['/PID', String(pid), '/T', '/F'];

/**
 * Ends a process that has not ended by itself, and its descendants. Those of a Python that we run go with it also where their parent is gone: it put
 * itself into a job object that ends all its members when it dies (runner/python/job.py), and so did the launcher that a
 * venv's python.exe is. How many there were is not known: what taskkill prints is in the language of the system.
 */
export async function endTreeOnWindows(run: Run): Promise<void> {
  if (run.hasEnded()) return;
  await new Promise<void>((resolve) => {
    const options = { windowsHide: true, timeout: limitMs };
    execFile(systemProgram('taskkill.exe'), taskkillArguments(run), options, () => {
      resolve();
    });
  });
  terminate(run);
}

/** The same at once and synchronously, for a server that exits. */
export function killTreeOnWindows(run: Run): void {
  if (run.hasEnded()) return;
  try {
    const options = { stdio: 'ignore', windowsHide: true, timeout: limitMs } as const;
    execFileSync(systemProgram('taskkill.exe'), taskkillArguments(run), options);
  } catch {
    // It ended before, or there is no taskkill (Nano Server).
  }
  terminate(run);
}

/** Where taskkill could not: the process alone, whose pid is nobody else's as long as it was not seen to end. */
function terminate({ pid, hasEnded }: Run): void {
  if (hasEnded()) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
