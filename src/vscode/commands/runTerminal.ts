import { EventEmitter, ThemeIcon, window, type Pseudoterminal, type Terminal } from 'vscode';
import type { RunOutcome, RunRequest } from '../../core/runner/PythonRunner';
import { errorForPeople } from '../errorForPeople';
import { errors, isToolError } from '../../core/errors';
import { dim, exitLine, forTerminal, red, TerminalText } from './terminalText';

/** About twice a frame: more often helps nobody, and every piece costs a message between two processes. */
const flushMs = 30;
const ctrlC = '\u0003';

/** What a run needs from its terminal. */
export type RunIO = Pick<RunRequest, 'signal' | 'onOutput' | 'env'>;

export interface ShownRun {
  readonly title: string;
  /** Said before the output, a line each. */
  readonly opening: readonly string[];
  readonly run: (io: RunIO) => Promise<RunOutcome>;
  /** What else is to be said at the end, a line each. */
  readonly closing: (outcome: RunOutcome) => Promise<readonly string[]>;
}

/** A terminal that shows one run as it happens. Ctrl+C and closing it end the run with all that it started. */
export class RunTerminal {
  readonly #abort = new AbortController();
  readonly #terminal: Terminal;
  /** Settles when the run and all that it started have ended. */
  readonly finished: Promise<void>;

  /** @param after what has to end before it starts. */
  constructor(shown: ShownRun, after: Promise<unknown>) {
    const written = new EventEmitter<string>();
    let finish = (): void => undefined;
    this.finished = new Promise((resolve) => (finish = resolve));
    let running = false;
    const pty: Pseudoterminal = {
      onDidWrite: written.event,
      open: (size) => {
        const env: Record<string, string> = size ? { COLUMNS: String(size.columns), LINES: String(size.rows) } : {};
        const write = (text: string): void => {
          written.fire(text);
        };
        running = true;
        void after
          .then(async () => {
            await this.#follow(shown, env, write);
          })
          .finally(finish);
      },
      close: () => {
        this.stop();
        if (!running) finish();
      },
      handleInput: (input) => {
        if (input.includes(ctrlC)) this.stop();
      },
    };
    this.#terminal = window.createTerminal({
      name: shown.title,
      pty,
      iconPath: new ThemeIcon('play'),
      isTransient: true,
    });
    this.#terminal.show(true);
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Stops the run and takes the terminal away. */
  dispose(): void {
    this.stop();
    this.#terminal.dispose();
  }

  async #follow(shown: ShownRun, env: Record<string, string>, write: (text: string) => void): Promise<void> {
    const text = new TerminalText();
    let timer: NodeJS.Timeout | undefined;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      write(text.take());
    };
    for (const line of shown.opening) write(`${dim(forTerminal(line))}\r\n`);
    try {
      const outcome = await shown.run({
        signal: this.#abort.signal,
        env,
        onOutput: (stream, chunk) => {
          text.add(stream, chunk);
          timer ??= setTimeout(flush, flushMs);
        },
      });
      flush();
      write(`\r\n${exitLine(outcome)}\r\n`);
      for (const line of await shown.closing(outcome)) write(`${dim(forTerminal(line))}\r\n`);
    } catch (thrown) {
      flush();
      const error = isToolError(thrown) ? thrown : errors.internal(thrown);
      write(`${red(forTerminal(errorForPeople(error).text))}\r\n`);
    }
  }
}
