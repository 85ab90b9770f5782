import { EventEmitter } from 'node:events';

/** Where a test has Windows programs started. */
export interface Starter {
  readonly start: (
    command: string,
    args: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
  ) => WindowsProcess;
  /** @returns whether a process of this id of Windows runs. */
  readonly isAlive: (pid: number) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** How a process is reached. */
export interface Means {
  readonly write: (data: string) => void;
  readonly endInput: () => void;
  readonly end: () => void;
}

/** A process on Windows, wherever the test runs. */
export class WindowsProcess {
  readonly #events = new EventEmitter<{ stdout: [Buffer]; stderr: [Buffer]; exited: [number | null] }>();
  readonly #means: Means;
  /** The exit code; null where it was ended, or did not start. */
  readonly exited: Promise<number | null>;
  /** What it wrote there so far. */
  stderr = '';

  constructor(means: Means) {
    this.#means = means;
    this.exited = new Promise((resolve) => this.#events.once('exited', resolve));
    this.#events.on('stderr', (data) => (this.stderr += data.toString()));
  }

  onStdout(listener: (data: Buffer) => void): void {
    this.#events.on('stdout', listener);
  }

  write(data: string): void {
    this.#means.write(data);
  }

  /** Closes its standard input. */
  endInput(): void {
    this.#means.endInput();
  }

  /** Ends it, and nothing that it started. */
  end(): void {
    this.#means.end();
  }

  /** For the starter: what came of it. */
  readonly heard = {
    output: (stream: 'stdout' | 'stderr', data: Buffer): void => void this.#events.emit(stream, data),
    exited: (code: number | null): void => void this.#events.emit('exited', code),
  };
}
