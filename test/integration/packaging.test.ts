import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import type { Environment } from '../../src/core/environment';
import { evaluateMarker, MarkerError, markerEnvironment, parseMarker } from '../../src/core/packages/markers';
import {
  compareVersions,
  formatVersion,
  parseSpecifierSet,
  specifierContains,
  tryParseVersion,
  VersionError,
} from '../../src/core/packages/version';
import { cleanEnvironment, testPythons } from '../support/pythons';

/** Answers about versions and markers by the `packaging` that pip carries; it has no exceptions for what it cannot tell. */
const askPackaging = `
import json, sys
from pip._vendor.packaging.markers import Marker, InvalidMarker, default_environment
from pip._vendor.packaging.specifiers import SpecifierSet, InvalidSpecifier
from pip._vendor.packaging.version import Version, InvalidVersion
def attempt(work, *invalid):
    try:
        return work()
    except invalid:
        return 'invalid'
    except Exception:
        return 'fails'
asked = json.load(sys.stdin)
def compare(a, b):
    a, b = Version(a), Version(b)
    return (a > b) - (a < b)
json.dump({
    'environment': default_environment(),
    'versions': [attempt(lambda: str(Version(text)), InvalidVersion) for text in asked['versions']],
    'orders': [attempt(lambda: compare(a, b), InvalidVersion) for a, b in asked['orders']],
    'matches': [attempt(lambda: SpecifierSet(text).contains(version, prereleases=True), InvalidSpecifier)
                for text, version in asked['matches']],
    'markers': [attempt(lambda: Marker(text).evaluate({'extra': extra}), InvalidMarker)
                for text, extra in asked['markers']],
}, sys.stdout)
`;

type Answer = string | number | boolean;
interface Answers {
  readonly environment: Readonly<Record<string, string>>;
  readonly versions: readonly Answer[];
  readonly orders: readonly Answer[];
  readonly matches: readonly Answer[];
  readonly markers: readonly Answer[];
}

const small = fc.nat({ max: 12 }).map(String);
const separator = fc.constantFrom('', '.', '-', '_');
const part = (...words: string[]) =>
  fc.option(fc.tuple(separator, fc.constantFrom(...words), separator, fc.constantFrom('', '0', '1', '2')), { nil: [] });
const version = fc
  .tuple(
    fc.constantFrom('', '', '', 'v', ' '),
    fc.constantFrom('', '', '', '', '1!'),
    fc.array(small, { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join('.')),
    part('a', 'b', 'rc', 'c', 'alpha', 'BETA', 'pre', 'preview').map((parts) => parts.join('')),
    part('post', 'rev', 'r').map((parts) => parts.join('')),
    part('dev', 'DEV').map((parts) => parts.join('')),
    fc.constantFrom('', '', '', '', '+1', '+local.2', '+Ubuntu-3'),
  )
  .map((parts) => parts.join(''));
const specifier = fc
  .tuple(
    fc.constantFrom('===', '~=', '==', '!=', '<=', '>=', '<', '>', '='),
    fc.constantFrom('', ' '),
    // A known quirk of packaging before 26: "~=" takes these spellings for part of the release.
    version.filter((text) => !/c|pre|r\d|rev|[_-]/i.test(text)),
    fc.constantFrom('', '', '', '.*'),
  )
  .map((parts) => parts.join(''));

const variables = ['python_version', 'python_full_version', 'os_name', 'sys_platform', 'platform_machine', 'extra'];
const word = fc.constantFrom('"3.8"', '"3.11"', "'3'", '"posix"', '"linux"', '"x86_64 arm64"', '"Test_x"', '""');
const comparison = fc
  .tuple(
    fc.constantFrom(...variables, 'platform.machine', 'python_implementation', 'nonsense'),
    fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'not in', '=', 'not'),
    word,
    fc.boolean(),
  )
  .map(([variable, operator, value, swapped]) =>
    swapped ? `${value} ${operator} ${variable}` : `${variable} ${operator} ${value}`,
  );
const { marker } = fc.letrec<{ marker: string }>((tie) => ({
  marker: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    comparison,
    fc.tuple(tie('marker'), fc.constantFrom('and', 'or'), tie('marker')).map((parts) => parts.join(' ')),
    tie('marker').map((inner) => `(${inner})`),
  ),
}));

function attempt(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof VersionError || error instanceof MarkerError) return 'invalid';
    throw error;
  }
}

describe("versions and markers, compared with pip's own packaging library", function () {
  this.timeout(60_000);
  const pythons = testPythons();
  // packaging since 22, which pip has since 24.1, knows nothing but PEP 440; before, anything was a "legacy version".
  const python = pythons.at(-1);
  const count = 2000;
  const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { numRuns: count, seed: 440 });
  const asked = {
    versions: sample(fc.oneof(version, fc.string(), fc.stringMatching(/^[0-9.a-c+!-]{1,8}$/))),
    orders: sample(fc.tuple(version, version)),
    matches: sample(
      fc.tuple(
        fc.array(specifier, { maxLength: 2 }).map((all) => all.join(',')),
        version,
      ),
    ),
    markers: sample(fc.tuple(marker, fc.constantFrom('', 'test-x', 'TEST.X'))),
  };
  let answers: Answers;

  before(function () {
    if (!python) this.skip();
    if (spawnSync(python.path, ['-c', 'import pip'], { env: cleanEnvironment(tmpdir()) }).status !== 0) {
      console.log(`    skipped: ${python.path} has no pip installed`);
      this.skip();
    }
    const options = { input: JSON.stringify(asked), env: cleanEnvironment(tmpdir()), encoding: 'utf8' } as const;
    answers = JSON.parse(execFileSync(python.path, ['-c', askPackaging], options)) as Answers;
    if (answers.versions[asked.versions.findIndex((text) => text.trim() === '')] !== 'invalid') this.skip();
  });

  /** Compares answer by answer; what makes packaging fail with another error than its own is left out. */
  function compare<T>(inputs: readonly T[], theirs: readonly Answer[], ours: (input: T) => Answer): void {
    let compared = 0;
    for (const [index, input] of inputs.entries()) {
      if (theirs[index] === 'fails') continue;
      assert.equal(
        attempt(() => ours(input)),
        theirs[index],
        JSON.stringify(input),
      );
      compared++;
    }
    assert.ok(compared > count / 2);
  }
  const parsed = (text: string) => {
    const result = tryParseVersion(text);
    if (!result) throw new VersionError(text);
    return result;
  };

  it('normalizes versions the same', () => {
    compare(asked.versions, answers.versions, (text) => formatVersion(parsed(text)));
  });

  it('orders versions the same', () => {
    compare(asked.orders, answers.orders, ([a, b]) => compareVersions(parsed(a), parsed(b)));
  });

  it('matches specifiers the same', () => {
    compare(asked.matches, answers.matches, ([set, text]) =>
      specifierContains(parseSpecifierSet(set), parsed(text), { prereleases: true }),
    );
  });

  it('gives the marker variables the same values', function () {
    const environment: Environment = {
      path: '/venv',
      python: '/venv/bin/python',
      version: python?.version ?? this.skip(),
      isVenv: true,
      scripts: '/venv/bin',
      libraries: { own: [], inherited: [] },
    };
    assert.deepEqual(markerEnvironment(environment), answers.environment);
    const values = markerEnvironment(environment);
    compare(asked.markers, answers.markers, ([text, extra]) => evaluateMarker(parseMarker(text), values, [extra]));
  });
});
