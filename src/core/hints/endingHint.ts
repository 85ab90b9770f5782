import { isToolError } from '../errors';
import { readText } from '../files/readFiles';
import { refuseHeldEnvironment } from '../packages/heldInstaller';
import { textOf } from '../process/capture';
import type { RunRequest } from '../runner/PythonRunner';
import type { FailedRun, HintSources } from './runHint';

/** What servers print once they listen. */
const listening =
  /Running on https?:\/\/|Uvicorn running on|Starting development server at|Serving HTTP on|Listening (?:on|at)\b|Hypercorn|Quit the server with/i;
const crashes: readonly NodeJS.Signals[] = ['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGABRT'];
const readsInput = /\binput\s*\(|\bsys\.stdin\b|\bgetpass\s*\(/;

/** @returns the next step where a run was ended by its time limit or by a signal. */
export async function endingHint(sources: HintSources, run: FailedRun): Promise<string | undefined> {
  const { ending, signal } = run.outcome;
  if (ending === 'timed_out') return await timeoutHint(sources, run);
  if (ending !== 'exited') return undefined;
  if (signal === 'SIGKILL') {
    return 'The system ended it, as it does where memory runs out: let it work on less data at once.';
  }
  if (signal === 'SIGILL') {
    return 'A compiled module uses instructions that this processor does not have: install another build of it.';
  }
  if (signal === null || !crashes.includes(signal)) return undefined;
  return run.request.env['PYTHONFAULTHANDLER'] === undefined
    ? 'Compiled code crashed. To see the line that led there, call again with "env": {"PYTHONFAULTHANDLER": "1"}.'
    : 'Compiled code crashed: stderr has the line that led there.';
}

async function timeoutHint({ root, maxTimeout }: HintSources, run: FailedRun): Promise<string> {
  const { request, outcome, environment } = run;
  const printed = `${textOf(outcome.stdout)}\n${textOf(outcome.stderr)}`;
  if (listening.test(printed)) {
    return 'A server runs until it is stopped: start it in a thread of the code that uses it, or use its test client.';
  }
  if ((request.stdin ?? '') === '' && readsInput.test(await sourceOf(request))) {
    return 'The program reads standard input, which is empty: pass its lines as "stdin".';
  }
  const held = printed.trim() === '' ? await heldAtStart(environment, root) : undefined;
  if (held !== undefined) return `Python may be waiting as it starts: ${held}`;
  const limit = Math.round((request.timeoutMs ?? 0) / 1000);
  return limit < maxTimeout
    ? `If it only needs more time, call again with a higher "timeout" (at most ${maxTimeout}).`
    : 'This is the highest "timeout": let the program do less in one run.';
}

/** @returns what an interpreter would wait for before it runs the program. */
const heldAtStart = async (environment: FailedRun['environment'], root: string): Promise<string | undefined> =>
  await refuseHeldEnvironment(environment, root).then(
    () => undefined,
    (error: unknown) => (isToolError(error) ? error.message : undefined),
  );

async function sourceOf({ program }: RunRequest): Promise<string> {
  if (program.kind === 'code') return program.code;
  return program.kind === 'file' ? ((await readText(program.path)) ?? '') : '';
}
