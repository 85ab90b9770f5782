import { lstatSync, readlinkSync, realpath as walkedRealpath, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { pathRules } from './files/storage';
import { isMissing } from './files/systemErrors';

/**
 * @returns a path without the `\\?\` before it that Windows takes for long ones and most programs do not, where the
 * same place has a plain name: `\\?\C:\a`, `\\?\UNC\host\share`.
 */
export function plainPath(path: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return path;
  const [, unc, rest] = /^[\\/]{2}[?.][\\/](?:(UNC[\\/])(?=[^\\/])|(?=[A-Za-z]:(?:[\\/]|$)))(.*)$/is.exec(path) ?? [];
  if (rest === undefined) return path;
  if (unc !== undefined) return `\\\\${rest}`;
  return /^[A-Za-z]:$/.test(rest) ? `${rest}\\` : rest;
}

/** @returns whether two absolute paths are one by their names alone: on Windows in any case, with either separator. */
export const isSameName = (a: string, b: string, platform: NodeJS.Platform = process.platform): boolean =>
  a === b || nameKey(a, platform) === nameKey(b, platform);

/** @returns the same text for paths that are one by their names alone; for maps and sets. */
export function nameKey(path: string, platform: NodeJS.Platform = process.platform): string {
  const resolved = pathRules(platform).resolve(plainPath(path, platform));
  // As `win32.relative` compares. macOS has both kinds of file systems: there only the real path tells.
  return platform === 'win32' ? resolved.toLowerCase() : resolved;
}

/**
 * @returns one text for all spellings of one place: case, links and junctions, a drive that stands for a folder or a
 * share. It goes by the real path as far as the place exists, and is no path to open.
 */
export const placeKey = (path: string, platform: NodeJS.Platform = process.platform): string =>
  nameKey(realPathAsFarAsThere(plainPath(path, platform), platform), platform);

/**
 * @returns where an existing path leads, links followed. Windows tells it of no file on some disks in memory, shares and
 * encrypted volumes: there it is found link by link. @throws what the file system throws.
 */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (process.platform !== 'win32' || isMissing(error)) throw error;
    return await promisify(walkedRealpath)(path);
  }
}

/** As `realPath`, at once. */
export function realPathSync(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (process.platform !== 'win32' || isMissing(error)) throw error;
    return realpathSync(path);
  }
}

/** @returns whether two absolute paths lead to one place. */
export const isSamePlace = (a: string, b: string, platform: NodeJS.Platform = process.platform): boolean =>
  isSameName(a, b, platform) || placeKey(a, platform) === placeKey(b, platform);

/** The most that Linux takes (PATH_MAX); of what is longer, each folder above would be looked at in vain. */
const longestPath = 4096;

// Synchronous, since it is asked where a folder is picked; where the names are equal, which is nearly always, it is not.
function realPathAsFarAsThere(path: string, platform: NodeJS.Platform, links = 0): string {
  if (path.length > longestPath) return path;
  const rules = pathRules(platform);
  try {
    return realPathSync(path);
  } catch {
    // Missing, a loop of links, or not permitted: then by its name.
  }
  const parent = rules.dirname(path);
  if (parent === path || links > 40) return path;
  const target = danglingTarget(path);
  if (target !== undefined) return realPathAsFarAsThere(rules.resolve(parent, target), platform, links + 1);
  return rules.join(realPathAsFarAsThere(parent, platform, links), rules.basename(path));
}

function danglingTarget(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @returns a path with the case that its names have on the disk, where it differs from that in nothing else; links in it
 * are kept. The way to `folder`, which holds it, stays as it is spelled.
 */
export async function inTrueCase(
  folder: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  if (platform !== 'win32' && platform !== 'darwin') return path;
  const rules = pathRules(platform);
  try {
    const [realFolder, real] = await Promise.all([realPath(folder), realPath(path)]);
    const [way, realWay] = [rules.relative(folder, path), rules.relative(realFolder, real)];
    return way !== realWay && caseless(way) === caseless(realWay) ? rules.join(folder, realWay) : path;
  } catch {
    return path; // Not there, or nothing that may be looked at.
  }
}

/** macOS takes both forms of an accented letter for one, too. */
const caseless = (name: string): string => name.normalize('NFC').toLowerCase();
