import { ToolError } from '../toolError';

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

/** Failures that concern starting a process, and time. */
export const processErrors = {
  argumentsTooLong: () =>
    new ToolError(
      'invalid_input',
      'The arguments and environment are longer than the system allows for a process.',
      'Pass long text through "stdin", or write it to a file and pass its path.',
    ),
  pathTooLong: (what: 'folder' | 'program', path: string) =>
    new ToolError(
      'invalid_input',
      `Windows cannot start a program ${what === 'folder' ? 'in a folder' : 'at a path'} of ${path.length} characters: "${path.slice(0, 80)}…".`,
      'Move the project nearer to the root of its drive, or open it by a short drive (subst P: FOLDER).',
    ),
  executableMissing: (path: string) =>
    new ToolError(
      'interpreter_not_found',
      `"${path}" is no longer there.`,
      'See python.venv {"action": "list"}; create the environment again where it is broken.',
    ),
  cannotExecute: (path: string) =>
    new ToolError(
      'venv_broken',
      `"${path}" cannot run on this system.`,
      'It was made for another system or processor: delete that environment and create it again.',
    ),
  batchFileRefused: (path: string, part: string) =>
    new ToolError(
      'refused',
      `"${path}" is a batch file, and cmd.exe could act on a character of ${JSON.stringify(part)}.`,
      'Name the .exe that it starts, or move it to a path of letters, digits, blanks, "-", "_" and ".".',
    ),

  timedOut: (what: string, limitMs: number, kept: string) =>
    new ToolError(
      'timeout',
      `${what} took longer than ${seconds(limitMs)} and was ended. ${kept}`,
      'Call again with less to do at once.',
    ),
  cancelled: (what: string, kept: string) => new ToolError('cancelled', `${what} was cancelled. ${kept}`),
  declined: (what: string) =>
    new ToolError(
      'cancelled',
      `The user did not allow ${what}. Nothing was changed.`,
      'Do not try it another way; ask the user what to do instead.',
    ),

  internal: (cause: unknown) =>
    new ToolError(
      'internal',
      `Something went wrong inside the tools: ${cause instanceof Error ? cause.message : String(cause)}`,
      'This is a bug in Python Tools MCP; please report it with the log.',
    ),
};
