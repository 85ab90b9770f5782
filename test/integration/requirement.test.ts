import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { compareVersions, versionParts } from '../../src/core/interpreters/version';
import { parseRequirement, RequirementError } from '../../src/core/packages/requirement';
import { installedPythons, plainEnv } from '../support/installers';

/** Before it, pip read any text as a version ("legacy versions"). */
const firstWithoutLegacy = [24, 1];

/** Asks the `packaging` that pip brings: for each text its parts, or null where it is no requirement. */
const oracle = `import json, sys
sys.path.insert(0, sys.argv[1])
from pip._vendor.packaging.requirements import Requirement

def parts(text):
    try:
        parsed = Requirement(text)
    except ValueError:
        return None
    return [parsed.name, len(parsed.extras), len(parsed.specifier), parsed.url, parsed.marker is not None]

json.dump([parts(text) for text in json.load(sys.stdin)], sys.stdout)
`;

const ours = (text: string): unknown => {
  try {
    const { name, extras, specifiers, url, marker } = parseRequirement(text);
    const distinct = new Set(specifiers.map((each) => each.operator + each.text)).size;
    return [name, new Set(extras).size, distinct, url ?? null, marker !== undefined];
  } catch (error) {
    assert.ok(error instanceof RequirementError);
    return null;
  }
};

describe('requirements, as the newest pip reads them', function () {
  this.timeout(20_000);

  it('are the same requirements here, and what is none there is none here', async function () {
    const newest = (await installedPythons()).at(-1);
    const wheel = newest?.ensurepipWheel;
    assert.ok(newest && wheel !== undefined, 'no Python with ensurepip was found');
    if (compareVersions(versionParts(/pip-([\d.]+)-/.exec(wheel)?.[1] ?? ''), firstWithoutLegacy) < 0) {
      console.log('      skipped: pip before 24.1 reads versions that are none by today’s rules');
      this.skip();
    }
    const piece = fc.constantFrom(
      ...['a', 'Name', 'x-y', 'a.b_c', '0', ' ', '\t', '[', ']', '[x]', '[x,y]', '[]', ',', '(', ')', ';'],
      ...['>=1.0', '==2', '==1.*', '~=1.2', '!=3', '===any', '<', '1.0', '>=1,<2', '(>=1)', '=1', '1.*'],
      ...['@', ' @ ', 'https://h.test/x.zip', 'file:///x', ' ;', 'python_version', '<"3"', 'os_name == "nt"', ' and '],
    );
    const texts = fc
      .sample(fc.array(piece, { minLength: 1, maxLength: 7 }), { numRuns: 20_000, seed: 508 })
      .map((pieces) => pieces.join(''))
      // Blanks around are taken off here. Theirs takes a comma and what follows for a part of what "===" compares with.
      .filter((text) => text === text.trim() && !/===[^\s;)]*,/.test(text));
    const answer: unknown = JSON.parse(
      execFileSync(newest.executable, ['-c', oracle, wheel], {
        input: JSON.stringify(texts),
        env: plainEnv(),
        encoding: 'utf8',
      }),
    );
    assert.ok(Array.isArray(answer));
    const different = texts
      .map((text, index) => ({ text, theirs: answer[index] as unknown, ours: ours(text) }))
      .filter((each) => JSON.stringify(each.theirs) !== JSON.stringify(each.ours))
      .map((each) => JSON.stringify(each));
    assert.deepEqual(different.slice(0, 10), []);
    assert.ok(answer.filter((parts) => parts !== null).length > 500, 'too few of the texts were requirements');
  });
});
