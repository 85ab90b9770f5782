import { join } from 'node:path';
import type { Environment } from '../environment';
import type { Distribution } from './distribution';
import { FileStamps } from '../files/fileStamps';
import type { InstalledMetadata } from './installedMetadata';
import { readBeginning, readSmallText } from '../files/readFiles';
import { searchPath } from './searchPath';

/** Suffixes of modules in one file: source, or an extension module with or without its platform's tag. */
const moduleSuffix = /^(py|pyc|pyd|so|[\w-]+\.(so|pyd))$/;

/** @returns whether a name in a folder is that of a module or package of that name there. */
export const isModuleFile = (name: string, module: string): boolean =>
  name === module || (name.startsWith(`${module}.`) && moduleSuffix.test(name.slice(module.length + 1)));

/** Enough of RECORD: large ones are of one package. */
const recordBytes = 65_536;

/** @returns the top-level names that a distribution can be imported by: from top_level.txt, else from RECORD. */
export function importNames({ metadataPath, kind }: Distribution): string[] {
  const listed = readSmallText(join(metadataPath, 'top_level.txt'), recordBytes);
  if (listed !== undefined) return listed.split(/\s+/).filter((name) => name !== '');
  const record = kind === 'dist-info' ? (readBeginning(join(metadataPath, 'RECORD'), recordBytes) ?? '') : '';
  const names = record.split('\n').map((line) => /^"?(\w+)(?:[\\/].*\.(?:py|so|pyd)|\.[\w.-]+)"?,/.exec(line)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/**
 * @returns whether a top-level module is on an environment's search path: by its files, and for editable projects, whose
 * files are elsewhere, by what their metadata says.
 */
export async function hasModule(
  metadata: InstalledMetadata,
  environment: Environment,
  module: string,
): Promise<boolean> {
  const folders = searchPath(environment, new FileStamps());
  if (folders.some(({ names }) => names.some((name) => isModuleFile(name, module)))) return true;
  if (!folders.some(({ names }) => names.some((name) => name.startsWith('__editable__')))) return false;
  const distributions = await metadata.read(environment);
  return distributions.some((each) => each.editableProjectLocation !== undefined && importNames(each).includes(module));
}
