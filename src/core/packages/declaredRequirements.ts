import { basename, join } from 'node:path';
import { isToolError } from '../errors';
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

/** A file whose requirements could not be judged, and why: "requirements.txt: it is not a regular file". */
export type UnknownFile = string;

/** Files read, at most: the nearest. */
const mostFiles = 20;

/** What the files of a folder require. */
export interface DeclaredRequirements {
  /** Relative, the nearest first, at most 20. */
  readonly files: readonly string[];
  readonly lists: readonly DeclaredList[];
  readonly unknown: readonly UnknownFile[];
}

/**
 * @returns the files of a folder that list requirements, and what they list; a file that cannot be read, or that pip would
 * refuse, lists nothing and is among the unknown. Never throws.
 */
export async function declaredRequirements(root: string): Promise<DeclaredRequirements> {
  const files = (await findRequirementsFiles(root)).slice(0, mostFiles);
  const read = await Promise.all(files.map(async (file) => await listsIn(root, file)));
  return {
    files,
    lists: read.flatMap((each) => (typeof each === 'string' ? [] : each)),
    unknown: read.filter((each) => typeof each === 'string'),
  };
}

async function listsIn(root: string, file: string): Promise<DeclaredList[] | UnknownFile> {
  const path = join(root, file);
  try {
    if (basename(file) === 'pyproject.toml') {
      const project = await readPyproject(path);
      if (!project) return `${file}: it cannot be read, or is no TOML`;
      const { installable, lists } = project;
      const outside = lists.length > 0 && (await liesOutside(root, path));
      return lists.map(({ requirements, ...list }) => ({
        file,
        installable,
        ...list,
        requirements: requirements.map((requirement) => ({ ...requirement, outside })),
      }));
    }
    const { requirements } = await readRequirementsFile(path, root);
    return [{ file, kind: 'file', name: '', installable: false, requirements }];
  } catch (error) {
    return `${file}: ${reasonOf(error)}`;
  }
}

/** What is in the file is not repeated: it may include one from anywhere. */
function reasonOf(error: unknown): string {
  if (!isToolError(error)) return 'it cannot be read';
  return error.kind === 'requirement_invalid' ? 'a line of it is not a valid requirement' : error.message;
}
