import { delimiter } from 'node:path';
import type { Environment } from '../environment';
import { childEnvironment, variableIn, withVariables } from '../process/environment';
import { offerKeeper } from '../process/keeper';
import { textOf } from '../process/capture';
import type { ProcessOutcome, ProcessRequest } from '../process/request';
import { runProcess } from '../process/runProcess';
import type { Start } from '../process/startProcess';
import { readPictures } from './pictures';
import { commandLine, type Program } from './program';
import { canWaitFor, interpretersWait, order, ReadyInterpreter } from './readyInterpreter';
import { makeRunFolder, placeProgram, removeRunFolder, supportFolder, wasRefused } from './runFolder';
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
  readonly #isKeptReady: () => boolean;
  readonly #ready: ReadyInterpreter;
  #running = 0;

  /**
   * @param root the folder, absolute; inline code finds it on `sys.path`.
   * @param isKeptReady whether an interpreter may wait for the next run while the folder is in use.
   */
  constructor(root: string, isKeptReady = (): boolean => false) {
    this.#root = root;
    this.#isKeptReady = isKeptReady;
    this.#ready = new ReadyInterpreter((environment) => ({
      ...this.#startOf(environment, {}),
      cwd: root,
    }));
  }

  /**
   * Runs a program in an environment and returns how it ended; no process outlives the call.
   *
   * @throws ToolError where the interpreter cannot be started; never for what the program does.
   */
  async run(environment: Environment, request: RunRequest): Promise<RunOutcome> {
    this.#running++;
    offerKeeper(environment);
    try {
      return await this.#run(environment, request);
    } finally {
      if (--this.#running === 0 && interpretersWait() && this.#isKeptReady()) this.#ready.used(environment);
    }
  }

  /** Starts an interpreter that waits for the next run, where none does. */
  async prepare(environment: Environment): Promise<void> {
    await this.#ready.prepare(environment);
  }

  /** Ends the interpreter that waits for the next run, if one does. @returns once it has ended. */
  async release(): Promise<void> {
    await this.#ready.discard();
  }

  dispose(): void {
    void this.release();
  }

  async #run(environment: Environment, request: RunRequest): Promise<RunOutcome> {
    const ready = this.#canBeReady(request) ? await this.#ready.take(environment) : undefined;
    const folder = makeRunFolder();
    try {
      placeProgram(request.program, folder);
      const { env, ...start } = this.#startOf(environment, request.env);
      const cold = {
        ...request,
        ...start,
        args: [...commandLine(request.program), ...request.args],
        env: { ...env, PYTHON_TOOLS_RUN_FOLDER: folder },
      };
      const stdin = `${order(folder, request.program, request.args)}${request.stdin ?? ''}`;
      const warm = await ready?.run({ ...cold, stdin });
      const outcome = warm && !wasRefused(folder) ? warm : await runProcess(cold);
      const failed = outcome.ending === 'exited' && outcome.exitCode !== 0;
      const reported = failed ? await readUncaughtException(folder, this.#root) : undefined;
      return {
        ...outcome,
        exception: reported && endedProgram(reported, outcome) ? reported : undefined,
        pictures: await readPictures(folder),
      };
    } finally {
      removeRunFolder(folder);
    }
  }

  /** A variable can change how an interpreter starts, and so can the folder that it starts in. */
  #canBeReady({ program, env, cwd }: RunRequest): boolean {
    return canWaitFor(program) && Object.keys(env).length === 0 && cwd === this.#root;
  }

  #startOf(environment: Environment, extra: RunRequest['env']): Omit<Start, 'args' | 'cwd'> {
    const env = childEnvironment({
      venv: environment.isVenv ? environment : undefined,
      // Without a display, and with one on somebody else's machine, a window helps nobody: see python/figures.py.
      extra: { MPLBACKEND: 'Agg', ...extra },
    });
    // `python -m pip install` is a program like any other, but a base interpreter is never modified.
    if (!environment.isVenv) env['PIP_REQUIRE_VIRTUALENV'] = '1';
    const path = [supportFolder, variableIn(env, 'PYTHONPATH') ?? ''].filter((entry) => entry !== '').join(delimiter);
    return {
      command: environment.python,
      marksItself: true,
      env: withVariables(env, { PYTHONPATH: path, PYTHON_TOOLS_ROOT: this.#root }),
    };
  }
}

/** A call of `sys.exit` may have been caught, and the program have ended later and in another way: then no message was printed. */
function endedProgram({ type, message }: UncaughtException, { exitCode, stderr }: ProcessOutcome): boolean {
  const [firstLine = ''] = message.split(/\r?\n/, 1);
  return type !== 'SystemExit' || (exitCode === 1 && textOf(stderr).includes(firstLine.slice(0, 200)));
}
