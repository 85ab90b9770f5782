import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectUrl, editableFolder, parseDirectUrl } from './directUrl';
import { headerText, MetadataHeaders, wholeHeaders } from './metadata';
import { normalizeName } from './normalizedName';
import type { PipRules } from './pipRules';
import { readBeginning, readSmallText } from './readFiles';
import { formatVersion, tryParseVersion } from './version';

/** The three forms of installed metadata: PEP 376's, that of setuptools and distutils, and that inside an egg. */
export type MetadataKind = 'dist-info' | 'egg-info' | 'egg';

/** An installed distribution. What is read at once is here; the rest of its metadata is read when asked for. */
export interface Distribution {
  /** As pip prints it: the metadata's spelling. */
  readonly name: string;
  /** As PEP 503 compares it. */
  readonly normalizedName: string;
  /** As pip prints it: normalized where it is a version at all (PEP 440). */
  readonly version: string;
  /** Whether the version is one by PEP 440. */
  readonly versionIsValid: boolean;
  /** As `pip show` prints it. */
  readonly shownVersion: string;
  readonly kind: MetadataKind;
  /** The folder (or, from distutils, the file) that holds the metadata. */
  readonly metadataPath: string;
  /** The folder that the distribution is found in. */
  readonly location: string;
  /** The project's folder, where it is installed in editable mode. */
  readonly editableProjectLocation: string | undefined;
  /** Where it was installed from, if not from an index (PEP 610). */
  readonly directUrl: DirectUrl | undefined;
  /** False where the metadata file itself is missing: an installer is at work, or was killed. */
  readonly complete: boolean;
  /** Whether it comes from the base interpreter or the user site rather than from the environment itself. */
  readonly inherited: boolean;
  /** The whole metadata, read when first asked for. */
  headers(): MetadataHeaders;
  /** Every requirement, those of extras with their markers (PEP 508). */
  requirements(): readonly string[];
  /** The tool that installed it, or '' where that is not recorded (PEP 376). */
  installer(): string;
}

/** Where a distribution's metadata was found. */
export interface MetadataPlace {
  readonly kind: MetadataKind;
  readonly path: string;
  readonly location: string;
  /** "NAME-VERSION", from the name of the folder. */
  readonly stem: string;
  readonly inherited: boolean;
}

/** Enough for Name and Version, which come first. */
const identityBytes = 1024;

/** Enough for most metadata without the description. */
const headerBytes = 8192;

/** As setuptools makes names out of anything. */
const safeName = (name: string): string => name.replace(/[^A-Za-z0-9.]+/g, '-');

function metadataFiles({ kind, path }: MetadataPlace): readonly string[] {
  if (kind === 'dist-info') return [join(path, 'METADATA'), join(path, 'PKG-INFO')];
  return kind === 'egg-info' ? [join(path, 'PKG-INFO'), path] : [join(path, 'PKG-INFO')];
}

function readHeaders(path: string): MetadataHeaders {
  const beginning = readBeginning(path, headerBytes) ?? '';
  return new MetadataHeaders(headerText(beginning) ?? readSmallText(path) ?? beginning);
}

/** @returns the file of the place that holds the metadata, with its headers up to Version at least. */
function readIdentity(place: MetadataPlace): { readonly path: string; readonly headers: MetadataHeaders } | undefined {
  for (const path of metadataFiles(place)) {
    const beginning = readBeginning(path, identityBytes);
    if (beginning === undefined) continue;
    const headers = new MetadataHeaders(wholeHeaders(beginning));
    const enough = headers.get('Name') !== undefined && headers.get('Version') !== undefined;
    return { path, headers: enough ? headers : readHeaders(path) };
  }
  return undefined;
}

