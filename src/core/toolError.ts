import { quoted } from './files/quoted';

/** The closed list of kinds of failures, as the contract has it. */
export const errorKinds = [
  'invalid_input',
  'ambiguous_folder',
  'no_folder',
  'file_not_found',
  'outside_workspace',
  'interpreter_not_found',
  'venv_not_found',
  'venv_exists',
  'venv_broken',
  'not_a_venv',
  'refused',
  'requirement_invalid',
  'no_matching_distribution',
  'resolution_conflict',
  'build_failed',
  'network',
  'no_space',
  'permission_denied',
  'installer_failed',
  'timeout',
  'cancelled',
  'workspace_untrusted',
  'internal',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** The most characters of a message or hint: its parts are bounded where they are put in, this is for what was forgotten. */
const mostOfSentence = 2000;

/**
 * A failure with a kind from the closed list, one sentence, and the next step where there is one. Whatever was put into
 * them is without secrets, on one line and visible (`quoted`), since every message passes here.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, hint?: string) {
    super(quoted(message, mostOfSentence));
    this.kind = kind;
    this.hint = hint === undefined ? undefined : quoted(hint, mostOfSentence);
  }
}

/**
 * @returns whether something thrown is a `ToolError`: by its name, since the server and what it loads on first use are
 * bundles with a class each.
 */
export function isToolError(cause: unknown): cause is ToolError {
  return cause instanceof Error && cause.name === 'ToolError' && 'kind' in cause;
}
