import { randomUUID } from 'node:crypto';
import { delimiter } from 'node:path';
import type { Environment } from '../environment';
import { childEnvironment, variableIn, withVariables } from '../process/environment';
import { inheritedVariables } from '../process/inheritedVariables';
import { offerKeeper } from '../process/keeper';
import { defaultSettings, type RunEnvironment, type Settings } from '../settings';
import { textOf } from '../process/capture';
import type { ProcessOutcome, ProcessRequest } from '../process/request';
import { runProcess } from '../process/runProcess';
import type { Start } from '../process/startProcess';
import { watchBase } from './baseChanges';
import { readPictures } from './pictures';
import { commandLine, type Program } from './program';
import { canWaitFor, interpretersWait, order, ReadyInterpreter } from './readyInterpreter';
import { makeRunFolder, removeRunFolder, supportFolder, wasRefused } from './runFolder';
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
  /** What the caller should know besides. */
  readonly notes: readonly string[];
}

/** Runs Python programs of one folder. */
export class PythonRunner {
  readonly #root: string;
  readonly #settings: () => RunSettings;
  readonly #ready: ReadyInterpreter;
  #running = 0;

  /**
   * @param root the folder, absolute; inline code finds it on `sys.path`.
   * @param settings read anew for each run. Default: all variables, and no interpreter that waits.
   */
  constructor(root: string, settings = (): RunSettings => ({ ...defaultSettings, keepInterpreterReady: false })) {
    this.#root = root;
    this.#settings = settings;
    this.#ready = new ReadyInterpreter(async (environment) => ({
      ...(await this.#startOf(environment, {})),
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
    const changes = hasOwnPackages(environment) ? undefined : watchBase(environment);
    try {
      const outcome = await this.#run(environment, request);
      const change = changes?.();
      return { ...outcome, notes: change === undefined ? [] : [change] };
    } finally {
      if (--this.#running === 0 && interpretersWait() && this.#settings().keepInterpreterReady)
        this.#ready.used(environment);
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

  async #run(environment: Environment, request: RunRequest): Promise<Omit<RunOutcome, 'notes'>> {
    const { env, ...start } = await this.#startOf(environment, request.env);
    const ready = this.#canBeReady(request) ? await this.#ready.take({ ...start, env, cwd: request.cwd }) : undefined;
    const folder = makeRunFolder(request.program);
    try {
      const cold = {
        ...request,
        ...start,
        args: [...commandLine(request.program), ...request.args],
        env: { ...env, PYTHON_TOOLS_RUN_FOLDER: folder },
      };
      const word = randomUUID();
      const stdin = `${order(folder, word, request.program, request.args)}${request.stdin ?? ''}`;
      const warm = await ready?.run({ ...cold, stdin });
      const outcome = warm && !wasRefused(folder, word) ? warm : await runProcess(cold);
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

  /** Loaded only where a file is named: most folders have none. */
  async #fileVariables({ file }: RunEnvironment): Promise<Record<string, string>> {
    if (file === '') return {};
    const { readEnvFile } = await import('./envFile');
    return await readEnvFile(this.#root, file);
  }

  /** A variable can change how an interpreter starts, and so can the folder that it starts in. */
  #canBeReady({ program, env, cwd }: RunRequest): boolean {
    return canWaitFor(program) && Object.keys(env).length === 0 && cwd === this.#root;
  }

  async #startOf(environment: Environment, extra: RunRequest['env']): Promise<Omit<Start, 'args' | 'cwd'>> {
    const { runEnvironment } = this.#settings();
    const env = childEnvironment({
      host: inheritedVariables(process.env, runEnvironment),
      venv: environment.isVenv ? environment : undefined,
      // Without a display, and with one on somebody else's machine, a window helps nobody: see python/figures.py.
      extra: { MPLBACKEND: 'Agg', ...(await this.#fileVariables(runEnvironment)), ...extra },
    });
    const path = [supportFolder, variableIn(env, 'PYTHONPATH') ?? ''].filter((entry) => entry !== '').join(delimiter);
    return {
      command: environment.python,
      marksItself: true,
      env: withVariables(env, {
        PYTHONPATH: path,
        PYTHON_TOOLS_ROOT: this.#root,
        // A program may run a pip, its own or another Python's; a base Python is never modified.
        PIP_REQUIRE_VIRTUALENV: '1',
        ...(hasOwnPackages(environment) ? {} : { PYTHON_TOOLS_GUARD: '1' }),
      }),
    };
  }
}

const hasOwnPackages = ({ isVenv, mayBeBase }: Environment): boolean => isVenv && mayBeBase !== true;

/** What of the settings matters to runs. */
type RunSettings = Pick<Settings, 'keepInterpreterReady' | 'runEnvironment'>;

/** A call of `sys.exit` may have been caught, and the program have ended later and in another way: then no message was printed. */
function endedProgram({ type, message }: UncaughtException, { exitCode, stderr }: ProcessOutcome): boolean {
  const [firstLine = ''] = message.split(/\r?\n/, 1);
  return type !== 'SystemExit' || (exitCode === 1 && textOf(stderr).includes(firstLine.slice(0, 200)));
}
