import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRequirement } from '../../src/core/packages/requirement';
import { splitRequirements } from '../../src/vscode/commands/requirementList';

const fault = (text: string): Promise<string | undefined> => {
  try {
    parseRequirement(text);
    return Promise.resolve(undefined);
  } catch (error) {
    return Promise.resolve((error as Error).message);
  }
};
const split = async (line: string) => await splitRequirements(line, fault);

describe('A typed line of requirements', () => {
  const cases: readonly (readonly [line: string, requirements: readonly string[]])[] = [
    ['requests', ['requests']],
    ['  requests   flask ', ['requests', 'flask']],
    ['requests, flask,', ['requests', 'flask']],
    ['requests >= 2, < 3 flask', ['requests >= 2, < 3', 'flask']],
    ['rich[jupyter,all]>=13 pytest==8.*', ['rich[jupyter,all]>=13', 'pytest==8.*']],
    ['tomli; python_version < "3.11" attrs', ['tomli; python_version < "3.11"', 'attrs']],
    ['name @ https://localhost/name.whl, other', ['name @ https://localhost/name.whl', 'other']],
    ['', []],
  ];
  for (const [line, requirements] of cases) {
    it(`reads "${line}" as ${requirements.length}`, async () => {
      assert.deepEqual(await split(line), { requirements });
    });
  }

  it('says which part is wrong, and why', async () => {
    const list = await split('requests !flask');
    assert.ok('because' in list);
    assert.equal(list.wrong, '!flask');
    assert.match(list.because, /does not start with the name/);
  });

  it('takes no option of an installer', async () => {
    assert.ok('because' in (await split('requests --index-url=x')));
  });

  it('finds all names again, whatever separates them', async () => {
    const name = fc.stringMatching(/^[a-z]([a-z0-9]{0,8}[a-z])?$/);
    const separator = fc.constantFrom(' ', ',', ', ', '  ,');
    const parts = fc.array(fc.tuple(name, separator), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(parts, async (all) => {
        const list = await split(all.flat().join(''));
        assert.deepEqual(list, { requirements: all.map(([each]) => each) });
      }),
    );
  });
});
