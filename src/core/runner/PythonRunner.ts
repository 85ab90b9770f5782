import { delimiter } from 'node:path';
import type { Environment } from '../environment';
import { childEnvironment } from '../process/environment';
import { textOf } from '../process/capture';
import type { ProcessOutcome, ProcessRequest } from '../process/request';
import { runProcess } from '../process/runProcess';
import { readPictures } from './pictures';
import type { Program } from './program';
import { commandLine } from './program';
import { supportFolder, withRunFolder } from './runFolder';
import { readUncaughtException, type UncaughtException } from './uncaughtException';

/** One run: what, with what, for how long. */
export interface RunRequest extends Pick<ProcessRequest, 'stdin' | 'timeoutMs' | 'signal' | 'onOutput' | 'spill'> {
  readonly program: Program;
  /** What the program finds in `sys.argv[1:]`. */
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** An existing folder, absolute. */
  readonly cwd: string;
}

/** How a run ended, with what the program left beside its output. */
export interface RunOutcome extends ProcessOutcome {
  /** The exception that ended the program, if one did. */
  readonly exception: UncaughtException | undefined;
  /** What it showed or saved through matplotlib, or showed through PIL: PNG, at most four of at most 1 MB. */
  readonly pictures: readonly Buffer[];
}

/** Runs Python programs of one folder. */
export class PythonRunner {
  readonly #root: string;

  /** @param root the folder, absolute; inline code finds it on `sys.path`. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Runs a program in an environment and returns how it ended; no process outlives the call.
   *
   * @throws ToolError where the interpreter cannot be started; never for what the program does.
   */
  async run(environment: Environment, request: RunRequest): Promise<RunOutcome> {
    return await withRunFolder(request.program, async (folder) => {
      const outcome = await runProcess({
        ...request,
        command: environment.python,
        args: [...commandLine(request.program), ...request.args],
        env: this.#environmentOf(environment, request, folder),
      });
      const failed = outcome.ending === 'exited' && outcome.exitCode !== 0;
      const reported = failed ? await readUncaughtException(folder, this.#root) : undefined;
      return {
        ...outcome,
        exception: reported && endedProgram(reported, outcome) ? reported : undefined,
        pictures: await readPictures(folder),
      };
    });
  }

  #environmentOf(environment: Environment, request: RunRequest, folder: string): Record<string, string> {
    const env = childEnvironment({
      venv: environment.isVenv ? environment : undefined,
      // Without a display, and with one on somebody else's machine, a window helps nobody: see python/figures.py.
      extra: { MPLBACKEND: 'Agg', ...request.env },
    });
    // `python -m pip install` is a program like any other, but a base interpreter is never modified.
    if (!environment.isVenv) env['PIP_REQUIRE_VIRTUALENV'] = '1';
    const path = [supportFolder, env['PYTHONPATH'] ?? ''].filter((entry) => entry !== '').join(delimiter);
    return { ...env, PYTHONPATH: path, PYTHON_TOOLS_RUN_FOLDER: folder, PYTHON_TOOLS_ROOT: this.#root };
  }
}

/** A call of `sys.exit` may have been caught, and the program have ended later and in another way: then no message was printed. */
function endedProgram({ type, message }: UncaughtException, { exitCode, stderr }: ProcessOutcome): boolean {
  const [firstLine = ''] = message.split(/\r?\n/, 1);
  return type !== 'SystemExit' || (exitCode === 1 && textOf(stderr).includes(firstLine.slice(0, 200)));
}
