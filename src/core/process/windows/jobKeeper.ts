import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import { win32 } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../environment';
import { jobKeeperProgram } from './jobKeeperProgram';

/** The job object of Windows that holds a process that was started and all that this starts. */
export interface Job {
  /** Whether the process is known to be in it. */
  readonly isHeld: boolean;
  /**
   * Ends what is left of it, after it had `graceMs` to end by itself.
   * @returns how many processes were ended; undefined where the process is not in the job, or that cannot be reached.
   */
  end(graceMs: number): Promise<number | undefined>;
}

/** A Python starts within 0.1 s, where a virus scanner looks at it first within some more. */
const startLimitMs = 5000;

type Keeper = ChildProcessByStdio<Writable, Readable, null>;

let python: string | undefined;
let keeper: JobKeeper | undefined;
/** Pythons that ended without an answer. */
const useless = new Set<string>();

/**
 * Says which Python may keep job objects on Windows, where one is known; the first that can serves until this process
 * ends. It must be a base interpreter, since a venv whose python runs cannot be deleted, and one that may be run.
 */
export function offerJobKeeper(basePython: string | undefined): void {
  if (process.platform === 'win32' && basePython !== undefined && !useless.has(basePython)) python ??= basePython;
}

/**
 * Waits until jobs are kept, before a process is started: what that starts before it is in its job is not in there either.
 * Starts what keeps them where it does not run yet; elsewhere, and where no Python is known yet, there is nothing to wait
 * for.
 */
export async function jobsAreKept(): Promise<void> {
  await startedKeeper()?.ready;
}

/** @returns the job of a process that was just started; undefined where none are kept. */
export const jobOf = (pid: number): Job | undefined => startedKeeper()?.keep(pid);

/** @returns all processes as pid and path of the executable; none where they cannot be listed. */
export async function listedProcesses(): Promise<readonly (readonly [number, string])[]> {
  const answer = await startedKeeper()?.ask('list');
  const listed: unknown = answer === undefined ? [] : JSON.parse(answer);
  return Array.isArray(listed) ? listed.filter(isListed) : [];
}

const isListed = (entry: unknown): entry is readonly [number, string] =>
  Array.isArray(entry) && typeof entry[0] === 'number' && typeof entry[1] === 'string';

function startedKeeper(): JobKeeper | undefined {
  // What an ended one kept has ended with it.
  if (keeper?.hasEnded === true && !keeper.hasAnswered) giveUp();
  if (python === undefined || keeper?.hasEnded === false) return keeper;
  try {
    return (keeper = new JobKeeper(python));
  } catch {
    giveUp(); // It cannot be started.
    return undefined;
  }
}

/** Another Python may be offered. */
function giveUp(): void {
  if (python !== undefined) useless.add(python);
  python = keeper = undefined;
}

/** One process that makes job objects for this one, and ends when this one does. */
class JobKeeper {
  readonly #process: Keeper;
  readonly #waiting = new Map<string, (answer: string | undefined) => void>();
  #requests = 0;
  #jobs = 0;
  hasEnded = false;
  hasAnswered = false;
  /** Settles once it has answered, has ended, or took too long to be waited for. */
  readonly ready: Promise<unknown>;

  constructor(executable: string) {
    this.#process = spawn(executable, ['-I', '-S', '-c', jobKeeperProgram], {
      cwd: win32.dirname(executable),
      env: childEnvironment({ isTool: true }),
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
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
    this.ready = Promise.race([this.ask('hello'), delay(startLimitMs, undefined, { ref: false })]);
  }

  keep(pid: number): Job {
    const job = ++this.#jobs;
    let isHeld = false;
    const kept = this.ask(`keep ${job} ${pid}`).then((answer) => (isHeld = answer === 'held'));
    return {
      get isHeld() {
        return isHeld;
      },
      end: async (graceMs) => {
        if (!(await kept)) return undefined;
        const answer = await this.ask(`end ${job} ${graceMs}`);
        return answer === undefined ? undefined : Number(answer);
      },
    };
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
