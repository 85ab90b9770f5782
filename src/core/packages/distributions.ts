import { basename, join, resolve, sep } from 'node:path';
import type { Environment } from '../environment';
import { takingTurns } from '../eventLoop';
import type { Distribution, MetadataKind, MetadataPlace } from './distribution';
import type { FileStamps } from '../files/fileStamps';
import { type PipRules, pipRules } from './pipRules';
import { readDistribution } from './readDistribution';
import { type SearchedFolder, searchedFolder, searchPath } from './searchPath';
import { compareVersions, tryParseVersion } from './version';

/** What is installed in an environment, and the rules of its pip, by which it was found and is to be printed. */
export interface Installation {
  /** By precedence: the first on `sys.path` first; at most one of each name. */
  readonly distributions: readonly Distribution[];
  readonly rules: PipRules;
}

/** A valid project name (PEP 508). "~ackage", left over by an uninstall that was killed, is none. */
const validName = /^([a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9])$/i;

const withExtension = (names: readonly string[], extension: string): string[] =>
  names.filter((name) => name.toLowerCase().endsWith(extension));

/** By the end of the name: a pattern would look at all of it, in folders with hundreds. */
function metadataKind(name: string): 'dist-info' | 'egg-info' | undefined {
  const end = name.slice(-'.dist-info'.length).toLowerCase();
  return end === '.dist-info' ? 'dist-info' : end.endsWith('.egg-info') ? 'egg-info' : undefined;
}

function placesIn(folder: SearchedFolder, rules: PipRules): MetadataPlace[] {
  const location = rules.backend === 'importlib' ? folder.path : folder.realPath;
  const place = (kind: MetadataKind, name: string, stem: string): MetadataPlace => ({
    kind,
    path: `${folder.path}${sep}${name}`,
    location,
    stem,
    inherited: folder.inherited,
  });
  const egg = /\.egg$/i.test(folder.path) ? basename(folder.path).slice(0, -'.egg'.length) : undefined;
  const eggInfo = folder.names.find((name) => /^EGG-INFO$/i.test(name));
  if (egg !== undefined && eggInfo !== undefined) return [place('egg', eggInfo, egg)];
  const places: MetadataPlace[] = [];
  for (const name of folder.names) {
    const kind = metadataKind(name);
    if (kind !== undefined) places.push(place(kind, name, name.slice(0, -kind.length - 1)));
  }
  if (rules.backend === 'importlib') return places;
  return places.sort(rules.newestWins ? newestFirst : (a, b) => (a.path < b.path ? -1 : 1));
}

function newestFirst(a: MetadataPlace, b: MetadataPlace): number {
  const [left, right] = [a, b].map(({ stem }) => tryParseVersion(stem.split('-')[1] ?? ''));
  return (left && right ? compareVersions(right, left) : 0) || (a.path < b.path ? 1 : -1);
}

/** @returns the unpacked eggs in the folder, and the projects that .egg-link files point at. Zipped eggs are passed over. */
function linkedFolders(folder: SearchedFolder, stamps: FileStamps): SearchedFolder[] {
  const eggs = withExtension(folder.names, '.egg').map((name) => join(folder.path, name));
  const links = withExtension(folder.names, '.egg-link').flatMap((name) => {
    const text = stamps.readText(join(folder.path, name)) ?? '';
    const target = text.split(/\r\n|\r|\n/).find((line) => line.trim() !== '');
    return target === undefined ? [] : [resolve(folder.path, target.trim())];
  });
  return [...eggs, ...links].map((path) => searchedFolder(path, folder.inherited, stamps));
}

/** @returns the version of the pip that the environment itself would run, or undefined for none. */
function pipVersion(folders: readonly SearchedFolder[]): string | undefined {
  const names = folders.flatMap((folder) => folder.names);
  return names.map((name) => /^pip-([^-]+)\.(dist|egg)-info$/.exec(name)?.[1]).find((version) => version !== undefined);
}

/** Reads what is installed in the environment, as its own pip finds it. */
export async function readInstallation(environment: Environment, stamps: FileStamps): Promise<Installation> {
  const folders = searchPath(environment, stamps);
  const rules = pipRules(pipVersion(folders), environment.version);
  const places = folders.flatMap((folder) => {
    const linked = rules.followsEggs ? linkedFolders(folder, stamps) : [];
    return [folder, ...linked].flatMap((each) => placesIn(each, rules));
  });
  const eggLinks = new Set(folders.flatMap((folder) => withExtension(folder.names, '.egg-link')));
  const distributions = new Map<string, Distribution>();
  const turn = takingTurns();
  for (const place of places) {
    const distribution = readDistribution(place, rules, eggLinks);
    // What appears inside a metadata folder later does not change the folder around it.
    if (!distribution?.complete) stamps.unsettle();
    if (
      distribution &&
      validName.test(distribution.normalizedName) &&
      !distributions.has(distribution.normalizedName)
    ) {
      distributions.set(distribution.normalizedName, distribution);
    }
    const due = turn();
    if (due) await due;
  }
  return { distributions: [...distributions.values()], rules };
}
