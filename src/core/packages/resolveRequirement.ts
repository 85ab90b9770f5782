import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errors } from '../errors';
import { inTrueCase, plainPath } from '../pathIdentity';
import { whyNotOnWindows } from '../windowsNames';
import { quoted } from '../files/quoted';
import type { Marker } from './markers';
import { normalizeName } from './normalizedName';
import { parseRequirement, RequirementError, singleRequirementText, type Requirement } from './requirement';

/** What a caller asked for, in a form that an installer can only read as one requirement. */
export interface ResolvedRequirement {
  /** As the caller wrote it, without the blanks around it. */
  readonly text: string;
  /** What the installer is given: PEP 508, a URL or an absolute path; never starts with "-". */
  readonly argument: string;
  /** Normalized; undefined where only a build will tell (a URL of an sdist, a folder). */
  readonly name: string | undefined;
  /** Where it comes from, where that is not an index: what direct_url.json (PEP 610) will hold. */
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
}

const archive = /\.(whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$/i;
const urlScheme = /^[a-z][a-z0-9+.-]*:/i;
const installableScheme = /^(https?|ftp|file|(git|hg|svn|bzr)\+(https?|ssh|git|file|lp|sftp|ftp|svn|static-http)):/i;
const withExtras = /^(.+?)\[([A-Za-z0-9._,\s-]*)\]$/s;

async function kindOf(path: string): Promise<'file' | 'folder' | 'irregular' | 'missing'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'irregular';
  } catch {
    return 'missing';
  }
}

/** @returns whether the folder holds a Python project that an installer can build. */
export async function isInstallableFolder(folder: string): Promise<boolean> {
  const kinds = await Promise.all(['pyproject.toml', 'setup.py'].map((file) => kindOf(join(folder, file))));
  return kinds.includes('file');
}

/**
 * @returns the path as an installer takes it: a `file:` URL, which no character of the path can end early; with
 * extras the path itself, since a URL can't carry them.
 */
export const pathArgument = (path: string, extras: string): string =>
  extras === '' ? pathToFileURL(path).href : `${path}${extras}`;

/** @returns a path split off the extras in brackets behind it: `["./project", "[test]"]`. */
export function splitExtras(text: string): readonly [path: string, extras: string] {
  const [, path, extras] = withExtras.exec(text) ?? [];
  return path === undefined || extras === undefined ? [text, ''] : [path, `[${extras.replace(/\s/g, '')}]`];
}

/** @throws RequirementError where the URL is not one that an installer may be handed. */
function checkUrl(url: string): void {
  if (/\s/.test(url)) throw new RequirementError('a URL holds no blanks');
  if (!installableScheme.test(url)) throw new RequirementError('its URL is neither http(s), file nor a VCS one');
  const [, host = '', path = ''] =
    /^[^:]+:(?:\/\/)?([^/]*)(.*)$/s.exec(url.replace(/%40/g, '@').replace(/%2d/gi, '-')) ?? [];
  // "git+https://host/repo@--upload-pack=…": a revision or a host that a version control system would read as an option.
  if (path.includes('@-') || /(^|@)-/.test(host)) {
    throw new RequirementError('a host or revision in its URL starts with "-"');
  }
}

/** The name in a wheel's file name (PEP 427) or in `#egg=`. */
function nameInUrl(url: string): string | undefined {
  const [address = '', fragment = ''] = url.split('#', 2);
  const egg = /(?:^|&)egg=([A-Za-z0-9._-]+)/.exec(fragment)?.[1];
  const [path = ''] = address.split('?', 1);
  const [wheel, ...tags] = path.slice(path.lastIndexOf('/') + 1).split('-');
  const isWheel = wheel !== '' && tags.length > 0 && /\.whl$/i.test(path);
  const name = egg ?? (isWheel ? wheel : undefined);
  return name === undefined ? undefined : normalizeName(name);
}

