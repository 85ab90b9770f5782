import { machine, release, version as kernelVersion } from 'node:os';
import type { Environment } from '../environment';
import { normalizeName } from './normalizedName';
import { parseSpecifier, specifierContains, specifierOperators, tryParseVersion, VersionError } from './version';

/**
 * Environment markers after PEP 508 (`; python_version < "3.11" and extra == "test"`): parsed, and evaluated for a
 * Python that need not be run for it.
 */
export type Marker =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Marker[] }
  | { readonly kind: 'comparison'; readonly left: Operand; readonly operator: MarkerOperator; readonly right: Operand };

type Operand = { readonly variable: MarkerVariable } | { readonly value: string };
const markerOperators = [...specifierOperators, 'in', 'not in'] as const;
type MarkerOperator = (typeof markerOperators)[number];

const environmentVariables = [
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_release',
  'platform_system',
  'platform_version',
  'platform_machine',
  'platform_python_implementation',
  'implementation_name',
  'implementation_version',
] as const;

type MarkerVariable = (typeof environmentVariables)[number] | 'extra';

/** The value of every variable except `extra`. */
export type MarkerEnvironment = Readonly<Record<(typeof environmentVariables)[number], string>>;

/** A text that is no marker: what was expected, and at which index. */
export class MarkerError extends Error {
  override readonly name = 'MarkerError';
  readonly position: number;

  constructor(expected: string, position: number) {
    super(`expected ${expected} at character ${position + 1} of the marker`);
    this.position = position;
  }
}

/** Spellings from before PEP 508 that metadata still holds. */
const legacyVariables: Readonly<Record<string, MarkerVariable>> = {
  'os.name': 'os_name',
  'sys.platform': 'sys_platform',
  'platform.version': 'platform_version',
  'platform.machine': 'platform_machine',
  'platform.python_implementation': 'platform_python_implementation',
  python_implementation: 'platform_python_implementation',
};

/** Far beyond any real marker, far below what the stack takes. */
const maxDepth = 50;

function variableNamed(name: string): MarkerVariable | undefined {
  if (name === 'extra') return name;
  return environmentVariables.find((known) => known === name) ?? legacyVariables[name];
}

/** Real markers take a fraction of it. */
const maxLength = 4096;

/** @throws MarkerError where `text` (without the semicolon before it) is no marker. */
export function parseMarker(text: string): Marker {
  if (text.length > maxLength) throw new MarkerError(`at most ${maxLength} characters`, maxLength);
  let position = 0;
  let depth = 0;

  const take = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(`[ \\t]*(${pattern.source})`, 'y');
    sticky.lastIndex = position;
    const match = sticky.exec(text);
    if (!match) return undefined;
    position = sticky.lastIndex;
    return match[1];
  };
  const failure = (expected: string): MarkerError => {
    take(/(?:)/);
    return new MarkerError(expected, position);
  };

  const operand = (): Operand => {
    const before = position;
    const quoted = take(/'[^']*'|"[^"]*"/);
    if (quoted !== undefined) return { value: quoted.slice(1, -1) };
    const variable = variableNamed(take(/\b[a-z_.]+\b/) ?? '');
    if (variable) return { variable };
    position = before;
    throw failure('a variable such as python_version, or a quoted string,');
  };

  const operator = (): MarkerOperator => {
    const symbol = take(/===|==|~=|!=|<=|>=|<|>|\bin\b|\bnot[ \t]+in\b/)?.replace(/\s+/, ' ');
    const known = markerOperators.find((candidate) => candidate === symbol);
    if (!known) throw failure('one of < <= != == >= > ~= === in, not in,');
    return known;
  };

  const atom = (): Marker => {
    if (take(/\(/) !== undefined) {
      if (++depth > maxDepth) throw failure(`at most ${maxDepth} parentheses within each other`);
      const inner = disjunction();
      depth--;
      if (take(/\)/) === undefined) throw failure('")"');
      return inner;
    }
    return { kind: 'comparison', left: operand(), operator: operator(), right: operand() };
  };
  const chain = (kind: 'and' | 'or', word: RegExp, next: () => Marker): Marker => {
    const first = next();
    const operands = [first];
    while (take(word) !== undefined) operands.push(next());
    return operands.length === 1 ? first : { kind, operands };
  };
  const conjunction = (): Marker => chain('and', /\band\b/, atom);
  const disjunction = (): Marker => chain('or', /\bor\b/, conjunction);

  const marker = disjunction();
  if (take(/$/) === undefined) throw failure('"and", "or" or the end');
  return marker;
}

