import assert from 'node:assert/strict';
import { lazily } from '../../src/core/lazily';

describe('what is made on first use', () => {
  it('is made once, however many ask for it at a time', async () => {
    let made = 0;
    const get = lazily(() => Promise.resolve(++made));
    assert.equal(made, 0);
    assert.deepEqual(await Promise.all([get(), get(), get()]), [1, 1, 1]);
  });

  it('is tried again where the making failed', async () => {
    let tries = 0;
    const get = lazily(() => (++tries === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve('made')));
    await assert.rejects(get(), /not yet/);
    assert.equal(await get(), 'made');
  });
});
