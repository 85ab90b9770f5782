import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Environment } from '../../src/core/environment';
import {
  evaluateMarker,
  MarkerError,
  markerEnvironment,
  parseMarker,
  type PlatformFacts,
} from '../../src/core/packages/markers';

const environment = (version: string, own = '/venv/lib/python3/site-packages'): Environment => ({
  path: '/venv',
  python: '/venv/bin/python',
  version,
  isVenv: true,
  scripts: '/venv/bin',
  libraries: { own: [own], inherited: [] },
});
const linux: PlatformFacts = { platform: 'linux', machine: 'x86_64', release: '6.1.0', version: '#1 SMP' };
const windows: PlatformFacts = { platform: 'win32', machine: 'x86_64', release: '10.0.22631', version: 'Windows 11' };

const holds = (marker: string, extras: readonly string[] = [], facts = linux, version = '3.9.18') =>
  evaluateMarker(parseMarker(marker), markerEnvironment(environment(version), facts), extras);

describe('environment markers (PEP 508)', () => {
  const cases: readonly (readonly [marker: string, expected: boolean])[] = [
    ['python_version < "3.11"', true],
    ["python_version>='3.10'", false],
    ['"3.9" == python_version', true],
    ['python_full_version == "3.9.*"', true],
    ['sys_platform == "linux" and os_name == "posix"', true],
    ['sys_platform == "win32" or platform_system == "Linux"', true],
    ['sys_platform == "win32" and (python_version > "3" or os_name == "posix")', false],
    ['sys_platform == "win32" and python_version > "3" or os_name == "posix"', true],
    ['platform_machine in "x86_64 aarch64"', true],
    ['platform_machine not  in "arm64"', true],
    ['os.name == "posix" and sys.platform != "darwin"', true],
    ['python_implementation == "CPython"', true],
    ['implementation_name == "pypy"', false],
    ['extra == "test"', false],
    ['platform_version ~= "nonsense"', false],
  ];
  for (const [marker, expected] of cases) {
    it(`${marker} is ${expected} on Python 3.9 under Linux`, () => {
      assert.equal(holds(marker), expected);
    });
  }

  it('compares extras by their normalized names, and tries each', () => {
    assert.equal(holds('extra == "Foo_Bar"', ['x', 'foo.bar']), true);
    assert.equal(holds('extra == "foo" and extra == "bar"', ['foo', 'bar']), false);
  });

  it('says where a marker goes wrong', () => {
    const positions = {
      '': 0,
      python_version: 14,
      'python_version = "3"': 15,
      'python_version == 3': 18,
      'pyton_version == "3"': 0,
      '(os_name == "nt"': 16,
      'os_name == "nt" extra == "x"': 16,
      'os_name not "nt"': 8,
      'os_name == "nt': 11,
    };
    for (const [text, position] of Object.entries(positions)) {
      assert.throws(
        () => parseMarker(text),
        (error) => error instanceof MarkerError && error.position === position,
        text,
      );
    }
  });

  it('never throws anything but a MarkerError', () => {
    const words = ['python_version', 'extra', '"3.8"', "'x'", '==', '<', 'in', 'not', 'and', 'or', '(', ')', ' ', '\n'];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string())).map((parts) => parts.join(' ')),
        (text) => {
          try {
            holds(text);
          } catch (error) {
            assert.ok(error instanceof MarkerError);
          }
        },
      ),
    );
  });

  it('survives parentheses without end', () => {
    assert.throws(() => parseMarker('('.repeat(100_000)), MarkerError);
  });

  it('knows what Python says about Windows', () => {
    assert.deepEqual(markerEnvironment(environment('3.12.1'), windows), {
      python_version: '3.12',
      python_full_version: '3.12.1',
      os_name: 'nt',
      sys_platform: 'win32',
      platform_release: '11',
      platform_system: 'Windows',
      platform_version: '10.0.22631',
      platform_machine: 'AMD64',
      platform_python_implementation: 'CPython',
      implementation_name: 'cpython',
      implementation_version: '3.12.1',
    });
  });

  it('copes with a Python built from a checkout, and recognizes PyPy', () => {
    assert.equal(holds('python_full_version > "3.13.0"', [], linux, '3.13.0+'), false);
    assert.equal(holds('python_version == "3.13"', [], linux, '3.13.0+'), true);
    const pypy = markerEnvironment(environment('3.10.14', '/venv/lib/pypy3.10/site-packages'), linux);
    assert.equal(pypy.platform_python_implementation, 'PyPy');
  });
});
