import { environmentErrors } from './failures/environmentErrors';
import { processErrors } from './failures/processErrors';
import { isToolError } from './toolError';
import type { HeldLock } from './files/processLock';
import { placeKey } from './pathIdentity';
import { WriteQueue } from './writeQueue';

/** How a call that waits is followed and ended. */
export interface WaitControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

export interface EnvironmentWritesOptions {
  /** Where the locks between processes are, absolute. Default: in the user's cache, where nobody else can put one. */
  readonly locks?: (() => string) | undefined;
  /** How long a call waits for another process. Default: a little more than an install may take. */
  readonly limitMs?: number;
}

const elevenMinutes = 660_000;

/**
 * Lets one writer at a time work on an environment, in all processes of this user: first one of this process, then one
 * of all.
 */
export class EnvironmentWrites {
  readonly #queue = new WriteQueue();
  readonly #locks: (() => string) | undefined;
  readonly #limitMs: number;

  constructor({ locks, limitMs = elevenMinutes }: EnvironmentWritesOptions = {}) {
    this.#locks = locks;
    this.#limitMs = limitMs;
  }

  /**
   * @param path of the environment, absolute; it need not exist.
   * @param named the same for people.
   * @throws ToolError cancelled, or timeout with the process that has the lock; and what `work` throws.
   */
  async run<T>(path: string, named: string, control: WaitControl, work: () => Promise<T>): Promise<T> {
    const key = placeKey(path);
    return await this.#queue.run(key, control.signal, async () => {
      const lock = await this.#lock(key, named, control);
      try {
        return await work();
      } finally {
        lock?.release();
      }
    });
  }

  /** @returns undefined where there is no place for locks: better without than not at all. */
  async #lock(key: string, named: string, { signal, onProgress }: WaitControl): Promise<HeldLock | undefined> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, this.#limitMs).unref();
    let holder: number | undefined;
    try {
      const { acquireLock } = await import('./files/processLock');
      const { privateFolder } = await import('./files/privateFolder');
      return await acquireLock({
        key,
        folder: this.#locks?.() ?? privateFolder('locks'),
        signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
        onWait: (pid) => {
          holder = pid;
          onProgress?.(`Waiting for process ${pid}, which changes "${named}"`);
        },
      });
    } catch (error) {
      if (signal?.aborted) throw processErrors.cancelled('The call', 'It had not started.');
      if (limit.signal.aborted) throw environmentErrors.environmentBusy(named, holder, this.#limitMs);
      if (isToolError(error)) throw error;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
