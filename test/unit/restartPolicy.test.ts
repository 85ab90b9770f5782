import assert from 'node:assert/strict';
import { RestartPolicy } from '../../src/core/languageServers/restartPolicy';

describe('A server that ends by itself', () => {
  it('is started again, later each time', () => {
    const policy = new RestartPolicy();
    assert.deepEqual(
      [0, 1000, 2000, 3000].map((time) => policy.ended(time)),
      [500, 1000, 2000, 4000],
    );
  });

  it('is left off at the fifth time within three minutes', () => {
    const policy = new RestartPolicy();
    const times = [0, 40_000, 80_000, 120_000, 179_999];
    assert.equal(times.map((time) => policy.ended(time)).at(-1), undefined);
  });

  it('is not left off where that took longer', () => {
    const policy = new RestartPolicy();
    const times = [0, 50_000, 100_000, 150_000, 200_000, 250_000, 300_000];
    assert.ok(times.map((time) => policy.ended(time)).every((delay) => delay !== undefined));
  });

  it('counts anew once somebody asks for it', () => {
    const policy = new RestartPolicy();
    for (let time = 0; time < 5; time++) policy.ended(time);
    policy.forget();
    assert.equal(policy.ended(10), 500);
  });
});