/** @returns name and version as the name of the folder has them. */
function fromStem({ stem }: MetadataPlace, rules: PipRules): { name: string; version: string | undefined } {
  const [name = '', ...rest] = stem.split('-');
  if (rules.backend === 'pkg_resources') return { name: safeName(name), version: rest[0] };
  return { name, version: rest.length > 0 ? rest.join('-') : undefined };
}

/** @returns the name that pip compares: the folder's, or where that has no version, the one written in the metadata. */
function comparedName(place: MetadataPlace, folder: ReturnType<typeof fromStem>, written: string | undefined) {
  const trusted = place.kind === 'egg-info' || folder.version !== undefined;
  return trusted && folder.name !== '' ? folder.name : written;
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

/**
 * @param eggLinks the names of the .egg-link files on the whole search path.
 * @returns the distribution whose metadata is there, or undefined where pip finds none in it.
 */
export function readDistribution(
  place: MetadataPlace,
  rules: PipRules,
  eggLinks: ReadonlySet<string>,
): Distribution | undefined {
  const identity = readIdentity(place);
  if (!identity && rules.backend === 'pkg_resources' && isEmptyFolder(place.path)) return undefined;
  const written = { name: identity?.headers.get('Name'), version: identity?.headers.get('Version') };
  const folder = fromStem(place, rules);
  const compared = comparedName(place, folder, written.name);
  if (compared === undefined || (written.name === undefined && !rules.nameFromFolder)) return undefined;
  const name = written.name ?? normalizeName(compared);

  const folderFirst = place.kind === 'dist-info' && rules.nameFromFolder;
  const version = folderFirst ? (folder.version ?? written.version) : (written.version ?? folder.version);
  if (version === undefined) return undefined;
  const parsed = tryParseVersion(version);
  const asWritten = rules.backend === 'importlib' ? (written.version ?? version) : safeName(version);
  const printed = parsed ? formatVersion(parsed) : asWritten;

  const directUrlText = place.kind === 'dist-info' ? readSmallText(join(place.path, 'direct_url.json')) : undefined;
  const directUrl = directUrlText === undefined ? undefined : parseDirectUrl(directUrlText);
  const linked =
    eggLinks.has(`${safeName(name)}.egg-link`) || (rules.rawEggLinkNames && eggLinks.has(`${name}.egg-link`));
  let headers: MetadataHeaders | undefined;
  const allHeaders = (): MetadataHeaders =>
    (headers ??= identity ? readHeaders(identity.path) : new MetadataHeaders(''));
  return {
    name,
    normalizedName: normalizeName(compared),
    version: printed,
    versionIsValid: parsed !== undefined,
    shownVersion: rules.rawVersionShown ? (written.version ?? printed) : printed,
    kind: place.kind,
    metadataPath: place.path,
    location: place.location,
    editableProjectLocation: directUrl ? editableFolder(directUrl) : linked ? place.location : undefined,
    directUrl,
    complete: identity !== undefined,
    inherited: place.inherited,
    headers: allHeaders,
    requirements: () => {
      const listed = allHeaders().all('Requires-Dist');
      if (listed.length > 0 || place.kind === 'dist-info') return listed.map((text) => text.trim());
      return requirementsFromText(readSmallText(join(place.path, 'requires.txt')) ?? '');
    },
    installer: () => /\S.*/.exec(readSmallText(join(place.path, 'INSTALLER')) ?? '')?.[0].trimEnd() ?? '',
  };
}

/** @returns what a requires.txt (lines below "[EXTRA:MARKER]") says, as PEP 508 says it. */
function requirementsFromText(text: string): string[] {
  let condition = '';
  const requirements: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/).map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const section = /^\[([^:]*):?(.*)\]$/.exec(line);
    if (section) {
      const [, extra = '', marker = ''] = section;
      condition = [marker && `(${marker})`, extra && `extra == "${normalizeName(extra)}"`]
        .filter(Boolean)
        .join(' and ');
    } else {
      requirements.push(condition === '' ? line : `${line} ; ${condition}`);
    }
  }
  return requirements;
}
