import { join, sep } from 'node:path';
import { once } from '../lazily';
import { type DirectUrl, editableFolder, parseDirectUrl } from './directUrl';
import type { Distribution, MetadataKind, MetadataPlace } from './distribution';
import { MetadataHeaders } from './metadata';
import { type Identity, readHeaders } from './metadataFile';
import { normalizeName } from './normalizedName';
import type { PipRules } from './pipRules';
import { readBeginning, readSmallText } from '../files/readFiles';
import { formatVersion, tryParseVersion } from './version';

/** As setuptools makes names out of anything. */
export const safeName = (name: string): string => name.replace(/[^A-Za-z0-9.]+/g, '-');

/** INSTALLER has one word. */
const installerBytes = 1024;
/** Of the other files beside the metadata, which have some lines. */
const largestPart = 1024 * 1024;

/** What the name of the metadata's folder says. */
export interface FolderName {
  readonly name: string;
  readonly version: string | undefined;
}

/** What a distribution is made of; its metadata is read when it is first asked for. */
export interface Found {
  readonly place: MetadataPlace;
  readonly rules: PipRules;
  readonly folder: FolderName;
  /** As pip compares it, not yet normalized. */
  readonly compared: string;
  readonly complete: boolean;
  readonly identity: () => Identity | undefined;
  readonly eggLinks: ReadonlySet<string>;
}

export class FoundDistribution implements Distribution {
  readonly normalizedName: string;
  readonly #found: Found;
  readonly #version = once(() => this.#printVersion());
  readonly #directUrl = once(() => this.#readDirectUrl());
  readonly #headers = once(() => {
    const identity = this.#found.identity();
    return identity ? readHeaders(identity.path) : new MetadataHeaders('');
  });

  constructor(found: Found) {
    this.#found = found;
    this.normalizedName = normalizeName(found.compared);
  }

  get kind(): MetadataKind {
    return this.#found.place.kind;
  }

  get metadataPath(): string {
    return this.#found.place.path;
  }

  get location(): string {
    return this.#found.place.location;
  }

  get inherited(): boolean {
    return this.#found.place.inherited;
  }

  get complete(): boolean {
    return this.#found.complete;
  }

  get name(): string {
    return this.#written('Name') ?? this.normalizedName;
  }

  get version(): string {
    return this.#version().text;
  }

  get versionIsValid(): boolean {
    return this.#version().isValid;
  }

  get shownVersion(): string {
    return (this.#found.rules.rawVersionShown ? this.#written('Version') : undefined) ?? this.version;
  }

  get directUrl(): DirectUrl | undefined {
    return this.#directUrl();
  }

  get editableProjectLocation(): string | undefined {
    if (this.directUrl) return editableFolder(this.directUrl);
    const { eggLinks, rules, place } = this.#found;
    if (eggLinks.size === 0) return undefined;
    const linked =
      eggLinks.has(`${safeName(this.name)}.egg-link`) ||
      (rules.rawEggLinkNames && eggLinks.has(`${this.name}.egg-link`));
    return linked ? place.location : undefined;
  }

  headers(): MetadataHeaders {
    return this.#headers();
  }

  requirements(): readonly string[] {
    const listed = this.headers().all('Requires-Dist');
    if (listed.length > 0 || this.kind === 'dist-info') return listed.map((text) => text.trim());
    return requirementsFromText(readSmallText(join(this.metadataPath, 'requires.txt'), largestPart) ?? '');
  }

  installer(): string {
    return /\S.*/.exec(readBeginning(join(this.metadataPath, 'INSTALLER'), installerBytes) ?? '')?.[0].trimEnd() ?? '';
  }

  #written(header: 'Name' | 'Version'): string | undefined {
    return this.#found.identity()?.headers.get(header);
  }

  #printVersion() {
    const { rules, folder, place } = this.#found;
    const folderFirst = place.kind === 'dist-info' && rules.nameFromFolder && folder.version !== undefined;
    const version = (folderFirst ? folder.version : (this.#written('Version') ?? folder.version)) ?? '';
    const parsed = tryParseVersion(version);
    if (parsed) return { text: formatVersion(parsed), isValid: true };
    const text = rules.backend === 'importlib' ? (this.#written('Version') ?? version) : safeName(version);
    return { text, isValid: false };
  }

  #readDirectUrl(): DirectUrl | undefined {
    if (this.kind !== 'dist-info') return undefined;
    const text = readSmallText(`${this.metadataPath}${sep}direct_url.json`, largestPart);
    return text === undefined ? undefined : parseDirectUrl(text);
  }
}

/** @returns what a requires.txt (lines below "[EXTRA:MARKER]") says, as PEP 508 says it. */
function requirementsFromText(text: string): string[] {
  let condition = '';
  const requirements: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/).map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      const section = line.slice(1, -1);
      const [extra = ''] = section.split(':', 1);
      const marker = section.slice(extra.length + 1);
      condition = [marker && `(${marker})`, extra && `extra == "${normalizeName(extra)}"`]
        .filter(Boolean)
        .join(' and ');
    } else {
      requirements.push(condition === '' ? line : `${line} ; ${condition}`);
    }
  }
  return requirements;
}
