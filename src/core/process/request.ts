import type { CapturedOutput } from './capture';

/** A process to start. Nothing is inherited that is not named here. */
export interface ProcessRequest {
  /** The executable: an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** An existing directory, absolute. */
  readonly cwd: string;
  /** The complete environment of the process; see `childEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it takes its mark by itself where it finds `PYTHON_TOOLS_MARK`; see python/_python_tools_start.py. Default: false. */
  readonly marksItself?: boolean;
  /** Whether it only answers a question, such as for its version: nothing is started to keep it. Default: false. */
  readonly isQuestion?: boolean;
  /** What the process reads from standard input, which is then closed. Default: empty. */
  readonly stdin?: string;
  /** After this many milliseconds the process and all it started are ended. Default: no limit. */
  readonly timeoutMs?: number;
  /** Ends the process and all it started as soon as it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Sees each piece of output as it arrives, before it is captured. */
  readonly onOutput?: ((stream: 'stdout' | 'stderr', chunk: Buffer) => void) | undefined;
  /** Whether output beyond the memory bound is kept in a file outside the project. Default: true. */
  readonly spill?: boolean;
}

/** How a process ended, and all that it wrote until then. */
export interface ProcessOutcome {
  /** `exited`: by itself, whatever the exit code or signal. */
  readonly ending: 'exited' | 'timed_out' | 'cancelled';
  /** The exit code; null where a signal ended the process. */
  readonly exitCode: number | null;
  /** The signal that ended the process (also after a timeout or a cancel), else null. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  /** From the start of the process until it ended, in milliseconds. */
  readonly durationMs: number;
  /** Processes that were still alive when the process had ended by itself, and were ended. */
  readonly backgroundProcessesEnded: number;
}
