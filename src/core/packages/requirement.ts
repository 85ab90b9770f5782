import { MarkerError, parseMarker, type Marker } from './markers';
import { normalizeName } from './normalizedName';
import { parseSpecifierSet, VersionError, type SpecifierSet } from './version';

/** A requirement after PEP 508: a name with extras, what is wanted of it, and the marker that says where it applies. */
export interface Requirement {
  /** As written. */
  readonly name: string;
  /** Normalized (PEP 503), in the order written. */
  readonly extras: readonly string[];
  /** Empty where any version will do, and where `url` says what is wanted. */
  readonly specifiers: SpecifierSet;
  /** The part after "@", as written; undefined without one. */
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
}

/** A requirement in a list that somebody wrote: its name is normalized (PEP 503), its text kept. */
export interface ListedRequirement extends Requirement {
  readonly text: string;
}

/** A text that is no requirement; the message says why, as the end of a sentence. */
export class RequirementError extends Error {
  override readonly name = 'RequirementError';
}

const identifier = String.raw`[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?`;
const headPattern = new RegExp(String.raw`^(${identifier})[ \t]*(?:\[([^\]]*)\])?[ \t]*`);
const extraPattern = new RegExp(`^${identifier}$`);

/** Real requirements take a fraction of it. */
const maxLength = 4096;

/**
 * Refuses what could be read as something else than one requirement on a command line or in a requirements file: an
 * option, a second line, the end of a C string.
 *
 * @returns `text` without the blanks around it. @throws RequirementError
 */
export function singleRequirementText(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new RequirementError('it is empty');
  if (trimmed.startsWith('-')) throw new RequirementError('it starts with "-", and installer options are not taken');
  if (trimmed.length > maxLength) throw new RequirementError(`it is longer than ${maxLength} characters`);
  if (/[\p{Cc}\u2028\u2029]/u.test(trimmed.replaceAll('\t', ' '))) {
    throw new RequirementError('it holds a line break or another control character');
  }
  return trimmed;
}

function parseExtras(text: string | undefined): readonly string[] {
  if (text === undefined || text.trim() === '') return [];
  return text.split(',').map((part) => {
    const extra = part.trim();
    if (!extraPattern.test(extra)) throw new RequirementError(`"${extra}" is not the name of an extra`);
    return normalizeName(extra);
  });
}

function parseSpecifiers(text: string): SpecifierSet {
  const trimmed = text.trim();
  const inner = /^\((.*)\)$/s.exec(trimmed)?.[1] ?? trimmed;
  if (inner.trim() === '') return [];
  // One comma may trail; the grammar has no other empty part.
  const parts = inner.split(',');
  if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  if (parts.some((part) => part.trim() === '')) {
    throw new RequirementError('a version specifier is missing beside a comma');
  }
  try {
    return parseSpecifierSet(parts.join(','));
  } catch (error) {
    if (error instanceof VersionError) throw new RequirementError(error.message);
    throw error;
  }
}

function parseMarkerPart(text: string): Marker {
  try {
    return parseMarker(text);
  } catch (error) {
    if (error instanceof MarkerError) throw new RequirementError(error.message);
    throw error;
  }
}

/** @returns the requirement that `text` spells (PEP 508). @throws RequirementError where it spells none. */
export function parseRequirement(text: string): Requirement {
  const trimmed = singleRequirementText(text);
  const head = headPattern.exec(trimmed);
  const name = head?.[1];
  if (!head || name === undefined) throw new RequirementError('it does not start with the name of a package');
  const extras = parseExtras(head[2]);
  const rest = trimmed.slice(head[0].length);

  if (rest.startsWith('@')) {
    const [url = '', ...others] = rest.slice(1).trim().split(/[ \t]/);
    const tail = others.join(' ').trim();
    if (url === '') throw new RequirementError('a URL is missing after "@"');
    if (tail !== '' && !tail.startsWith(';')) {
      throw new RequirementError('after the URL only "; " and a marker may follow');
    }
    return { name, extras, specifiers: [], url, marker: tail === '' ? undefined : parseMarkerPart(tail.slice(1)) };
  }
  const semicolon = rest.indexOf(';');
  const wanted = semicolon === -1 ? rest : rest.slice(0, semicolon);
  const marker = semicolon === -1 ? undefined : parseMarkerPart(rest.slice(semicolon + 1));
  return { name, extras, specifiers: parseSpecifiers(wanted), url: undefined, marker };
}

/** @returns the requirement with its name normalized and its text. @throws RequirementError where it spells none. */
export function listedRequirement(text: string): ListedRequirement {
  const requirement = parseRequirement(text);
  return { ...requirement, name: normalizeName(requirement.name), text: text.trim() };
}
