import { join } from 'node:path';
import { takingTurns } from '../eventLoop';
import { entriesIn, namesIn } from '../files/readFiles';

/** Folders looked into, at most. */
const mostFolders = 200;
/** Names taken of a child folder, at most: of one with images, say, more tell nothing. */
const mostEntries = 20_000;
const requirements = /(?:^|.[-_.])requirements(?:[-_.].|$)/i;

/** @returns whether a file by its name and the name of its folder lists requirements. */
export const isRequirementsFile = (name: string, folder = ''): boolean =>
  /\.txt$/i.test(name) && (requirements.test(name.slice(0, -'.txt'.length)) || /^requirements$/i.test(folder));

/**
 * @returns the requirements files and pyproject.toml of a folder and of its child folders, relative, the nearest first.
 * Venvs, hidden folders and node_modules are passed over.
 */
export async function findRequirementsFiles(root: string): Promise<string[]> {
  const entries = entriesIn(root);
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .sort()
    .slice(0, mostFolders);
  const below: string[] = [];
  const turn = takingTurns();
  for (const folder of folders) {
    const names = namesIn(join(root, folder), mostEntries);
    if (!names.includes('pyvenv.cfg')) {
      below.push(...names.filter((name) => isWanted(name, folder)).map((name) => join(folder, name)));
    }
    const due = turn();
    if (due) await due;
  }
  const here = entries.filter((entry) => !entry.isDirectory() && isWanted(entry.name)).map(({ name }) => name);
  return [...here.sort(plainFirst), ...below.sort()];
}

const isWanted = (name: string, folder?: string): boolean =>
  name === 'pyproject.toml' || isRequirementsFile(name, folder);

const plainFirst = (a: string, b: string): number =>
  Number(b === 'requirements.txt') - Number(a === 'requirements.txt') || a.localeCompare(b, 'en');
