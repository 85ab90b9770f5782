import { statSync } from 'node:fs';
import { sep } from 'node:path';
import { takingTurns } from '../eventLoop';
import type { PlannedDistribution } from './installer';
import type { Distribution } from './installedMetadata';
import { normalizeName } from './normalizedName';

type Seen = Pick<
  Distribution,
  'name' | 'normalizedName' | 'version' | 'metadataPath' | 'inherited' | 'directUrl' | 'editableProjectLocation'
>;

interface Recorded extends Seen {
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
function stampOf(path: string): string {
  for (const file of [`${path}${sep}RECORD`, path]) {
    try {
      const found = statSync(file, { bigint: true, throwIfNoEntry: false });
      if (found) return `${found.mtimeNs}:${found.ctimeNs}:${found.ino}`;
    } catch {
      // Not permitted, or no folder.
    }
  }
  return '';
}

/**
 * @param distributions at most one of each name.
 * @param before an earlier snapshot: what was not written anew since is not read again.
 */
export async function takeSnapshot(distributions: readonly Distribution[], before?: Snapshot): Promise<Snapshot> {
  const recorded: [string, Recorded][] = [];
  const turn = takingTurns();
  for (const seen of distributions) {
    const { normalizedName, metadataPath, inherited } = seen;
    const stamp = inherited ? '' : stampOf(metadataPath);
    const known = before?.get(normalizedName);
    recorded.push([normalizedName, known && isSame(known, seen, stamp) ? known : record(seen, stamp)]);
    const due = turn();
    if (due) await due;
  }
  return new Map(recorded.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isSame = (known: Recorded, { metadataPath, inherited }: Distribution, stamp: string): boolean =>
  stamp !== '' && known.stamp === stamp && known.metadataPath === metadataPath && known.inherited === inherited;

const record = (
  { name, normalizedName, version, metadataPath, inherited, directUrl, editableProjectLocation }: Distribution,
  stamp: string,
): Recorded => ({
  ...{ name, normalizedName, version, metadataPath, inherited, directUrl, editableProjectLocation },
  stamp,
});

const nameAndVersion = ({ name, version }: PlannedDistribution): PlannedDistribution => ({ name, version });

/** @returns whether the same distribution is there after as before, untouched. */
export const isUntouched = (before: Snapshot, after: Snapshot, key: string): boolean =>
  before.has(key) &&
  (before.get(key) === after.get(key) || JSON.stringify(before.get(key)) === JSON.stringify(after.get(key)));

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
      .map((planned): [string, PlannedDistribution] => [normalizeName(planned.name), planned])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    installed: [...installed.values()],
    replaced: [...installed].flatMap(([key, planned]) => replacement(before, key, planned)),
    removed: plan.removed.filter(({ name }) => !installed.has(normalizeName(name))).map(nameAndVersion),
  };
}

export const unchanged = 'The environment is unchanged.';

/** What an installer that did not finish has done until then, as a sentence. */
export function whatIsDone({ installed, removed }: InstallDiff): string {
  const listed = (all: InstallDiff['installed']): string => {
    const names = all.slice(0, 10).map(({ name, version }) => `${name} ${version}`);
    return names.join(', ') + (all.length > 10 ? ` and ${all.length - 10} more` : '');
  };
  const parts = [
    installed.length > 0 ? `${listed(installed)} installed` : '',
    removed.length > 0 ? `${listed(removed)} removed` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? unchanged : `Done until then: ${parts.join('; ')}.`;
}
