import { textOf } from '../process/capture';
import type { FailedRun } from './runHint';

/** A module that a run did not find. */
export interface WantedModule {
  /** Dotted: as far as the search came, `google` for `import google.cloud.storage`. */
  readonly name: string;
  /** Dotted: the whole module that the failed statement names, as far as the source is the user's own. */
  readonly module: string;
  /** `module`, with the first name that is imported from it: a module too, or something in it. */
  readonly imported: string;
}

const dottedName = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** @returns the module whose absence ended the run; undefined where something else did. */
export function wantedModule({
  request,
  outcome: { exception, stderr, exitCode },
}: FailedRun): WantedModule | undefined {
  // `python -m NAME` reports a NAME that it does not find in words only.
  const unfound = exception === undefined && exitCode === 1 && request.program.kind === 'module';
  const name = exception?.missingModule ?? (unfound ? notFoundToRun(textOf(stderr)) : undefined);
  if (name === undefined || !dottedName.test(name)) return undefined;
  const code = exception?.frames.at(-1)?.code ?? '';
  const module = new RegExp(String.raw`(?<![\w.])${name.replaceAll('.', '\\.')}(\.\w+)*`).exec(code)?.[0] ?? name;
  const [, from, member] = /^from\s+([\w.]+)\s+import\s+(?:\(\s*)?(\w+)/.exec(code) ?? [];
  return { name, module, imported: from === module && member !== undefined ? `${module}.${member}` : module };
}

/** The last line that the standard library's runpy writes. */
function notFoundToRun(stderr: string): string | undefined {
  const end = stderr.trimEnd();
  return /: No module named '?([\w.]+)'?\)?$/.exec(end.slice(end.lastIndexOf('\n') + 1))?.[1];
}

/** @returns of how many parts the name is that was not found: one for a top-level module. */
export const partsOf = ({ name }: WantedModule): number => name.split('.').length;
