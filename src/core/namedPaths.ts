import { stat } from 'node:fs/promises';
import { homeFolder } from './files/homeFolder';
import { errors } from './errors';
import { inTrueCase } from './pathIdentity';
import { absolutePath, nearestExisting, relativeInside } from './paths';

/** @returns the absolute path of a file that a call names. @throws ToolError file_not_found, invalid_input. */
export async function existingFile(root: string, named: string): Promise<string> {
  const file = absolutePath(root, named, homeFolder());
  if ((await existing(root, file, named)).isDirectory()) throw errors.notAFile(named);
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
