import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * For loops of synchronous file operations, which are several times faster than promised ones but hold the event loop.
 * @returns a function to call in each round: a promise to await once the loop has run for `ms`, else undefined.
 */
export function takingTurns(ms = 3): () => Promise<void> | undefined {
  let started = performance.now();
  return () => {
    if (performance.now() - started < ms) return undefined;
    return nextTurn().then(() => {
      started = performance.now();
    });
  };
}

/** Runs `work` over all items, at most `limit` at a time. @throws the first failure, after which nothing new is started. */
export async function inParallel<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !failed; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
