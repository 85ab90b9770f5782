import type { RunOutcome } from '../../core/runner/PythonRunner';

/** Characters that wait for the terminal at most: with one take in 30 ms, 4 MB/s, which a window can show. */
const mostPending = 128 * 1024;

/**
 * Output of a process on its way to a terminal: decoded, with the line ends that a terminal wants, and bounded, since
 * nothing tells a program that prints faster than the window can draw to wait.
 */
export class TerminalText {
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #pending = '';
  #leftOut = 0;

  add(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this.#pending += forTerminal(this.#decoders[stream].decode(chunk, { stream: true }));
    const tooMany = this.#pending.length - mostPending;
    if (tooMany <= 0) return;
    this.#leftOut += tooMany;
    this.#pending = this.#pending.slice(tooMany);
  }

  /** @returns what was added since the last time. */
  take(): string {
    const gap = this.#leftOut > 0 ? `\r\n${dim(`… ${this.#leftOut} characters left out …`)}\r\n` : '';
    const text = gap + this.#pending;
    this.#pending = '';
    this.#leftOut = 0;
    return text;
  }
}

/** @returns text with the line ends of a terminal in raw mode. */
export const forTerminal = (text: string): string => text.replaceAll('\n', '\r\n');

const colored = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
export const dim = colored(2);
export const red = colored(31);
const green = colored(32);
const yellow = colored(33);

/** @returns the last line of a run: how it ended, after how long, coloured. */
export function exitLine(outcome: Pick<RunOutcome, 'ending' | 'exitCode' | 'signal' | 'durationMs'>): string {
  const { ending, exitCode, signal, durationMs } = outcome;
  const time = durationMs < 1000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1000).toFixed(1)} s`;
  if (ending !== 'exited') return yellow(`■ stopped after ${time}`);
  if (signal !== null) return red(`✘ ended by ${signal} after ${time}`);
  return exitCode === 0 ? green(`✔ finished in ${time}`) : red(`✘ exit code ${exitCode ?? '?'} after ${time}`);
}
