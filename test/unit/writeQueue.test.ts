import assert from 'node:assert/strict';
import { WriteQueue } from '../../src/core/writeQueue';

const gate = (): { promise: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
};

describe('the queue of writers', () => {
  it('lets one after the other work on the same environment, a failure included', async () => {
    const queue = new WriteQueue();
    const order: string[] = [];
    const first = gate();
    const works = [
      queue.run('venv', undefined, async () => {
        await first.promise;
        order.push('first');
      }),
      queue.run('venv', undefined, () => Promise.reject(new Error('second'))),
      queue.run('venv', undefined, () => Promise.resolve(order.push('third'))),
    ];
    first.open();
    const results = await Promise.allSettled(works);
    assert.deepEqual(order, ['first', 'third']);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('lets writers on different environments work at once', async () => {
    const queue = new WriteQueue();
    const first = gate();
    const waiting = queue.run('a', undefined, () => first.promise);
    await queue.run('b', undefined, () => Promise.resolve());
    first.open();
    await waiting;
  });

  it('lets a caller who cancels leave at once, and the others keep their turns', async () => {
    const queue = new WriteQueue();
    const first = gate();
    const cancel = new AbortController();
    const order: string[] = [];
    const waiting = queue.run('venv', undefined, async () => {
      await first.promise;
      order.push('first');
    });
    const cancelled = queue.run('venv', cancel.signal, () => Promise.resolve(order.push('cancelled')));
    const last = queue.run('venv', undefined, () => Promise.resolve(order.push('last')));
    cancel.abort();
    await assert.rejects(cancelled, { kind: 'cancelled' });
    assert.deepEqual(order, []);
    first.open();
    await Promise.all([waiting, last]);
    assert.deepEqual(order, ['first', 'last']);
  });
});
