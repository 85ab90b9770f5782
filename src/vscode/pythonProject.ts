import { entriesIn } from '../core/files/readFiles';
import { conventionalNames } from '../core/venv/detectVenvs';

/** Files at the root of a folder by which it is a Python project. */
const mark = /^(requirements.*\.(txt|in)|pyproject\.toml|setup\.(py|cfg)|Pipfile|uv\.lock|.+\.pyw?)$/i;

export const isProjectFile = (name: string): boolean => mark.test(name);

/** What lies directly in a folder, as far as it matters to Python. */
export interface FolderContent {
  readonly projectFiles: readonly string[];
  /** Those that can become a venv, with the usual names first; links to folders too. */
  readonly childFolders: readonly string[];
}

const neverVenvs = new Set(['.git', '.hg', '.svn', '.vscode', 'node_modules', '__pycache__']);
const rank = (name: string): number => {
  const index = conventionalNames.findIndex((conventional) => conventional === name);
  return index === -1 ? conventionalNames.length : index;
};

/** @returns what is directly in a folder; nothing where it cannot be read. */
export function readFolder(root: string): FolderContent {
  const entries = entriesIn(root);
  const projectFiles = entries.filter((entry) => !entry.isDirectory() && isProjectFile(entry.name));
  const folders = entries.filter(
    (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !neverVenvs.has(entry.name),
  );
  return {
    projectFiles: projectFiles.map(({ name }) => name).sort(),
    childFolders: folders.map(({ name }) => name).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
  };
}
