import type { Environment } from '../environment';
import { takingTurns } from '../eventLoop';
import { quoted } from '../files/quoted';
import type { Distribution, InstalledMetadata } from './installedMetadata';
import { byText } from './list';
import { evaluateMarker, markerEnvironment, type MarkerEnvironment, MarkerError, parseMarker } from './markers';
import { dedentHeader, type MetadataHeaders } from './metadata';
import { normalizeName } from './normalizedName';
import type { PipRules } from './pipRules';

/** What `pip show` prints of a package; an empty string where the metadata does not say. */
export interface ShownPackage {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly home_page: string;
  readonly author: string;
  readonly author_email: string;
  readonly license: string;
  readonly location: string;
  readonly editable_project_location?: string;
  /** The names of what it requires here, without extras. */
  readonly requires: readonly string[];
  /** The names of the installed packages that require it. */
  readonly required_by: readonly string[];
}

/** A name that was asked for and is not installed. */
export interface MissingPackage {
  readonly name: string;
  readonly error: string;
}

/**
 * @returns the name that a requirement begins with, where its marker holds, else undefined. A marker that cannot be
 * parsed counts as none: metadata older than PEP 508 is still to be shown.
 */
function requiredName(requirement: string, environment: MarkerEnvironment): string | undefined {
  const [, name, isUrl, rest = ''] = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\]\s*)?(@)?(.*)$/s.exec(requirement) ?? [];
  const marker = (isUrl ? /\s;(.*)$/s : /;(.*)$/s).exec(rest)?.[1];
  if (name === undefined || marker === undefined) return name;
  try {
    return evaluateMarker(parseMarker(marker.trim()), environment) ? name : undefined;
  } catch (error) {
    if (error instanceof MarkerError) return name;
    throw error;
  }
}

function requiredNames(distribution: Distribution, rules: PipRules, environment: MarkerEnvironment): string[] {
  const requirements = distribution.requirements();
  const once = rules.backend === 'pkg_resources' ? [...new Set(requirements)] : requirements;
  const names = once
    .map((requirement) => requiredName(requirement, environment))
    .filter((name) => name !== undefined)
    .sort((a, b) => byText(a.toLowerCase(), b.toLowerCase()));
  return rules.requirementsOnce ? [...new Set(names)] : names;
}

function shown(headers: MetadataHeaders, name: string, rules: PipRules): string {
  const value = headers.get(name) ?? '';
  return rules.backend === 'importlib' ? dedentHeader(value) : value;
}

function homePage(headers: MetadataHeaders, rules: PipRules): string {
  const header = headers.get('Home-page') ?? '';
  if (header !== '' || rules.homepage === 'header') return header;
  const ignored = rules.homepage === 'pep753' ? /[\s!-/:-@[-`{-~]/g : /[-_]/g;
  for (const entry of headers.all('Project-URL')) {
    const [, label = '', url = ''] = /^([^,]*),(.*)$/s.exec(entry) ?? [];
    if (label.replace(ignored, '').trim().toLowerCase() === 'homepage') return url.trim();
  }
  return '';
}

function license(headers: MetadataHeaders, rules: PipRules): string {
  const expression = headers.get('License-Expression') ?? '';
  const [major = 0, minor = 0] = (headers.get('Metadata-Version') ?? '').split('.').map(Number);
  const expressionCounts = rules.licenseExpression && (major > 2 || (major === 2 && minor >= 4));
  return expressionCounts && expression !== '' ? expression : shown(headers, 'License', rules);
}

/**
 * @returns for each name, in the order asked for, what `pip show` prints of it, or that it is not installed. Names are
 * compared as PEP 503 has it.
 */
export async function showPackages(
  metadata: InstalledMetadata,
  environment: Environment,
  names: readonly string[],
): Promise<(ShownPackage | MissingPackage)[]> {
  const { distributions, rules } = await metadata.readInstallation(environment);
  const markers = markerEnvironment(environment);
  const requires = new Map<Distribution, readonly string[]>();
  const turn = takingTurns();
  for (const distribution of distributions) {
    requires.set(distribution, requiredNames(distribution, rules, markers));
    const due = turn();
    if (due) await due;
  }
  const requiring = (wanted: string): string[] =>
    distributions
      .filter((each) => requires.get(each)?.some((name) => normalizeName(name) === wanted))
      .map((each) => each.headers().get('Name') ?? 'UNKNOWN')
      .sort((a, b) => byText(a.toLowerCase(), b.toLowerCase()));

  const byName = new Map(distributions.map((each) => [each.normalizedName, each]));
  return names.map((name) => {
    const distribution = byName.get(normalizeName(name));
    if (!distribution) return { name: quoted(name), error: `"${quoted(name)}" is not installed` };
    const headers = distribution.headers();
    const editable = distribution.editableProjectLocation;
    return {
      name: distribution.name,
      version: distribution.shownVersion,
      summary: shown(headers, 'Summary', rules),
      home_page: homePage(headers, rules),
      author: shown(headers, 'Author', rules),
      author_email: shown(headers, 'Author-email', rules),
      license: license(headers, rules),
      location: distribution.location,
      ...(editable === undefined ? {} : { editable_project_location: editable }),
      requires: requires.get(distribution) ?? [],
      required_by: requiring(distribution.normalizedName),
    };
  });
}
