import assert from 'node:assert/strict';
import { diffOf, diffOfPlan, isUntouched, whatIsDone, type Snapshot } from '../../src/core/packages/installDiff';
import { installProgress } from '../../src/core/packages/installProgress';

const snapshot = (...all: readonly (readonly [name: string, version: string, extra?: object])[]): Snapshot =>
  new Map(
    all.map(([name, version, extra]) => [
      name.toLowerCase(),
      {
        name,
        normalizedName: name.toLowerCase(),
        version,
        metadataPath: `/site/${name}`,
        inherited: false,
        directUrl: undefined,
        editableProjectLocation: undefined,
        stamp: '',
        ...extra,
      },
    ]),
  );

describe('what an install changed', () => {
  it('is what is new, changed and gone', () => {
    const before = snapshot(['Kept', '1'], ['Up', '1'], ['Gone', '1']);
    const after = snapshot(['Kept', '1'], ['New', '3'], ['Up', '2']);
    assert.deepEqual(diffOf(before, after), {
      installed: [
        { name: 'New', version: '3' },
        { name: 'Up', version: '2' },
      ],
      replaced: [{ name: 'Up', from: '1', to: '2' }],
      removed: [{ name: 'Gone', version: '1' }],
    });
    assert.equal(isUntouched(before, after, 'kept'), true);
    assert.equal(isUntouched(before, after, 'nowhere'), false);
  });

  it('is also what was written anew or comes from elsewhere in the same version', () => {
    const before = snapshot(['A', '1', { stamp: '1' }], ['B', '1']);
    const after = snapshot(['A', '1', { stamp: '2' }], ['B', '1', { directUrl: { url: 'file:///b' } }]);
    assert.deepEqual(diffOf(before, after).replaced, [
      { name: 'A', from: '1', to: '1' },
      { name: 'B', from: '1', to: '1' },
    ]);
  });

  it('is new, not replaced, where it hides one that the venv inherits', () => {
    const before = snapshot(['A', '1', { inherited: true }], ['B', '1', { inherited: true }]);
    const after = snapshot(['A', '2'], ['B', '2', { inherited: true }]);
    assert.deepEqual(diffOf(before, after), { installed: [{ name: 'A', version: '2' }], replaced: [], removed: [] });
    assert.deepEqual(diffOf(after, before).removed, [{ name: 'A', version: '2' }]);
  });

  it('can be told from a plan', () => {
    const plan = {
      installed: [
        { name: 'b', version: '2' },
        { name: 'a', version: '1' },
      ],
      removed: [{ name: 'B', version: '1' }],
    };
    assert.deepEqual(diffOfPlan(snapshot(['B', '1']), plan), {
      installed: [
        { name: 'a', version: '1' },
        { name: 'b', version: '2' },
      ],
      replaced: [{ name: 'b', from: '1', to: '2' }],
      removed: [],
    });
  });

  it('reads as a sentence', () => {
    assert.equal(whatIsDone({ installed: [], replaced: [], removed: [] }), 'The environment is unchanged.');
    const installed = Array.from({ length: 12 }, (_, index) => ({ name: `p${index}`, version: '1' }));
    assert.match(
      whatIsDone({ installed, replaced: [], removed: [{ name: 'x', version: '2' }] }),
      /^Done until then: p0 1, .*p9 1 and 2 more installed; x 2 removed\.$/,
    );
  });
});

describe('the progress of an install', () => {
  it('is the telling lines of the output, whole, short and without passwords', () => {
    const lines: string[] = [];
    const observe = installProgress((line) => lines.push(line));
    observe('stdout', Buffer.from('Collecting alpha\n  Downloading https://me:pw@host.test/alp'));
    observe('stderr', Buffer.from('Resolved 3 packages in 10ms\nwarning: noise\n'));
    observe('stdout', Buffer.from('ha.whl (17 MB)\r\n  Preparing metadata: started\nCollectingX\n'));
    assert.deepEqual(lines, [
      'Collecting alpha',
      'Resolved 3 packages in 10ms',
      'Downloading https://****@host.test/alpha.whl (17 MB)',
    ]);
  });
});
