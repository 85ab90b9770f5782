import assert from 'node:assert/strict';
import { compareInTurn } from '../bench/peers/compareInTurn';

const effort = { least: 3, most: 3, milliseconds: 0 };
const taking = (value: number) => () => Promise.resolve(value);

/** @returns a measure that goes well so many times. */
function failingAfter(times: number): () => Promise<number> {
  let calls = 0;
  return () => (++calls > times ? Promise.reject(new Error('it answers nonsense')) : Promise.resolve(1));
}

describe('Servers compared in turn', () => {
  it('have their medians and how many times ours these are', async () => {
    const { ours, peers } = await compareInTurn(taking(10), [{ server: 'other', measure: taking(25) }], effort);
    const samples = { median: 25, low: 25, high: 25, rounds: 3 };
    assert.equal(ours.median, 10);
    assert.deepEqual(peers, [{ server: 'other', samples, ratio: 2.5 }]);
  });

  it('have no figure, but a reason, where an answer was wrong, the last as well as the first', async () => {
    const contenders = [
      { server: 'absent', failure: 'it does not start' },
      { server: 'at once', measure: failingAfter(0) },
      { server: 'at last', measure: failingAfter(3) },
      { server: 'never', measure: failingAfter(4) },
    ];
    const { peers } = await compareInTurn(taking(10), contenders, effort);
    assert.deepEqual(
      peers.map((peer) => ('failure' in peer ? [peer.server, peer.failure] : [peer.server, peer.ratio])),
      [
        ['absent', 'it does not start'],
        ['at once', 'it answers nonsense'],
        ['at last', 'it answers nonsense'],
        ['never', 0.1],
      ],
    );
  });

  it('have no figures where ours is wrong', async () => {
    const contenders = [{ server: 'other', measure: taking(1) }];
    await assert.rejects(compareInTurn(failingAfter(2), contenders, effort), /nonsense/);
  });
});
