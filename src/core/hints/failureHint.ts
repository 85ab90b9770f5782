import type { FailedRun } from './runHint';

/** @returns the next step for a failure that the run itself explains: its exception, its last lines, its signal. */
export function failureHint({ outcome: { exception } }: FailedRun): string | undefined {
  return exception?.type === 'EOFError' ? 'Pass what the program reads as "stdin".' : undefined;
}
