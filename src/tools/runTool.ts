import { constants } from 'node:os';
import * as z from 'zod';
import { errors } from '../core/errors';
import type { EnvironmentInUse, PythonFolder } from '../core/folder';
import type { FailedRun } from '../core/hints/runHint';
import type { RunOutcome } from '../core/runner/PythonRunner';
import type { Program } from '../core/runner/program';
import type { DescribedException, MemberOfGroup, UncaughtException } from '../core/runner/uncaughtException';
import { defineTool, type CallContext, type Handled } from './defineTool';
import { renderOutput } from './renderOutput';
import { noOutput, runText, shownToUser } from './runText';
import { folderField, resultFields, venvField } from './schemas';

const input = z.strictObject({
  file: z.string().optional().describe('Python file to run, relative to the folder or absolute.'),
  code: z.string().optional().describe('Python source to run, as it is: no shell, no quoting.'),
  module: z.string().optional().describe('Module to run, as in python -m MODULE.'),
  args: z.array(z.string()).default([]).describe('sys.argv[1:].'),
  stdin: z.string().default('').describe('Standard input; empty and closed by default.'),
  env: z.record(z.string(), z.string()).default({}).describe('Variables added to the environment.'),
  cwd: z.string().optional().describe('Working directory; default: the folder root.'),
  timeout: z.number().positive().optional().describe('Seconds; default 30, at most 300.'),
  capture_output: z
    .boolean()
    .default(true)
    .describe('False shows the output to the user only and returns it empty. Default true.'),
  folder: folderField,
});

const truncatedStream = z.object({ bytes: z.number().int(), file: z.string() });
const frame = z.object({
  file: z.string(),
  line: z.number().int(),
  function: z.string(),
  code: z.string(),
  column: z.number().int().optional(),
  end_column: z.number().int().optional(),
});
const described = { type: z.string(), message: z.string(), frames: z.array(frame) };
const causes = z.array(z.object({ ...described, relation: z.enum(['cause', 'context']) })).optional();

const output = z.object({
  ...resultFields,
  exit_code: z.number().int().optional().describe('-N: ended by signal N; -1 with timed_out or cancelled.'),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
  duration_ms: z.number().int().optional(),
  python_version: z.string().optional(),
  venv: venvField,
  signal: z.string().optional(),
  timed_out: z.boolean().optional(),
  cancelled: z.boolean().optional(),
  truncated: z
    .object({ stdout: truncatedStream.optional(), stderr: truncatedStream.optional() })
    .optional()
    .describe('Bytes written in total, and the file that holds all of them.'),
  exception: z
    .object({ ...described, causes, exceptions: z.array(z.object({ ...described, causes })).optional() })
    .optional(),
  hint: z.string().optional().describe('The next step after a failure.'),
});

export type RunInput = z.output<typeof input>;
export type RunOutput = z.output<typeof output>;

/** `python.run`: a file, inline code or a module. */
export const runTool = defineTool({
  name: 'python.run',
  title: 'Python code',
  description:
    'Run a Python file, inline code or a module (script, test, snippet) in the active virtual environment (venv), and get exit code, ' +
    'stdout, stderr and any exception as separate fields. Prefer it over a shell for Python. Pass exactly one of file, code, module. ' +
    'Default timeout 30 s, at most 300; output written before a timeout is returned. Processes left running are ended with the call. ' +
    'Long output comes as head and tail and names the file with all of it. Figures shown or saved with matplotlib come back as images.',
  besideOthers:
    'Where configure_python_environment, get_python_executable_details or pylanceRunCodeSnippet are offered, call none of them before or instead of this.',
  userDescription: 'Runs a Python file, inline code or a module in the active virtual environment.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input,
  output,
  example: { code: 'print("Hello")' },
  paths: ({ file, cwd }) => [file, cwd],

  check(call) {
    const given = [call.file, call.code, call.module].filter((program) => program !== undefined);
    if (given.length !== 1) {
      throw errors.invalidInput(
        `Exactly one of "file", "code" and "module" is needed; ${given.length === 0 ? 'none was' : `${given.length} were`} given.`,
        'For example {"file": "main.py", "args": ["--verbose"]} or {"code": "print(1)"}.',
      );
    }
    if (call.module !== undefined && !/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(call.module)) {
      throw errors.invalidInput(
        `"${call.module}" is not the name of a module.`,
        'Give a dotted name such as {"module": "package.module"}, or the path as "file".',
      );
    }
    for (const [name, value] of Object.entries(call.env)) {
      if (name === '' || /[=\0]/.test(name) || value.includes('\0')) {
        throw errors.invalidInput(
          `"${name}" cannot be set as an environment variable.`,
          'Names hold no "=" and no NUL.',
        );
      }
    }
    if ([...call.args, call.file, call.cwd].some((text) => text?.includes('\0') === true)) {
      throw errors.invalidInput('An argument or path holds a NUL character.', 'Pass such data through "stdin".');
    }
  },

  async handle(call, folder, context) {
    const notes: string[] = [];
    const timeout = timeLimit(call, folder.settings, notes);
    const cwd = call.cwd === undefined ? folder.root : await folder.existingDirectory(call.cwd);
    const program = await programOf(call, folder);
    const inUse = await folder.environmentFor(program, context);
    const { environment, venv } = inUse;
    const request = {
      program,
      args: call.args,
      stdin: call.stdin,
      env: call.env,
      cwd,
      timeoutMs: timeout * 1000,
      signal: context.signal,
      ...(call.capture_output ? {} : { onOutput: context.onOutput, spill: false }),
    };
    const outcome = await folder.run(environment, request);
    return await resultOf(outcome, {
      call,
      context,
      hint: succeeded(outcome) ? undefined : await hintAfter(folder, inUse, { request, environment, outcome }),
      facts: { python_version: environment.version, venv },
      notes: [...inUse.notes, ...notes, ...outcome.notes],
    });
  },

  text: runText,

  failureFields: ({ kind, message }) =>
    kind === 'file_not_found' ? { exit_code: 1, stdout: '', stderr: message } : {},
});

