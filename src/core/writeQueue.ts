import { once } from 'node:events';
import { processErrors } from './failures/processErrors';

/**
 * Lets one writer at a time work on an environment; readers and runs do not wait. A caller that cancels while it waits
 * leaves the queue at once.
 */
export class WriteQueue {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Works once everybody who came before for the same key is done, whatever became of them.
   * @throws ToolError cancelled, where the caller cancels while it waits; and what `work` throws.
   */
  async run<T>(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const { promise: left, resolve: leave } = withResolvers();
    const mine = before.then(async () => {
      await left;
    });
    this.#last.set(key, mine);
    try {
      await unlessCancelled(before, signal);
      return await work();
    } finally {
      leave();
      void mine.then(() => {
        if (this.#last.get(key) === mine) this.#last.delete(key);
      });
    }
  }
}

async function unlessCancelled(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const cancelled = (): Error => processErrors.cancelled('The call', 'It had not started.');
  if (!signal) {
    await turn;
    return;
  }
  if (signal.aborted) throw cancelled();
  const done = new AbortController();
  const aborted = once(signal, 'abort', { signal: done.signal }).then(
    () => Promise.reject(cancelled()),
    () => undefined, // The turn came first.
  );
  try {
    await Promise.race([turn, aborted]);
  } finally {
    done.abort();
  }
}

function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
