import type { Environment } from '../environment';
import { takingTurns } from '../eventLoop';
import type { Distribution } from './distribution';
import { evaluateMarker, markerEnvironment, type MarkerEnvironment } from './markers';
import { normalizeName } from './normalizedName';
import { type ListedRequirement, listedRequirement, RequirementError } from './requirement';
import { specifierContains, tryParseVersion } from './version';

/** A requirement that the installed distributions do not meet. */
export interface UnmetRequirement {
  /** As written, without its marker. */
  readonly requirement: string;
  /** The version installed in its place; undefined where none is. */
  readonly installed: string | undefined;
  /** The installed distribution that requires it; undefined for one of the list itself. */
  readonly requiredBy: string | undefined;
}

type Installed = ReadonlyMap<string, Distribution>;

const byName = (distributions: readonly Distribution[]): Installed =>
  new Map(distributions.map((distribution) => [distribution.normalizedName, distribution]));

/**
 * @returns those of the requirements that apply to the environment (PEP 508) and are not met by what is installed in
 * it, and those of the extras they ask for.
 */
export function unmetRequirements(
  requirements: readonly ListedRequirement[],
  environment: Environment,
  distributions: readonly Distribution[],
): UnmetRequirement[] {
  const markers = markerEnvironment(environment);
  const installed = byName(distributions);
  const unmet: UnmetRequirement[] = [];
  const seen = new Set<string>();
  const check = (requirement: ListedRequirement, extras: readonly string[], requiredBy: string | undefined): void => {
    if (!applies(requirement, markers, extras)) return;
    const failure = failureOf(requirement, installed, requiredBy);
    if (failure) unmet.push(failure);
    const distribution = installed.get(requirement.name);
    const key = `${requirement.name}[${requirement.extras.join()}]`;
    if (!distribution || requirement.extras.length === 0 || seen.has(key)) return;
    seen.add(key);
    for (const each of requirementsOf(distribution)) {
      // What applies without an extra is the concern of `inconsistencies`.
      if (each.marker && !applies(each, markers, [])) check(each, requirement.extras, distribution.name);
    }
  };
  for (const requirement of requirements) check(requirement, [], undefined);
  return unmet;
}

const inconsistenciesOf = new WeakMap<readonly Distribution[], Promise<readonly UnmetRequirement[]>>();

/**
 * @param distributions the same array for as long as nothing changes: the answer is kept with it.
 * @returns what the installed distributions require and do not find, as `pip check` reports it.
 */
export async function inconsistencies(
  environment: Environment,
  distributions: readonly Distribution[],
): Promise<readonly UnmetRequirement[]> {
  let found = inconsistenciesOf.get(distributions);
  if (!found) inconsistenciesOf.set(distributions, (found = findInconsistencies(environment, distributions)));
  return await found;
}

async function findInconsistencies(environment: Environment, distributions: readonly Distribution[]) {
  const markers = markerEnvironment(environment);
  const installed = byName(distributions);
  const found: UnmetRequirement[] = [];
  const turn = takingTurns();
  for (const distribution of distributions) {
    // What the base interpreter lacks is not this environment's concern.
    if (!distribution.inherited) {
      for (const requirement of requirementsOf(distribution)) {
        if (!applies(requirement, markers, [])) continue;
        const failure = failureOf(requirement, installed, distribution.name);
        if (failure) found.push(failure);
      }
    }
    const due = turn();
    if (due) await due;
  }
  return found;
}

const applies = ({ marker }: ListedRequirement, markers: MarkerEnvironment, extras: readonly string[]): boolean =>
  marker === undefined || evaluateMarker(marker, markers, extras);

function failureOf(
  { name, text, specifiers }: ListedRequirement,
  installed: Installed,
  requiredBy: string | undefined,
): UnmetRequirement | undefined {
  const found = installed.get(normalizeName(name));
  const version = found && tryParseVersion(found.version);
  if (found && (!version || specifierContains(specifiers, version, { prereleases: true }))) return undefined;
  const [requirement = ''] = text.split(';', 1);
  return { requirement: requirement.trimEnd(), installed: found?.version, requiredBy };
}

function requirementsOf(distribution: Distribution): ListedRequirement[] {
  return distribution.requirements().flatMap((text) => {
    try {
      return [listedRequirement(text)];
    } catch (error) {
      if (error instanceof RequirementError) return []; // Older than PEP 508.
      throw error;
    }
  });
}
