import { existsSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { once } from '../lazily';
import type { Distribution, MetadataPlace } from './distribution';
import { type FolderName, FoundDistribution, safeName } from './foundDistribution';
import { namesIn } from '../files/readFiles';
import { readIdentity } from './metadataFile';
import type { PipRules } from './pipRules';

function fromStem({ stem }: MetadataPlace, rules: PipRules): FolderName {
  const [name = '', ...rest] = stem.split('-');
  if (rules.backend === 'pkg_resources') return { name: safeName(name), version: rest[0] };
  return { name, version: rest.length > 0 ? rest.join('-') : undefined };
}

const isEmptyFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && namesIn(path, 1).length === 0;

/**
 * @param eggLinks the names of the .egg-link files on the whole search path.
 * @returns the distribution whose metadata is there, or undefined where pip finds none in it.
 */
export function readDistribution(
  place: MetadataPlace,
  rules: PipRules,
  eggLinks: ReadonlySet<string>,
): Distribution | undefined {
  const folder = fromStem(place, rules);
  const identity = once(() => readIdentity(place));
  const found = { place, rules, folder, identity, eggLinks };
  // What pip knows by the name of its folder is there without its metadata being read: counting takes no more.
  const named =
    place.kind === 'dist-info' && rules.nameFromFolder && folder.name !== '' && folder.version !== undefined;
  if (named && existsSync(`${place.path}${sep}METADATA`)) {
    return new FoundDistribution({ ...found, compared: folder.name, complete: true });
  }
  const read = identity();
  if (!read && rules.backend === 'pkg_resources' && isEmptyFolder(place.path)) return undefined;
  const written = { name: read?.headers.get('Name'), version: read?.headers.get('Version') };
  const trusted = place.kind === 'egg-info' || folder.version !== undefined;
  // The name that pip compares.
  const compared = trusted && folder.name !== '' ? folder.name : written.name;
  if (compared === undefined || (written.name === undefined && !rules.nameFromFolder)) return undefined;
  if ((written.version ?? folder.version) === undefined) return undefined;
  return new FoundDistribution({ ...found, compared, complete: read !== undefined });
}
