import { resolve } from 'node:path';
import type { Environment } from '../environment';
import type { FileStamps } from '../files/fileStamps';
import { nameKey, realPathSync } from '../pathIdentity';
import { foldersFromPth } from './pth';

/** A folder in which distributions are looked for. */
export interface SearchedFolder {
  readonly path: string;
  /** `path` with links resolved. */
  readonly realPath: string;
  /** Whether it belongs to the base interpreter or the user rather than to the environment. */
  readonly inherited: boolean;
  /** The names in it, in the order of the file system. */
  readonly names: readonly string[];
}

export function searchedFolder(path: string, inherited: boolean, stamps: FileStamps): SearchedFolder {
  return { path, realPath: realPathOf(path), inherited, names: stamps.namesIn(path) };
}

function realPathOf(path: string): string {
  try {
    return realPathSync(path);
  } catch {
    return path;
  }
}

/** @returns the environment's site-packages folders, each followed by those that its .pth files add: `sys.path`'s order. */
export function searchPath({ libraries }: Environment, stamps: FileStamps): SearchedFolder[] {
  const sites = [
    ...libraries.own.map((path) => ({ path, inherited: false })),
    ...libraries.inherited.map((path) => ({ path, inherited: true })),
  ];
  const found = sites.flatMap(({ path, inherited }) => {
    const site = searchedFolder(resolve(path), inherited, stamps);
    const added = foldersFromPth(site.path, site.names, stamps);
    return [site, ...added.map((folder) => searchedFolder(folder, inherited, stamps))];
  });
  const seen = new Set<string>();
  return found.filter(({ path }) => !seen.has(nameKey(path)) && seen.add(nameKey(path)));
}
