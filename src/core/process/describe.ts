import { mask } from '../files/credentials';
import { bounded, lookedAt, quoted, visible } from '../files/quoted';
import { isSecretName, stripSecrets } from '../files/secrets';
import type { EndedProcess } from './observe';

/** @returns a command line without what nobody but its program should read (`stripSecrets`). */
export const withoutSecrets = (args: readonly string[]): string[] =>
  args.map((arg, index) => {
    const before = args[index - 1] ?? '';
    return before.startsWith('-') && !before.includes('=') && isSecretName(before) && !arg.startsWith('-')
      ? mask
      : stripSecrets(lookedAt(arg));
  });

/** A shell would read it as it is shown. */
const shown = (arg: string): string => {
  const short = bounded(arg);
  return /^[\w@%+=:,./\\…*<>~[\]-]+$/.test(short) ? short : visible(JSON.stringify(short));
};

/** @returns what was run, where, how it ended and how long it took, in one line without secrets. */
export function describeProcess({ command, args, cwd, outcome }: EndedProcess): string {
  const line = withoutSecrets([command, ...args])
    .map(shown)
    .join(' ');
  return `${line} (in ${quoted(cwd)}) ${howItEnded(outcome)}`;
}

function howItEnded(outcome: EndedProcess['outcome']): string {
  if (!outcome) return 'could not be started';
  const { ending, exitCode, signal, durationMs } = outcome;
  const after = `after ${Math.round(durationMs)} ms`;
  if (ending === 'timed_out') return `was ended by its time limit ${after}`;
  if (ending === 'cancelled') return `was cancelled ${after}`;
  return exitCode === null ? `was ended by ${signal ?? 'a signal'} ${after}` : `exited with ${exitCode} ${after}`;
}
