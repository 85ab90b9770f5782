import type { Environment } from '../environment';
import { takingTurns } from '../eventLoop';
import type { Distribution, InstalledMetadata } from './installedMetadata';

/** A package as `pip list --format=json` names it. */
export interface ListedPackage {
  readonly name: string;
  readonly version: string;
  readonly editable_project_location?: string;
}

/** Parts of the standard library that old Pythons shipped metadata for; pip never counts them as installed. */
export const standardLibrary: ReadonlySet<string> = new Set(['python', 'wsgiref', 'argparse']);

/** Orders by code points, as Python compares strings. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const listed = (distributions: readonly Distribution[]): Distribution[] =>
  distributions.filter(({ normalizedName }) => !standardLibrary.has(normalizedName));

/** @returns the installed packages: the set, the order and the spelling of `pip list --format=json`. */
export async function listPackages(metadata: InstalledMetadata, environment: Environment): Promise<ListedPackage[]> {
  const found = listed(await metadata.read(environment));
  const packages: ListedPackage[] = [];
  const turn = takingTurns();
  for (const distribution of found.sort((a, b) => byText(a.normalizedName, b.normalizedName))) {
    const { name, version, editableProjectLocation: location } = distribution;
    packages.push({ name, version, ...(location === undefined ? {} : { editable_project_location: location }) });
    const due = turn();
    if (due) await due;
  }
  return packages;
}

/** @returns how many packages `listPackages` lists. */
export async function countPackages(metadata: InstalledMetadata, environment: Environment): Promise<number> {
  return listed(await metadata.read(environment)).length;
}
