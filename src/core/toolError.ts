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

/** What every message and hint passes: set by `quoteErrors`, which is too much to load before anything is shown. */
let quote = (text: string): string => text;

/** @param quoting bounds a text, and takes secrets and what is not seen out of it. */
export function quoteErrorsWith(quoting: (text: string) => string): void {
  quote = quoting;
}

/**
 * A failure with a kind from the closed list, one sentence, and the next step where there is one. Whatever was put into
 * them is without secrets, on one line and visible (`quoted`), since every message passes here.
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, hint?: string) {
    super(quote(message));
    this.kind = kind;
    this.hint = hint === undefined ? undefined : quote(hint);
  }
}

/**
 * @returns whether something thrown is a `ToolError`: by its name, since the server and what it loads on first use are
 * bundles with a class each.
 */
export function isToolError(cause: unknown): cause is ToolError {
  return cause instanceof Error && cause.name === 'ToolError' && 'kind' in cause;
}
