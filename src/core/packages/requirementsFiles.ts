import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders looked into, at most. */
const mostFolders = 200;
const requirements = /(?:^|.[-_.])requirements(?:[-_.].|$)/i;

/** @returns whether a file by its name and the name of its folder lists requirements. */
export const isRequirementsFile = (name: string, folder = ''): boolean =>
  /\.txt$/i.test(name) && (requirements.test(name.slice(0, -'.txt'.length)) || /^requirements$/i.test(folder));

/**
 * @returns the requirements files and pyproject.toml of a folder and of its child folders, relative, the nearest first.
 * Venvs, hidden folders and node_modules are passed over.
 */
export async function findRequirementsFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .slice(0, mostFolders);
  const below = await Promise.all(
    folders.map(async ({ name: folder }) => {
      const names = await readdir(join(root, folder)).catch((): string[] => []);
      if (names.includes('pyvenv.cfg')) return [];
      return names.filter((name) => isWanted(name, folder)).map((name) => join(folder, name));
    }),
  );
  const here = entries.filter((entry) => !entry.isDirectory() && isWanted(entry.name)).map(({ name }) => name);
  return [...here.sort(plainFirst), ...below.flat().sort()];
}

const isWanted = (name: string, folder?: string): boolean =>
  name === 'pyproject.toml' || isRequirementsFile(name, folder);

const plainFirst = (a: string, b: string): number =>
  Number(b === 'requirements.txt') - Number(a === 'requirements.txt') || a.localeCompare(b, 'en');
