import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nearestNames } from '../nearestNames';
import { importNames } from '../packages/importNames';
import type { Distribution } from '../packages/installedMetadata';
import { normalizeName } from '../packages/normalizedName';
import { namesIn } from '../files/readFiles';
import { relativeInside } from '../paths';
import { knownProviders } from './knownDistributions';
import { foldersOnPath } from './runAgain';
import type { FailedRun, HintSources } from './runHint';
import { shownCall } from './shownCall';
import { partsOf, type WantedModule } from './wantedModule';

/** @returns what there is in place of `package.part` where the package itself was found; undefined for a top-level name. */
export async function missingPartHint(
  { root, metadata }: HintSources,
  { request, environment }: FailedRun,
  wanted: WantedModule,
): Promise<string | undefined> {
  if (partsOf(wanted) === 1) return undefined;
  const parts = wanted.name.split('.');
  const part = parts.pop() ?? '';
  const [top = ''] = parts;
  for (const folder of await foldersOnPath(request, root)) {
    const place = join(folder, ...parts);
    if (existsSync(`${place}.py`)) {
      const file = relativeInside(root, `${place}.py`);
      return `"${parts.join('.')}" is the file ${file}, not a package with "${part}" in it; if it hides a package of that name, rename it.`;
    }
    if (existsSync(place)) return `${relativeInside(root, place)} has no module "${part}".${nearIn(place, part)}`;
  }
  const distribution = providerOf(top, await metadata.read(environment));
  if (!distribution) return `"${parts.join('.')}" has no module "${part}" in Python ${environment.version}.`;
  const { name, version } = distribution;
  const upgrade = shownCall('pip', { action: 'install', packages: [name], upgrade: true });
  return `${name} ${version} is installed and has no "${wanted.name}": it is of another version (newest: ${upgrade}), or misspelled.`;
}

function nearIn(folder: string, part: string): string {
  const modules = namesIn(folder)
    .map((name) => name.replace(/\.py$/, ''))
    .filter((name) => /^\w+$/.test(name));
  const near = nearestNames(part, modules);
  return near.length === 0 ? '' : ` Near: ${near.map((name) => `"${name}"`).join(', ')}.`;
}

/** @returns the installed distribution that a top-level module comes from: by its name, else by its list of files. */
function providerOf(top: string, distributions: readonly Distribution[]): Distribution | undefined {
  const names = [top, ...knownProviders(top)].map(normalizeName);
  return (
    distributions.find(({ normalizedName }) => names.includes(normalizedName)) ??
    distributions.find((each) => importNames(each).includes(top))
  );
}
