import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedDistribution } from './installer';
import { normalizeName } from './normalizedName';

/** What the diff needs to know of a distribution that an environment sees; a `Distribution` is one. */
export interface SeenDistribution {
  readonly name: string;
  readonly normalizedName: string;
  readonly version: string;
  /** The folder or file that holds its metadata. */
  readonly metadataPath: string;
  /** Whether the environment only inherits it. */
  readonly inherited: boolean;
  /** What its direct_url.json says (PEP 610); undefined where it came from an index. */
  readonly directUrl: { readonly url: string } | undefined;
}

interface Recorded extends SeenDistribution {
  /** Changes when the distribution is written anew. */
  readonly stamp: string;
}

/** Normalized name → the distribution that an import would find, in the order of the names. */
export type Snapshot = ReadonlyMap<string, Recorded>;

export interface Replaced {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface InstallDiff {
  /** New and changed ones, by normalized name. */
  readonly installed: readonly PlannedDistribution[];
  /** The changed ones again; `from` and `to` are equal where the same version was installed anew (another source). */
  readonly replaced: readonly Replaced[];
  readonly removed: readonly PlannedDistribution[];
}

/** RECORD is written by every install; the metadata beside it may be a hard link into a cache, years old. */
async function stampOf(path: string): Promise<string> {
  for (const file of [join(path, 'RECORD'), path]) {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    if (found) return `${found.mtimeNs}:${found.ctimeNs}:${found.ino}`;
  }
  return '';
}

/** @param distributions at most one of each name. */
export async function takeSnapshot(distributions: readonly SeenDistribution[]): Promise<Snapshot> {
  const recorded = await Promise.all(
    distributions.map(async (seen): Promise<[string, Recorded]> => {
      const { name, normalizedName, version, metadataPath, inherited, directUrl } = seen;
      const stamp = inherited ? '' : await stampOf(metadataPath);
      return [normalizedName, { name, normalizedName, version, metadataPath, inherited, directUrl, stamp }];
    }),
  );
  return new Map(recorded.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const nameAndVersion = ({ name, version }: PlannedDistribution): PlannedDistribution => ({ name, version });

/** @returns whether the same distribution is there after as before, untouched. */
export const isUntouched = (before: Snapshot, after: Snapshot, key: string): boolean =>
  before.has(key) && JSON.stringify(before.get(key)) === JSON.stringify(after.get(key));

const ownIn = (snapshot: Snapshot, key: string): Recorded | undefined => {
  const found = snapshot.get(key);
  return found?.inherited === false ? found : undefined;
};

const replacement = (before: Snapshot, key: string, { name, version }: PlannedDistribution): Replaced[] => {
  const was = ownIn(before, key);
  return was ? [{ name, from: was.version, to: version }] : [];
};

/** @returns what changed between two states of an environment; what it inherits is no part of it. */
export function diffOf(before: Snapshot, after: Snapshot): InstallDiff {
  const changed = [...after].filter(([key, { inherited }]) => !inherited && !isUntouched(before, after, key));
  return {
    installed: changed.map(([, distribution]) => nameAndVersion(distribution)),
    replaced: changed.flatMap(([key, distribution]) => replacement(before, key, distribution)),
    removed: [...before]
      .filter(([key]) => ownIn(before, key) && !ownIn(after, key))
      .map(([, was]) => nameAndVersion(was)),
  };
}

/** @returns what a plan says would change. */
export function diffOfPlan(
  before: Snapshot,
  plan: { readonly installed: readonly PlannedDistribution[]; readonly removed: readonly PlannedDistribution[] },
): InstallDiff {
  const installed = new Map(
    plan.installed
      .map((planned): [string, PlannedDistribution] => [normalizeName(planned.name), nameAndVersion(planned)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    installed: [...installed.values()],
    replaced: [...installed].flatMap(([key, planned]) => replacement(before, key, planned)),
    removed: plan.removed.filter(({ name }) => !installed.has(normalizeName(name))).map(nameAndVersion),
  };
}
