import { readdir, stat } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../environment';
import type { Start } from '../process/startProcess';
import { WaitingProcess } from '../process/waitingProcess';
import { bootCommand, commandLine, type Program } from './program';

/** After this time without a run a folder is not in use, and its interpreter is ended. */
const idleMs = 120_000;
/** Lets the answer of a run leave before the interpreter for the next one is started. */
const pauseMs = 5;
/** Bytes that must be free: an interpreter that waits takes about 8 MB. */
const leastMemory = 512 * 1024 ** 2;

/** An interpreter that waits. */
interface Kept {
  readonly process: WaitingProcess;
  /** What it was started with: its variables can be others by the next run. */
  readonly start: Omit<Start, 'args'>;
  /** What it has read, and when that was written. */
  readonly files: readonly string[];
  readonly stamp: string;
}

/**
 * Keeps one interpreter of a folder's environment started and waiting, for as long as the folder is in use: from the
 * second run in two minutes on. Each is used for one run. It is thrown away when the environment has changed since.
 */
export class ReadyInterpreter {
  readonly #start: (environment: Environment) => Promise<Omit<Start, 'args'>>;
  #kept: Promise<Kept | undefined> = Promise.resolve(undefined);
  #lastUse: number | undefined;
  #next: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** @param start says how an interpreter is started. */
  constructor(start: (environment: Environment) => Promise<Omit<Start, 'args'>>) {
    this.#start = start;
  }

  /**
   * @param start what one that is started now would be started with.
   * @returns the interpreter that waits, for the caller alone; undefined where none does or it is not the right one.
   */
  async take(start: Omit<Start, 'args'>): Promise<WaitingProcess | undefined> {
    clearTimeout(this.#next);
    const taken = this.#kept;
    this.#kept = Promise.resolve(undefined);
    const kept = await taken;
    if (!kept) return undefined;
    const fits =
      kept.process.isAlive && isDeepStrictEqual(kept.start, start) && kept.stamp === (await stampOf(kept.files));
    if (fits) return kept.process;
    void kept.process.end();
    return undefined;
  }

  /** Says that a run has ended: where it was not the first, an interpreter for the next one is started soon. */
  used(environment: Environment): void {
    const before = this.#lastUse;
    this.#lastUse = performance.now();
    clearTimeout(this.#next);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.discard(), idleMs).unref();
    if (before === undefined || this.#lastUse - before > idleMs || freemem() < leastMemory) return;
    this.#next = setTimeout(() => void this.prepare(environment), pauseMs).unref();
  }

  /** Starts an interpreter for the next run, where none waits. */
  async prepare(environment: Environment): Promise<void> {
    this.#kept = this.#kept.then(async (kept) => kept ?? (await this.#started(environment)));
    await this.#kept;
  }

  /** Ends the interpreter that waits, if one does. @returns once it has ended. */
  async discard(): Promise<void> {
    clearTimeout(this.#next);
    clearTimeout(this.#idle);
    const kept = this.#kept;
    this.#kept = Promise.resolve(undefined);
    await (await kept)?.process.end();
  }

  async #started(environment: Environment): Promise<Kept | undefined> {
    const files = await startupFiles(environment);
    const stamp = await stampOf(files);
    try {
      const start = await this.#start(environment);
      const process = await WaitingProcess.start({
        ...start,
        args: ['-c', bootCommand],
        env: { ...start.env, PYTHON_TOOLS_WAIT: '1' },
      });
      return { process, start, files, stamp };
    } catch {
      return undefined; // The next run says why its interpreter cannot be started.
    }
  }
}

/**
 * @returns whether interpreters wait on a system. Not on Windows: it tells of the end of a start by a file descriptor
 * that is not handed on there, and its executable could not be deleted while it waits.
 */
export const interpretersWait = (platform = process.platform): boolean => platform !== 'win32';

/** @returns whether a waiting interpreter can run it as one that is started for it would. */
export const canWaitFor = (program: Program, platform = process.platform): boolean =>
  interpretersWait(platform) && (program.kind !== 'file' || /\.pyw?$/i.test(program.path));

/**
 * @param word what the interpreter says where it refuses the order.
 * @returns what a waiting interpreter reads first; see python/_python_tools_ready.py.
 */
export function order(folder: string, word: string, program: Program, args: readonly string[]): string {
  const fields = [folder, word, program.kind, ...commandLine(program).slice(-1), ...args]
    .map((field) => `${field}\0`)
    .join('');
  return `${String(Buffer.byteLength(fields)).padStart(8, '0')}${fields}`;
}

/** @returns the files that an interpreter reads as it starts, and the folders that it looks for them in. */
async function startupFiles({ path, python, libraries }: Environment): Promise<string[]> {
  const folders = [...libraries.own, ...libraries.inherited];
  const pathFiles = folders.map(async (folder) => {
    const names = await readdir(folder).catch((): string[] => []);
    return names.filter((name) => name.endsWith('.pth')).map((name) => join(folder, name));
  });
  return [python, join(path, 'pyvenv.cfg'), ...folders, ...(await Promise.all(pathFiles)).flat()];
}

/** @returns a text that is another one when one of the files has changed. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = files.map(async (file) => {
    const facts = await stat(file, { bigint: true }).catch(() => undefined);
    return facts ? `${facts.ino}@${facts.mtimeNs}` : '-';
  });
  return (await Promise.all(stamps)).join(' ');
}
