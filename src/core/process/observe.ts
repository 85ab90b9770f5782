import type { ProcessOutcome, ProcessRequest } from './request';

/** A process that ended, or could not be started. Its environment, its input and its output are nobody's concern here. */
export interface EndedProcess extends Pick<ProcessRequest, 'command' | 'args' | 'cwd'> {
  /** Undefined where it could not be started. */
  readonly outcome: Pick<ProcessOutcome, 'ending' | 'exitCode' | 'signal' | 'durationMs'> | undefined;
}

const observers = new Set<(ended: EndedProcess) => void>();

/** Calls `observer` for every process that ends from now on. @returns what ends that. */
export function observeProcesses(observer: (ended: EndedProcess) => void): { dispose: () => void } {
  observers.add(observer);
  return { dispose: () => void observers.delete(observer) };
}

/** Tells the observers. Only for what starts processes. */
export function processEnded(
  { command, args, cwd }: Pick<ProcessRequest, 'command' | 'args' | 'cwd'>,
  outcome: EndedProcess['outcome'],
): void {
  for (const observer of observers) observer({ command, args, cwd, outcome });
}
