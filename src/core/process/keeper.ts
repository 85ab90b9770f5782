import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from './environment';
import { markerPrefix } from './marker';
import { runKeeperProgram } from './runKeeperProgram';
import { jobKeeperProgram } from './windows/jobKeeperProgram';

/** A Python starts within 0.1 s, where a virus scanner looks at it first within some more. */
const startLimitMs = 5000;

let python: string | undefined;
let keeper: Keeper | undefined;
/** Pythons that ended without an answer. */
const useless = new Set<string>();

/**
 * Says which Python may keep runs, where one is known that may be run: it does what Node.js cannot, and ends all runs when
 * this process ends, even by SIGKILL. The first that can serves until then. On Windows it must be a base interpreter, since
 * a venv whose python runs cannot be deleted.
 */
export function offerKeeper({ base, python: own }: { readonly base?: string; readonly python?: string }): void {
  const offered = base ?? (process.platform === 'win32' ? undefined : own);
  if (offered !== undefined && !useless.has(offered)) python ??= offered;
}

/** @returns what keeps runs, started where it does not run yet; undefined where no Python is known that can. */
export function startedKeeper(): Keeper | undefined {
  // What an ended one kept on Windows has ended with it.
  if (keeper?.hasEnded === true && !keeper.hasAnswered) giveUp();
  if (python === undefined || keeper?.hasEnded === false) return keeper;
  try {
    return (keeper = new Keeper(python));
  } catch {
    giveUp(); // It cannot be started.
    return undefined;
  }
}

/** Whether what keeps runs can be asked without a wait. */
export const keeperIsReady = (): boolean => keeper?.hasEnded === false && keeper.hasAnswered;

/** Another Python may be offered. */
function giveUp(): void {
  if (python !== undefined) useless.add(python);
  python = keeper = undefined;
}

/** One process that answers requests, one a line, and ends when this one does. */
export class Keeper {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<string, (answer: string | undefined) => void>();
  #requests = 0;
  hasEnded = false;
  hasAnswered = false;
  /** Settles once it has answered, has ended, or took too long to be waited for. */
  readonly ready: Promise<unknown>;

  /** @throws where it cannot be started. */
  constructor(python: string) {
    // A venv's python is a link to its base: a keeper is no user of the venv.
    const executable = process.platform === 'win32' ? python : realpathSync(python);
    const program = process.platform === 'win32' ? jobKeeperProgram : runKeeperProgram;
    this.#process = spawn(executable, ['-I', '-S', '-c', program], {
      cwd: dirname(executable),
      env: childEnvironment({ isTool: true }),
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      // It ends what is left after whatever ended this process and its group: Ctrl+C, a terminal that closes.
      detached: process.platform !== 'win32',
    });
    this.#process.on('error', () => {
      this.#end();
    });
    this.#process.once('exit', () => {
      this.#end();
    });
    this.#process.stdin.on('error', () => undefined);
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.hasAnswered = true;
      const [number = '', answer = ''] = line.split(/ (.*)/, 2);
      this.#settle(number, answer);
    });
    this.#hold(false);
    this.ready = Promise.race([this.ask(`hello ${markerPrefix}`), delay(startLimitMs, undefined, { ref: false })]);
  }

  /** @returns the answer to a request; undefined where there will be none. */
  async ask(request: string): Promise<string | undefined> {
    if (this.hasEnded) return undefined;
    const number = String(++this.#requests);
    return await new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#hold(true);
      this.#process.stdin.write(`${number} ${request}\n`);
    });
  }

  /** Asks for what needs no answer. */
  tell(request: string): void {
    if (!this.hasEnded) this.#process.stdin.write(`${++this.#requests} ${request}\n`);
  }

  #settle(number: string, answer: string | undefined): void {
    this.#waiting.get(number)?.(answer);
    this.#waiting.delete(number);
    if (this.#waiting.size === 0) this.#hold(false);
  }

  #end(): void {
    this.hasEnded = true;
    for (const number of [...this.#waiting.keys()]) this.#settle(number, undefined);
  }

  /** Keeps the event loop alive for as long as somebody waits for an answer. */
  #hold(loop: boolean): void {
    const { stdin, stdout } = this.#process;
    for (const part of [this.#process, stdin, stdout]) {
      if (part === this.#process || part instanceof Socket) part[loop ? 'ref' : 'unref']();
    }
  }
}
