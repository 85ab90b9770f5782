import { once } from 'node:events';
import { Socket } from 'node:net';
import { errors } from '../errors';
import { followProcess } from './followProcess';
import { lastPid, linuxProcesses, linuxProcessesSince } from './linuxProcesses';
import { whileLiving } from './living';
import { processEnded } from './observe';
import { membersOf } from './processTable';
import type { ProcessOutcome, ProcessRequest } from './request';
import type { Run } from './run';
import { startProcess, type Start, type Started } from './startProcess';

/**
 * A process that was started ahead of its use, and waits for its standard input. It says that it does by closing its
 * file descriptor 3. It keeps no event loop alive.
 */
export class WaitingProcess {
  readonly #child: Started;
  readonly #run: Run;
  /** Whether it was seen to have started nothing by itself. */
  #alone = false;

  private constructor(child: Started, run: Run) {
    this.#child = child;
    this.#run = run;
    whileLiving(run, once(child, 'exit')).catch(() => undefined);
    this.#hold(false);
    const [, , , waiting] = child.stdio;
    if (waiting instanceof Socket) {
      waiting.resume().once('end', () => {
        this.#alone = startedNothing(run);
      });
    }
  }

  /** @throws ToolError where it cannot be started. */
  static async start(request: Start): Promise<WaitingProcess> {
    const { child, run } = await startProcess(request, ['pipe']);
    return new WaitingProcess(child, run);
  }

  get isAlive(): boolean {
    return !this.#run.hasEnded();
  }

  /**
   * Gives it its input, once, and returns how it ended, as `runProcess` does for a process that it starts.
   * @param request what such a process would be started with; only its input and its limits are still of effect.
   */
  async run(request: ProcessRequest): Promise<ProcessOutcome> {
    if (request.signal?.aborted === true) {
      await this.end();
      throw errors.cancelled('The call', 'Nothing was started.');
    }
    this.#hold(true);
    const run = { ...this.#run, lastPid: this.#alone ? lastPid() : undefined, started: performance.now() };
    this.#child.stdin.end(request.stdin ?? '');
    const outcome = await whileLiving(run, followProcess(request, this.#child, run));
    processEnded(request, outcome);
    return outcome;
  }

  /** Ends it unused. @returns once it has ended. */
  async end(): Promise<void> {
    const exited = this.isAlive ? once(this.#child, 'exit') : undefined;
    this.#child.kill('SIGKILL');
    for (const pipe of this.#child.stdio) pipe?.destroy();
    await exited;
  }

  #hold(loop: boolean): void {
    for (const part of [this.#child, ...this.#child.stdio]) {
      if (part === this.#child || part instanceof Socket) part[loop ? 'ref' : 'unref']();
    }
  }
}

function startedNothing(run: Run): boolean {
  if (process.platform !== 'linux') return false;
  const listed = linuxProcessesSince(run) ?? linuxProcesses(run);
  return membersOf(run.pid, listed).size === 1;
}
