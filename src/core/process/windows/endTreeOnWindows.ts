import { execFile, execFileSync } from 'node:child_process';
import type { Run } from '../run';
import { systemProgram } from './systemProgram';

/** How long taskkill may take; the answer to a call waits at most 2 s. */
const limitMs = 1500;

const taskkillArguments = ({ pid }: Run): string[] => ['/PID', String(pid), '/T', '/F'];

/** Processes that end by themselves within this time of their program's end were not left behind. */
const graceMs = 50;

/**
 * Ends all of a run: what its job holds; where no Python keeps jobs, the process with its descendants, if it has not ended
 * by itself.
 * @returns how many processes there were; 0 where that is not known, since what taskkill prints is in the language of the
 * system.
 */
export async function endTreeOnWindows(run: Run): Promise<number> {
  const ended = await run.job?.end(run.hasEnded() ? graceMs : 0);
  if (ended !== undefined) return ended;
  if (run.hasEnded()) return 0;
  await new Promise<void>((resolve) => {
    const options = { windowsHide: true, timeout: limitMs };
    execFile(systemProgram('taskkill.exe'), taskkillArguments(run), options, () => {
      resolve();
    });
  });
  terminate(run);
  return 0;
}

/** The same at once and synchronously, for a server that exits. What is in a job ends with the server anyway. */
export function killTreeOnWindows(run: Run): void {
  if (run.job?.isHeld === true || run.hasEnded()) return;
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
