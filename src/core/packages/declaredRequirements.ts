import { basename, join } from 'node:path';
import { liesOutside } from '../paths';
import type { ProjectList } from './pyproject';
import { readPyproject } from './pyproject';
import { type FileRequirement, readRequirementsFile } from './requirementsFile';
import { findRequirementsFiles } from './requirementsFiles';

/** A list of requirements in a folder: a requirements file with all it includes, or a part of a pyproject.toml. */
export interface DeclaredList {
  /** The file, relative to the folder. */
  readonly file: string;
  readonly kind: 'file' | ProjectList['kind'];
  /** Of the extra or dependency group, else ''. */
  readonly name: string;
  /** Whether the project of the pyproject.toml can be installed as a whole. */
  readonly installable: boolean;
  readonly requirements: readonly FileRequirement[];
}

/** Files read, at most: the nearest. */
const mostFiles = 20;

/**
 * @returns the files of a folder that list requirements, relative, the nearest first, at most 20, and what they list; a
 * file that pip would refuse lists nothing. Never throws.
 */
export async function declaredRequirements(
  root: string,
): Promise<{ readonly files: readonly string[]; readonly lists: readonly DeclaredList[] }> {
  const files = (await findRequirementsFiles(root)).slice(0, mostFiles);
  const lists = await Promise.all(files.map(async (file) => await listsIn(root, file)));
  return { files, lists: lists.flat() };
}

async function listsIn(root: string, file: string): Promise<DeclaredList[]> {
  const path = join(root, file);
  if (basename(file) === 'pyproject.toml') {
    const { installable = false, lists = [] } = (await readPyproject(path)) ?? {};
    const outside = lists.length > 0 && (await liesOutside(root, path));
    return lists.map(({ requirements, ...list }) => ({
      file,
      installable,
      ...list,
      requirements: requirements.map((requirement) => ({ ...requirement, outside })),
    }));
  }
  const { requirements = [] } = (await readRequirementsFile(path, root).catch(() => undefined)) ?? {};
  return [{ file, kind: 'file', name: '', installable: false, requirements }];
}
