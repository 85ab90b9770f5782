import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './errorCode';

// Not Node.js's `recursive: true`: where a folder exists and the system still says ENOENT to what is made in it (/proc, a
// mount that is gone), that never ends.

/**
 * Makes a folder, and those above it, where they are missing.
 * @param mode of each folder that is made, less the umask of the process.
 * @returns the outermost folder that was made; undefined where all of them were there.
 * @throws what the file system throws: EEXIST or ENOTDIR where something else has one of the names, ENOENT where the file
 * system lets no folder be made.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    return await makeOne(path, mode);
  } catch (error) {
    if (!parentMayBeMissing(path, error)) throw error;
    const outermost = await makeFolder(dirname(path), mode);
    const made = await makeOne(path, mode);
    return outermost ?? made;
  }
}

/** As `makeFolder`, at once. */
export function makeFolderSync(path: string, mode = 0o777): string | undefined {
  try {
    return makeOneSync(path, mode);
  } catch (error) {
    if (!parentMayBeMissing(path, error)) throw error;
    const outermost = makeFolderSync(dirname(path), mode);
    const made = makeOneSync(path, mode);
    return outermost ?? made;
  }
}

const parentMayBeMissing = (path: string, error: unknown): boolean =>
  codeOf(error) === 'ENOENT' && dirname(path) !== path;

/** @returns the folder where it was made now, undefined where it was there. */
async function makeOne(path: string, mode: number): Promise<string | undefined> {
  try {
    await mkdir(path, mode);
    return path;
  } catch (error) {
    // Not EEXIST alone: Windows refuses to make a drive, and a read-only system any folder, whether it is there or not.
    if (codeOf(error) === 'ENOENT' || !(await stat(path).catch(() => undefined))?.isDirectory()) throw error;
    return undefined;
  }
}

function makeOneSync(path: string, mode: number): string | undefined {
  try {
    mkdirSync(path, mode);
    return path;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || !isFolder(path)) throw error;
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
