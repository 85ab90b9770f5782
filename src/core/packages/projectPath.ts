import { relative } from 'node:path';
import { errors } from '../errors';
import { inTrueCase, isSameName, realPath } from '../pathIdentity';
import { absolutePath, exists, isInside, nearestExisting, realPathOf, relativeInside } from '../paths';
import { asToolError } from '../files/systemErrors';

/**
 * @param path of something that must exist in the folder `root`, relative to it or absolute.
 * @returns it as an absolute path, links as they stand.
 * @throws ToolError invalid_input, outside_workspace (by the place it really has), file_not_found with what is near.
 */
export async function existingInside(root: string, path: string, home: string): Promise<string> {
  const absolute = absolutePath(root, path, home);
  try {
    const [realRoot, real] = await Promise.all([realPath(root), realPathOf(absolute)]);
    if (!isSameName(real, realRoot) && !isInside(realRoot, real)) throw errors.outsideWorkspace(path, root);
    if (await exists(absolute)) return await inTrueCase(root, absolute);
  } catch (error) {
    throw asToolError(error, path, 'reading');
  }
  const near = await nearestExisting(absolute);
  throw errors.fileNotFound(
    relativeInside(root, absolute),
    near.map((found) => relative(root, found)),
  );
}
