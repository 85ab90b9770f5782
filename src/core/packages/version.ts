/**
 * Versions and version specifiers after PEP 440: parsed, compared and matched as the `packaging` library does it.
 */

/** A version, in its parts. Numbers are bigints: a local segment may well be a date with a time and a build number. */
export interface Version {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre: { readonly phase: 'a' | 'b' | 'rc'; readonly number: bigint } | undefined;
  readonly post: bigint | undefined;
  readonly dev: bigint | undefined;
  /** The segments after "+", lower case; empty where there are none. */
  readonly local: readonly (string | bigint)[];
}

export const specifierOperators = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'] as const;

export interface Specifier {
  readonly operator: (typeof specifierOperators)[number];
  /** As written; with a trailing ".*" where `prefix` is set. */
  readonly text: string;
  /** Undefined only for `===` with something that is no version. */
  readonly version: Version | undefined;
  /** Whether only the given release segments are compared (`==1.4.*`). */
  readonly prefix: boolean;
}

/** Specifiers that must all match; none at all match every version. */
export type SpecifierSet = readonly Specifier[];

/** A text that is neither a version nor a specifier. */
export class VersionError extends Error {
  override readonly name = 'VersionError';
}

const versionPattern =
  /^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>\d+)?)?(?<postPart>-(?<implicitPost>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<post>\d+)?)?(?<devPart>[-_.]?dev[-_.]?(?<dev>\d+)?)?(?:\+(?<local>[a-z\d]+(?:[-_.][a-z\d]+)*))?\s*$/i;

const phases: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  alpha: 'a',
  a: 'a',
  beta: 'b',
  b: 'b',
  preview: 'rc',
  pre: 'rc',
  c: 'rc',
  rc: 'rc',
};

/** As much as a message repeats; secrets are taken out of it where it is put together. */
const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

/** Real versions take a fraction of it; numbers of a million digits take minutes to be made of their text. */
const maxLength = 1024;

/** @returns the version that `text` spells, in any of the spellings that PEP 440 normalizes, or undefined for none. */
export function tryParseVersion(text: string): Version | undefined {
  const groups = text.length > maxLength ? undefined : versionPattern.exec(text)?.groups;
  if (groups?.['release'] === undefined) return undefined;
  const phase = phases[groups['phase']?.toLowerCase() ?? ''];
  return {
    epoch: BigInt(groups['epoch'] ?? 0),
    release: groups['release'].split('.').map(BigInt),
    pre: phase && { phase, number: BigInt(groups['pre'] ?? 0) },
    post: groups['postPart'] === undefined ? undefined : BigInt(groups['implicitPost'] ?? groups['post'] ?? 0),
    dev: groups['devPart'] === undefined ? undefined : BigInt(groups['dev'] ?? 0),
    local:
      groups['local']?.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? BigInt(part) : part.toLowerCase())) ?? [],
  };
}

/** @throws VersionError where `text` is no version. */
export function parseVersion(text: string): Version {
  const version = tryParseVersion(text);
  if (!version) throw new VersionError(`"${short(text)}" is not a version`);
  return version;
}

/** @returns the normalized spelling, such as "1!2.0rc1.post3.dev4+ubuntu.1". */
export function formatVersion({ epoch, release, pre, post, dev, local }: Version): string {
  return [
    epoch === 0n ? '' : `${epoch}!`,
    release.join('.'),
    pre ? `${pre.phase}${pre.number}` : '',
    post === undefined ? '' : `.post${post}`,
    dev === undefined ? '' : `.dev${dev}`,
    local.length === 0 ? '' : `+${local.join('.')}`,
  ].join('');
}

/** @returns whether the version is a pre-release or a development release. */
export const isPrerelease = (version: Version): boolean => version.pre !== undefined || version.dev !== undefined;

const order = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** 1.0.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0: a development release of the final version comes before its pre-releases. */
function phaseRank({ pre, post, dev }: Version): number {
  if (pre) return { a: 1, b: 2, rc: 3 }[pre.phase];
  return post === undefined && dev !== undefined ? 0 : 4;
}

/** Segments that are words come before numbers, and a prefix before what it is a prefix of. */
function compareLocal(a: Version['local'], b: Version['local']): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (typeof left === 'string' || typeof right === 'string') {
      if (typeof left !== typeof right) return typeof left === 'string' ? -1 : 1;
      if (left !== right) return left < right ? -1 : 1;
    } else if (left !== right) return order(left, right);
  }
  return 0;
}

function compareRelease(a: Version['release'], b: Version['release']): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = order(a[index] ?? 0n, b[index] ?? 0n);
    if (difference !== 0) return difference;
  }
  return 0;
}

const comparePublic = (a: Version, b: Version): number =>
  order(a.epoch, b.epoch) ||
  compareRelease(a.release, b.release) ||
  order(phaseRank(a), phaseRank(b)) ||
  order(a.pre?.number ?? 0n, b.pre?.number ?? 0n) ||
  order(a.post ?? -1n, b.post ?? -1n) ||
  order(a.dev === undefined ? 1 : 0, b.dev === undefined ? 1 : 0) ||
  order(a.dev ?? 0n, b.dev ?? 0n);

