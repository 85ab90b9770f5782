import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compareVersions,
  formatVersion,
  parseSpecifierSet,
  parseVersion,
  specifierContains,
  tryParseVersion,
  VersionError,
} from '../../src/core/packages/version';

const number = fc.nat({ max: 30 });
const optional = (prefix: string) =>
  fc.option(number, { nil: undefined }).map((n) => (n === undefined ? '' : `${prefix}${n}`));
const versionText = fc
  .tuple(
    fc.constantFrom('', '', '', '1!'),
    fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.')),
    fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('a', 'b', 'rc'), number).map((parts) => parts.join('')),
    ),
    optional('.post'),
    optional('.dev'),
    fc.constantFrom('', '', '', '+local.7', '+7'),
  )
  .map((parts) => parts.join(''));

const inOrder = (a: string, b: string) => compareVersions(parseVersion(a), parseVersion(b));
const contains = (set: string, version: string, prereleases?: boolean) =>
  specifierContains(parseSpecifierSet(set), parseVersion(version), prereleases === undefined ? {} : { prereleases });

describe('versions (PEP 440)', () => {
  it('normalizes the spellings that people use', () => {
    const spellings = {
      'v1.0': '1.0',
      '1.0-ALPHA.1': '1.0a1',
      '1.0preview': '1.0rc0',
      '1.0-1': '1.0.post1',
      '1.0.rev': '1.0.post0',
      '1.0_DEV3': '1.0.dev3',
      ' 1!01.2c3 ': '1!1.2rc3',
      '1.0+Ubuntu-1_2': '1.0+ubuntu.1.2',
    };
    for (const [text, normalized] of Object.entries(spellings)) {
      assert.equal(formatVersion(parseVersion(text)), normalized);
    }
  });

  it('says no to what is no version', () => {
    for (const text of ['', '1.0.x', 'latest', '1..0', '1.0+', '1.0a1a2', '2014-01-03', '1.0\n2']) {
      assert.equal(tryParseVersion(text), undefined, text);
      assert.throws(() => parseVersion(text), VersionError);
    }
  });

  it('orders the versions of a release as PEP 440 lists them', () => {
    const ordered =
      '1.0.dev1 1.0a1.dev1 1.0a1 1.0a2 1.0b1 1.0rc1 1.0 1.0+abc 1.0+abc.5 1.0+5 1.0.post1.dev1 1.0.post1 1.1 1!0.1'.split(
        ' ',
      );
    for (const [index, earlier] of ordered.entries()) {
      for (const later of ordered.slice(index + 1)) {
        assert.ok(inOrder(earlier, later) < 0, `${earlier} < ${later}`);
        assert.ok(inOrder(later, earlier) > 0, `${later} > ${earlier}`);
      }
    }
    assert.equal(inOrder('1.0.0', '1'), 0);
  });

  it('keeps every digit of a long number', () => {
    assert.ok(inOrder('1+20250101123456789012345', '1+20250101123456789012346') < 0);
  });

  it('formats what it parsed back to an equal version', () => {
    fc.assert(
      fc.property(versionText, (text) => {
        const version = parseVersion(text);
        assert.deepEqual(parseVersion(formatVersion(version)), version);
      }),
    );
  });

  it('orders any three versions consistently', () => {
    fc.assert(
      fc.property(versionText, versionText, versionText, (a, b, c) => {
        assert.equal(Math.sign(inOrder(a, b)), -Math.sign(inOrder(b, a)) || 0);
        if (inOrder(a, b) <= 0 && inOrder(b, c) <= 0) assert.ok(inOrder(a, c) <= 0);
      }),
    );
  });
});

describe('version specifiers (PEP 440)', () => {
  const cases: readonly (readonly [set: string, version: string, expected: boolean])[] = [
    ['', '1.0', true],
    ['>=1.0,<2', '1.5', true],
    ['>=1.0,<2', '2.0', false],
    ['==1.0', '1.0.0', true],
    ['==1.0', '1.0+local', true],
    ['==1.0+local', '1.0', false],
    ['==1.4.*', '1.4.2.post3', true],
    ['==1.4.*', '1.40', false],
    ['==1.4.*', '1!1.4', false],
    ['!=1.4.*', '1.5', true],
    ['~=2.2', '2.9', true],
    ['~=2.2', '3.0', false],
    ['~=2.2.0', '2.3', false],
    ['~=2.2.post3', '2.2.post2', false],
    ['~=2.2.post3', '2.5', true],
    ['>1.0', '1.0.post1', false],
    ['>1.0', '1.0+local', false],
    ['>1.0.post1', '1.0.post2', true],
    ['<3.1', '3.1rc1', false],
    ['<3.1rc2', '3.1rc1', true],
    ['<=1.0', '1.0+local', true],
    ['===1.0', '1.0', true],
    ['===1.0', '1.0.0', false],
    [' >= 1.0 , ', '1.0', true],
  ];
  for (const [set, version, expected] of cases) {
    it(`${version} ${expected ? 'matches' : 'does not match'} "${set}"`, () => {
      assert.equal(contains(set, version), expected);
    });
  }

  it('lets pre-releases in where a specifier names one, or where asked to', () => {
    assert.equal(contains('>=1.0', '1.1a1'), false);
    assert.equal(contains('>=1.0', '1.1a1', true), true);
    assert.equal(contains('>=1.1a1', '1.1a2'), true);
    assert.equal(contains('>=1.1a1', '1.1a2', false), false);
  });

  it('refuses what is no specifier', () => {
    for (const text of ['1.0', '=1.0', '>=', '>=1.*', '~=1', '>=1.0+x', '==1.0a1.*', '==1.0.*.*', '~=1.0 2.0']) {
      assert.throws(() => parseSpecifierSet(text), VersionError, text);
    }
  });

  it('reads "~=" as ">=" together with a prefix', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 4 }), versionText, (release, version) => {
        const both = `>=${release.join('.')},==${release.slice(0, -1).join('.')}.*`;
        assert.equal(contains(`~=${release.join('.')}`, version, true), contains(both, version, true));
      }),
    );
  });
});