function timeLimit(
  { timeout }: RunInput,
  { defaultTimeout, maxTimeout }: { readonly defaultTimeout: number; readonly maxTimeout: number },
  notes: string[],
): number {
  if (timeout !== undefined && timeout > maxTimeout) {
    notes.push(`timeout lowered from ${timeout} s to ${maxTimeout} s, the highest allowed`);
  }
  return Math.min(timeout ?? defaultTimeout, maxTimeout);
}

async function programOf(
  { file, code, module }: RunInput,
  folder: { existingFile: (path: string) => Promise<string> },
): Promise<Program> {
  if (file !== undefined) return { kind: 'file', path: await folder.existingFile(file) };
  return code !== undefined ? { kind: 'code', code } : { kind: 'module', name: module ?? '' };
}

/** What the folder has installed is of no use to a script with an environment of its own. */
async function hintAfter(folder: PythonFolder, { ofScript }: EnvironmentInUse, run: FailedRun) {
  const missing = ofScript ? run.outcome.exception?.missingModule : undefined;
  return missing === undefined
    ? await folder.runHint(run)
    : `Add what provides "${missing}" to "dependencies" in the file's "# /// script" block, then run it again.`;
}

async function resultOf(
  outcome: RunOutcome,
  run: {
    call: RunInput;
    context: CallContext;
    hint: string | undefined;
    facts: Pick<RunOutput, 'python_version' | 'venv'>;
    notes: string[];
  },
): Promise<Handled<RunOutput>> {
  const byItself = outcome.ending === 'exited';
  const exitCode = byItself ? exitCodeOf(outcome) : -1;
  const shown = run.call.capture_output
    ? await renderOutput(outcome, run.context.outputBudget, run.context.weigh)
    : { stdout: '', stderr: '', truncated: undefined };
  const silent = shown.stdout === '' && shown.stderr === '' && outcome.pictures.length === 0;
  const notes = [
    ...run.notes,
    ...(run.call.capture_output ? [] : [shownToUser]),
    ...(run.call.capture_output && silent && exitCode === 0 ? [noOutput] : []),
  ];
  const ended = outcome.backgroundProcessesEnded;
  if (ended > 0)
    notes.push(
      `${ended} background process${ended === 1 ? '' : 'es'} left running ${ended === 1 ? 'was' : 'were'} ended`,
    );
  return {
    fields: {
      success: exitCode === 0,
      exit_code: exitCode,
      stdout: shown.stdout,
      stderr: shown.stderr,
      duration_ms: Math.round(outcome.durationMs),
      ...run.facts,
      ...(byItself && outcome.signal ? { signal: outcome.signal } : {}),
      ...(outcome.ending === 'timed_out' ? { timed_out: true } : {}),
      ...(outcome.ending === 'cancelled' ? { cancelled: true } : {}),
      ...(shown.truncated ? { truncated: shown.truncated } : {}),
      ...(outcome.exception ? { exception: shownException(outcome.exception) } : {}),
      ...(run.hint === undefined ? {} : { hint: run.hint }),
      ...(notes.length > 0 ? { notes } : {}),
    },
    pictures: outcome.pictures,
  };
}

/** What hints are made of stays inside. */
function shownException({ exceptions, ...exception }: UncaughtException): RunOutput['exception'] {
  return { ...withCauses(exception), ...(exceptions ? { exceptions: exceptions.map(withCauses) } : {}) };
}

function withCauses({ causes, ...exception }: MemberOfGroup) {
  const shownCauses = causes?.map((cause) => ({ ...shown(cause), relation: cause.relation }));
  return { ...shown(exception), ...(shownCauses ? { causes: shownCauses } : {}) };
}

const shown = ({ type, message, frames }: DescribedException) => ({ type, message, frames: [...frames] });

const succeeded = ({ ending, exitCode }: RunOutcome): boolean => ending === 'exited' && exitCode === 0;

function exitCodeOf({ exitCode, signal }: Pick<RunOutcome, 'exitCode' | 'signal'>): number {
  if (signal !== null) return -constants.signals[signal];
  return exitCode ?? -1;
}
