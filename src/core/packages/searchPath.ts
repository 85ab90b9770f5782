import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Environment } from '../environment';
import type { FileStamps } from './fileStamps';
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

export async function searchedFolder(path: string, inherited: boolean, stamps: FileStamps): Promise<SearchedFolder> {
  const [names, realPath] = await Promise.all([stamps.namesIn(path), realpath(path).catch(() => path)]);
  return { path, realPath, inherited, names };
}

/** @returns the environment's site-packages folders, each followed by those that its .pth files add: `sys.path`'s order. */
export async function searchPath({ libraries }: Environment, stamps: FileStamps): Promise<SearchedFolder[]> {
  const sites = [
    ...libraries.own.map((path) => ({ path, inherited: false })),
    ...libraries.inherited.map((path) => ({ path, inherited: true })),
  ];
  const found = await Promise.all(
    sites.map(async ({ path, inherited }) => {
      const site = await searchedFolder(resolve(path), inherited, stamps);
      const added = await foldersFromPth(site.path, site.names, stamps);
      return [site, ...(await Promise.all(added.map((folder) => searchedFolder(folder, inherited, stamps))))];
    }),
  );
  const seen = new Set<string>();
  return found.flat().filter(({ path }) => !seen.has(path) && seen.add(path));
}
