import { stat } from 'node:fs/promises';
import { homeFolder } from './files/homeFolder';
import { errors } from './errors';
import { sizeText } from './files/readFiles';
import { inTrueCase } from './pathIdentity';
import { absolutePath, nearestExisting, relativeInside } from './paths';

/** In bytes; an interpreter reads all of a source before it says anything of it. */
const largestSource = 64 * 1024 * 1024;

/** @returns the absolute path of a file that a call names. @throws ToolError file_not_found, invalid_input. */
export async function existingFile(root: string, named: string): Promise<string> {
  const file = absolutePath(root, named, homeFolder());
  const facts = await existing(root, file, named);
  if (facts.isDirectory()) throw errors.notAFile(named);
  if (!facts.isFile()) throw errors.notARegularFile(named);
  // A zip archive that Python can run may be as large as it likes.
  if (/\.pyw?$/i.test(file) && facts.size > largestSource) throw errors.fileTooLarge(named, sizeText(largestSource));
  return await inTrueCase(root, file);
}

/** @returns the absolute path of a directory that a call names. @throws ToolError file_not_found, invalid_input. */
export async function existingDirectory(root: string, named: string): Promise<string> {
  const directory = absolutePath(root, named, homeFolder());
  if (!(await existing(root, directory, named)).isDirectory()) throw errors.notADirectory(named);
  return await inTrueCase(root, directory);
}

async function existing(root: string, path: string, named: string) {
  try {
    return await stat(path);
  } catch {
    const nearest = await nearestExisting(path);
    throw errors.fileNotFound(
      named,
      nearest.map((found) => relativeInside(root, found)),
    );
  }
}