/** @returns a negative number, 0 or a positive number, as `a` comes before, with or after `b`. */
export const compareVersions = (a: Version, b: Version): number =>
  comparePublic(a, b) || compareLocal(a.local, b.local);

/** @throws VersionError where `text` is no specifier, such as "=1.0", ">=1.*" or "~=1". */
export function parseSpecifier(text: string): Specifier {
  const trimmed = text.trim();
  const operator = specifierOperators.find((known) => trimmed.startsWith(known));
  const target = trimmed.slice(operator?.length ?? 0).trim();
  const invalid = (reason: string) => new VersionError(`"${short(trimmed)}" is not a version specifier: ${reason}`);
  if (!operator) throw invalid(`it starts with none of ${specifierOperators.join(' ')}`);
  if (/\s/.test(target)) throw invalid('there is a blank in its version');
  if (operator === '===') {
    if (/[;)]/.test(target)) throw invalid('"===" takes no ";" or ")"');
    return { operator, text: target, version: tryParseVersion(target), prefix: false };
  }
  const prefix = target.endsWith('.*');
  const version = tryParseVersion(prefix ? target.slice(0, -2) : target);
  if (!version) throw invalid(`"${short(target)}" is not a version`);
  const equality = operator === '==' || operator === '!=';
  if (prefix && !equality) throw invalid('".*" goes with "==" and "!=" only');
  if (prefix && (isPrerelease(version) || version.post !== undefined || version.local.length > 0)) {
    throw invalid('".*" follows plain release numbers only');
  }
  if (version.local.length > 0 && !equality) throw invalid('a local version ("+…") goes with "==" and "!=" only');
  if (operator === '~=' && version.release.length < 2) throw invalid('"~=" needs at least two release numbers');
  return { operator, text: target, version, prefix };
}

/** @returns the specifiers in `text`, separated by commas. @throws VersionError where one of them is invalid. */
export function parseSpecifierSet(text: string): SpecifierSet {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(parseSpecifier);
}

/** Whether the epoch and the first `count` release numbers of both are the same. */
const samePrefix = (a: Version, b: Version, count: number): boolean =>
  a.epoch === b.epoch &&
  Array.from({ length: count }, (_, index) => index).every(
    (index) => (a.release[index] ?? 0n) === (b.release[index] ?? 0n),
  );

const sameRelease = (a: Version, b: Version): boolean =>
  a.epoch === b.epoch && compareRelease(a.release, b.release) === 0;

function equals(wanted: Specifier & { readonly version: Version }, version: Version): boolean {
  if (wanted.prefix) return samePrefix(version, wanted.version, wanted.version.release.length);
  return wanted.version.local.length > 0
    ? compareVersions(version, wanted.version) === 0
    : comparePublic(version, wanted.version) === 0;
}

/** Whether one specifier, pre-releases allowed, matches. */
function matches(specifier: Specifier, version: Version): boolean {
  const wanted = specifier.version;
  if (specifier.operator === '===' || !wanted) return formatVersion(version) === specifier.text.toLowerCase();
  switch (specifier.operator) {
    case '==':
      return equals({ ...specifier, version: wanted }, version);
    case '!=':
      return !equals({ ...specifier, version: wanted }, version);
    case '~=':
      return comparePublic(version, wanted) >= 0 && samePrefix(version, wanted, wanted.release.length - 1);
    case '<=':
      return comparePublic(version, wanted) <= 0;
    case '>=':
      return comparePublic(version, wanted) >= 0;
    case '<':
      // "<3.1" is not meant to let 3.1rc1 in, though that comes before 3.1.
      if (!isPrerelease(wanted) && isPrerelease(version) && sameRelease(version, wanted)) return false;
      return compareVersions(version, wanted) < 0;
    case '>':
      // Nor is ">3.1" meant to let 3.1.post1 or 3.1+local in.
      if (version.post !== undefined && wanted.post === undefined && sameRelease(version, wanted)) return false;
      if (version.local.length > 0 && sameRelease(version, wanted)) return false;
      return compareVersions(version, wanted) > 0;
  }
}

const acceptsPrereleases = ({ operator, version }: Specifier): boolean =>
  operator !== '!=' && version !== undefined && isPrerelease(version);

/**
 * @param options.prereleases whether pre-releases match at all; by default only where a specifier names one.
 * @returns whether `version` matches every specifier of the set.
 */
export function specifierContains(
  set: SpecifierSet,
  version: Version,
  options: { readonly prereleases?: boolean } = {},
): boolean {
  const prereleases = options.prereleases ?? set.some(acceptsPrereleases);
  return (prereleases || !isPrerelease(version)) && set.every((specifier) => matches(specifier, version));
}