function resolveUrl(text: string): ResolvedRequirement {
  const [, url = text, marker] = /^(\S+)\s+;(.*)$/.exec(text) ?? [];
  checkUrl(url);
  const condition = marker === undefined ? undefined : parseRequirement(`x;${marker}`).marker;
  return { text, argument: text, name: nameInUrl(url), url, marker: condition };
}

async function resolvePath(root: string, text: string): Promise<ResolvedRequirement | undefined> {
  const whole = resolve(root, plainPath(text));
  const [path, extras] = (await kindOf(whole)) === 'missing' ? splitExtras(text) : [text, ''];
  const absolute = await inTrueCase(root, resolve(root, plainPath(path)));
  const kind = await kindOf(absolute);
  if (kind === 'missing') return undefined;
  if (kind === 'folder' && !(await isInstallableFolder(absolute))) {
    throw new RequirementError('that folder has neither a pyproject.toml nor a setup.py');
  }
  if (kind === 'irregular') throw new RequirementError('that is a FIFO, a socket or a device');
  if (kind === 'file' && !archive.test(absolute)) {
    throw new RequirementError(
      'that file is neither a wheel nor a source archive; a requirements file goes in "requirements"',
    );
  }
  const url = pathToFileURL(absolute).href;
  return { text, argument: pathArgument(absolute, extras), name: nameInUrl(url), url, marker: undefined };
}

function resolveNamed(text: string, { name, url, marker }: Requirement): ResolvedRequirement {
  if (url !== undefined) checkUrl(url);
  return { text, argument: text, name: normalizeName(name), url, marker };
}

/** A bare word is a name even where a folder is called so, as installers have it; with a separator it is a path. */
const looksLikePath = (text: string): boolean =>
  /^\.{1,2}(\[|$)|^(\.{0,2}[\\/]|[A-Za-z]:[\\/])|^[^\s@;]*[\\/]/.test(text) || archive.test(splitExtras(text)[0]);

const driveRelative = /^[A-Za-z]:(?![\\/])/;

async function resolveText(root: string, text: string, platform: NodeJS.Platform): Promise<ResolvedRequirement> {
  const why = platform === 'win32' && driveRelative.test(text) ? whyNotOnWindows(text) : undefined;
  if (why !== undefined) throw new RequirementError(why);
  if (urlScheme.test(text) && !/^[A-Za-z]:[\\/]/.test(text)) return resolveUrl(text);
  if (looksLikePath(text)) {
    const found = await resolvePath(root, text);
    if (!found) throw new RequirementError(`nothing exists at ${resolve(root, splitExtras(text)[0])}`);
    return found;
  }
  try {
    return resolveNamed(text, parseRequirement(text));
  } catch (error) {
    const found = error instanceof RequirementError ? await resolvePath(root, text) : undefined;
    if (found) return found;
    throw error;
  }
}

/**
 * @param root the folder that relative paths start from.
 * @throws ToolError requirement_invalid, before anything was started.
 */
export async function resolveRequirement(
  root: string,
  text: string,
  platform: NodeJS.Platform = process.platform,
): Promise<ResolvedRequirement> {
  try {
    return await resolveText(root, singleRequirementText(text), platform);
  } catch (error) {
    if (error instanceof RequirementError) throw errors.requirementInvalid(quoted(text), error.message);
    throw error;
  }
}

/** @returns the normalized name. @throws ToolError requirement_invalid where it is more or less than a name. */
export function requirementName(text: string): string {
  try {
    const { name, extras, specifiers, url, marker } = parseRequirement(text);
    if (extras.length > 0 || specifiers.length > 0 || url !== undefined || marker) {
      throw new RequirementError(`a bare name is wanted here, such as "${name}"`);
    }
    return normalizeName(name);
  } catch (error) {
    if (error instanceof RequirementError) throw errors.requirementInvalid(quoted(text), error.message);
    throw error;
  }
}
