import type { EndedProcess } from './observe';

/** An option or assignment whose name says that its value is a secret: "--api-key", "PASSWORD=". */
const secretName =
  /(^|[-_.])(token|password|passwd|pwd|passphrase|secret|credentials?|auth|api[-_]?key|access[-_]?key)s?$/i;
/** The forms in which common services hand out their tokens; long random texts of other kinds are kept. */
const secretForm =
  /\b(gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|pypi-[\w-]{16,}|hf_\w{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]*)/g;
const mask = '****';

/**
 * @returns a command line without what nobody but its program should read: users and passwords in URLs, query parts of
 * URLs, values of options and assignments that are called tokens or passwords, and texts that look like tokens.
 */
export function withoutSecrets(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const before = args[index - 1] ?? '';
    if (before.startsWith('-') && secretName.test(before) && !arg.startsWith('-')) return mask;
    const [, name, value] = /^([^=\s?/]+)=(.*)$/s.exec(arg) ?? [];
    if (name !== undefined && value !== undefined && secretName.test(name)) return `${name}=${mask}`;
    return arg
      .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `$1${mask}@`)
      .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*\?)[^\s#"'<>]+/gi, `$1${mask}`)
      .replace(/\b(Bearer|Basic)\s+\S+/gi, `$1 ${mask}`)
      .replace(secretForm, mask);
  });
}

/** A shell would read it as it is shown; long arguments are cut, since they are data rather than options. */
const shown = (arg: string): string => {
  const short = arg.length > 200 ? `${arg.slice(0, 200)}…` : arg;
  return /^[\w@%+=:,./\\…*<>~[\]-]+$/.test(short) ? short : JSON.stringify(short);
};

/** @returns what was run, where, how it ended and how long it took, in one line without secrets. */
export function describeProcess({ command, args, cwd, outcome }: EndedProcess): string {
  const line = withoutSecrets([command, ...args])
    .map(shown)
    .join(' ');
  return `${line} (in ${cwd}) ${howItEnded(outcome)}`;
}

function howItEnded(outcome: EndedProcess['outcome']): string {
  if (!outcome) return 'could not be started';
  const { ending, exitCode, signal, durationMs } = outcome;
  const after = `after ${Math.round(durationMs)} ms`;
  if (ending === 'timed_out') return `was ended by its time limit ${after}`;
  if (ending === 'cancelled') return `was cancelled ${after}`;
  return exitCode === null ? `was ended by ${signal ?? 'a signal'} ${after}` : `exited with ${exitCode} ${after}`;
}