/** What markers ask about the machine; by default, this one. */
export interface PlatformFacts {
  readonly platform: NodeJS.Platform;
  /** As `uname -m` prints it. */
  readonly machine: string;
  /** As `uname -r` prints it; on Windows such as "10.0.22631". */
  readonly release: string;
  /** As `uname -v` prints it. */
  readonly version: string;
}

const thisMachine = (): PlatformFacts => ({
  platform: process.platform,
  machine: machine(),
  release: release(),
  version: kernelVersion(),
});

/** Python's `platform` module on Windows: processor names in the system's spelling, releases by their marketing name. */
function windowsFacts(facts: PlatformFacts): PlatformFacts {
  const build = Number(facts.release.split('.')[2] ?? 0);
  return {
    platform: facts.platform,
    machine: { x86_64: 'AMD64', aarch64: 'ARM64', arm64: 'ARM64', i686: 'x86' }[facts.machine] ?? facts.machine,
    release: facts.release.startsWith('10.0') ? (build >= 22000 ? '11' : '10') : facts.release,
    version: facts.release,
  };
}

/** @returns the value that each marker variable has in this environment. */
export function markerEnvironment(environment: Environment, machineFacts = thisMachine()): MarkerEnvironment {
  const windows = machineFacts.platform === 'win32';
  const facts = windows ? windowsFacts(machineFacts) : machineFacts;
  // A build from a checkout calls itself "3.13.0+", which PEP 440 does not allow.
  const full = environment.version.replace(/\+$/, '+local');
  const pypy = environment.libraries.own.some((path) => /[\\/]pypy[\d.]*[\\/]/i.test(path));
  const systems: Readonly<Record<string, string>> = { win32: 'Windows', darwin: 'Darwin', linux: 'Linux' };
  return {
    python_version: full.split('.').slice(0, 2).join('.'),
    python_full_version: full,
    os_name: windows ? 'nt' : 'posix',
    sys_platform: facts.platform,
    platform_release: facts.release,
    platform_system: systems[facts.platform] ?? facts.platform,
    platform_version: facts.version,
    platform_machine: facts.machine,
    platform_python_implementation: pypy ? 'PyPy' : 'CPython',
    implementation_name: pypy ? 'pypy' : 'cpython',
    implementation_version: full,
  };
}

/** By version where both sides are one, else as strings, as `packaging` decides it. */
function compare(left: string, operator: MarkerOperator, right: string): boolean {
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  const version = tryParseVersion(left);
  if (version) {
    try {
      return specifierContains([parseSpecifier(operator + right)], version, { prereleases: true });
    } catch (error) {
      if (!(error instanceof VersionError)) throw error;
    }
  }
  switch (operator) {
    case '===':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '~=':
      return false; // Has no meaning for strings.
  }
}

/**
 * @param extras the extras asked for; each is tried in turn, as installers do. None: `extra` is the empty string.
 * @returns whether the marker holds in the environment.
 */
export function evaluateMarker(
  marker: Marker,
  environment: MarkerEnvironment,
  extras: readonly string[] = [],
): boolean {
  const holds = (part: Marker, extra: string): boolean => {
    if (part.kind !== 'comparison') {
      return part.operands[part.kind === 'and' ? 'every' : 'some']((operand) => holds(operand, extra));
    }
    const isExtra = [part.left, part.right].some((side) => 'variable' in side && side.variable === 'extra');
    const valueOf = (side: Operand): string => {
      if ('value' in side) return isExtra ? normalizeName(side.value) : side.value;
      return side.variable === 'extra' ? extra : environment[side.variable];
    };
    return compare(valueOf(part.left), part.operator, valueOf(part.right));
  };
  return (extras.length > 0 ? extras : ['']).some((extra) => holds(marker, normalizeName(extra)));
}
