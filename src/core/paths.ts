import { lstat, readlink, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { environmentErrors } from './failures/environmentErrors';
import { folderAndFileErrors } from './failures/folderAndFileErrors';
import { inputErrors } from './failures/inputErrors';
import { editDistance } from './nearestNames';
import { inTrueCase, isSameName, plainPath, realPath } from './pathIdentity';
import { entriesIn } from './files/readFiles';
import { pathRules } from './files/storage';
import { asToolError, codeOf, isMissing } from './files/systemErrors';
import { fromUnixShell, whyNotOnWindows } from './windowsNames';

/** @returns whether `child` lies strictly inside `folder`, going by the names alone; both absolute. */
export function isInside(folder: string, child: string, platform: NodeJS.Platform = process.platform): boolean {
  const rules = pathRules(platform);
  const way = rules.relative(folder, child);
  return way !== '' && way !== '..' && !way.startsWith(`..${rules.sep}`) && !rules.isAbsolute(way);
}

/**
 * @returns a path as the user writes it, `~` and relative to `folder`, as an absolute one.
 * @throws invalid_input, for what Windows cannot name too.
 */
export function absolutePath(
  folder: string,
  path: string,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  if (path.trim() === '') throw inputErrors.invalidInput('The path is empty.', 'Name a folder, for example ".venv".');
  if (path.includes('\0')) throw inputErrors.invalidInput('The path holds a NUL character.');
  const rules = pathRules(platform);
  const written = plainPath(path, platform);
  const why = platform === 'win32' ? whyNotOnWindows(written) : undefined;
  if (why !== undefined) throw folderAndFileErrors.notOnWindows(path, why);
  return rules.resolve(
    folder,
    written === '~' || /^~[/\\]/.test(written) ? rules.join(home, written.slice(1)) : written,
  );
}

/**
 * @returns where a path leads once all links are followed, also where its last parts do not exist yet: what a file
 * made there would be called.
 */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realPath(path);
  } catch (error) {
    // A drive or a host that is not there; of a host that cannot be reached Windows tells nothing more.
    if (dirname(path) === path) return path;
    if (!isMissing(error) && codeOf(error) !== 'UNKNOWN') throw error;
  }
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return await realPathOf(resolve(dirname(path), target));
  return join(await realPathOf(dirname(path)), basename(path));
}

/** A path inside a folder, by the names that the user sees and by where it really is. */
export interface PathInside {
  /** The same under the folder's name as it was opened, absolute. */
  readonly path: string;
  /** Absolute, links in the folders above it followed; its own last part as it stands. */
  readonly real: string;
  readonly realFolder: string;
}

/**
 * @returns the path, whose real place is strictly inside the real `folder`. Its last part may be a link: where that
 * leads is for the caller to judge.
 * @throws invalid_input, refused for the folder itself or one that holds it, outside_workspace.
 */
export async function resolveInside(folder: string, path: string, home: string): Promise<PathInside> {
  const written = absolutePath(folder, path, home);
  const realFolder = await realPath(folder).catch(() => undefined);
  if (realFolder === undefined) throw folderAndFileErrors.folderMissing(folder);
  const real = await realPathOf(dirname(written)).then(
    async (parent) => {
      // A drive can stand for a folder.
      if (dirname(written) === written) return await realPath(written).catch(() => written);
      return await inTrueCase(parent, join(parent, basename(written)));
    },
    (error: unknown) => {
      throw asToolError(error, path, `looking at "${path}"`);
    },
  );
  const isItself = isSameName(real, realFolder) || isSameName(written, folder);
  if (isItself || isInside(real, realFolder)) {
    const what = isItself ? 'is the folder itself' : `holds the folder "${folder}"`;
    throw environmentErrors.refused(`"${path}" ${what}.`, 'Name a folder inside it, for example ".venv".');
  }
  if (!isInside(realFolder, real)) throw folderAndFileErrors.outsideWorkspace(path, folder);
  return { path: join(folder, relative(realFolder, real)), real, realFolder };
}

/** @returns whether a file, all links followed, lies outside the folder; true where that cannot be told. Absolute paths. */
export async function liesOutside(folder: string, path: string): Promise<boolean> {
  try {
    const [realFolder, real] = await Promise.all([realPath(folder), realPathOf(path)]);
    return !isInside(realFolder, real);
  } catch {
    return true;
  }
}

/** @returns the path as results name it: relative inside the folder, absolute outside. */
export const relativeInside = (folder: string, path: string): string =>
  isInside(folder, path) ? relative(folder, path) : path;

/**
 * @returns an absolute path under the folder's name as it was opened, where it lies in the folder under another one: in
 * another case, through a link to the folder, by a drive that stands for it. The path's own last part may be a link.
 */
export async function asOpened(folder: string, path: string): Promise<string> {
  if (isSameName(folder, path)) return folder;
  if (isInside(folder, path)) return join(folder, relative(folder, path));
  const parent = dirname(path);
  const [realFolder, realParent] = await Promise.all([folder, parent].map(realPathOf)).catch(() => []);
  if (realFolder === undefined || realParent === undefined) return path;
  const real = parent === path ? realParent : join(realParent, basename(path));
  if (isSameName(realFolder, real)) return folder;
  return isInside(realFolder, real) ? join(folder, relative(realFolder, real)) : path;
}

/** Folders looked into for a file of the wanted name, at most. */
const foldersSearched = 100;
/** Names that are compared, at most. */
const entriesCompared = 5000;

/**
 * @returns what exists and is called nearly what is missing, absolute, nearest first, at most three: entries of the
 * nearest folder that exists, by edit distance, and the same name one folder further down.
 */
export async function nearestExisting(missing: string): Promise<string[]> {
  const meant = process.platform === 'win32' ? fromUnixShell(missing) : undefined;
  if (meant !== undefined && (await exists(meant))) return [meant];
  let folder = missing;
  let wanted: string;
  do {
    wanted = basename(folder);
    folder = dirname(folder);
  } while (!(await isFolder(folder)) && dirname(folder) !== folder);
  const entries = entriesIn(folder, entriesCompared).sort((a, b) => (a.name < b.name ? -1 : 1));
  const tolerated = Math.max(2, Math.floor(wanted.length / 3));
  const similar = entries
    .filter(({ name }) => Math.abs(name.length - wanted.length) <= tolerated)
    .map(({ name }) => ({ path: join(folder, name), distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= tolerated);
  for (const entry of entries.filter((each) => each.isDirectory()).slice(0, foldersSearched)) {
    const deeper = join(folder, entry.name, basename(missing));
    if (await exists(deeper)) similar.push({ path: deeper, distance: 1 });
  }
  return similar
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ path }) => path);
}

/** @returns whether anything, a dangling link too, is called that. @throws what says neither yes nor no. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'ENAMETOOLONG') return false;
    throw error;
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
