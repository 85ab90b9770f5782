import { fileURLToPath } from 'node:url';
import { isSamePlace } from '../pathIdentity';

/** Where a distribution was installed from, as its direct_url.json records it (PEP 610). */
export interface DirectUrl {
  readonly url: string;
  readonly subdirectory: string | undefined;
  readonly source:
    | { readonly kind: 'directory'; readonly editable: boolean }
    | { readonly kind: 'vcs'; readonly vcs: string; readonly commit: string }
    | {
        readonly kind: 'archive';
        /** The older `hash` field, "ALGORITHM=VALUE". */
        readonly hash: string | undefined;
        /** The newer `hashes` field. */
        readonly hashes: readonly (readonly [algorithm: string, value: string])[];
      };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOrNone = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parseSource({ archive_info, dir_info, vcs_info }: Fields): DirectUrl['source'] | undefined {
  if ([archive_info, dir_info, vcs_info].filter((info) => info !== undefined).length !== 1) return undefined;
  if (isFields(dir_info)) return { kind: 'directory', editable: dir_info['editable'] === true };
  if (isFields(vcs_info)) {
    const { vcs, commit_id: commit } = vcs_info;
    return typeof vcs === 'string' && typeof commit === 'string' ? { kind: 'vcs', vcs, commit } : undefined;
  }
  if (!isFields(archive_info)) return undefined;
  const hashes = isFields(archive_info['hashes']) ? Object.entries(archive_info['hashes']) : [];
  return {
    kind: 'archive',
    hash: textOrNone(archive_info['hash']),
    hashes: hashes.flatMap(([algorithm, value]) => (typeof value === 'string' ? [[algorithm, value] as const] : [])),
  };
}

/** @returns what a direct_url.json says, or undefined where it is not valid; pip then goes on without it, too. */
export function parseDirectUrl(json: string): DirectUrl | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isFields(parsed) || typeof parsed['url'] !== 'string') return undefined;
  const source = parseSource(parsed);
  return source && { url: parsed['url'], subdirectory: textOrNone(parsed['subdirectory']), source };
}

/** @returns the folder of the project that an editable installation points at, or undefined where it is not editable. */
export function editableFolder({ url, source }: DirectUrl): string | undefined {
  if (source.kind !== 'directory' || !source.editable) return undefined;
  return filePath(url);
}

/** @returns whether two URLs are one; of a `file:` URL its path counts, which every tool escapes and spells its own way. */
export function isSameUrl(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [filePath(a), filePath(b)];
  return one !== undefined && other !== undefined && isSamePlace(one, other);
}

function filePath(url: string): string | undefined {
  try {
    return /^file:/i.test(url) ? fileURLToPath(url) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param rules.newHashes whether the newer `hashes` field of an archive counts (pip 26.1 and later).
 * @returns the requirement that installs from the same place again, such as "name @ git+https://host/x@0123abc".
 */
export function directReference(name: string, directUrl: DirectUrl, rules: { readonly newHashes: boolean }): string {
  const { url, subdirectory, source } = directUrl;
  const fragments: string[] = [];
  let target = url;
  if (source.kind === 'vcs') target = `${source.vcs}+${url}@${source.commit}`;
  if (source.kind === 'archive') {
    const [newest] = rules.newHashes ? source.hashes : [];
    const hash = newest ? newest.join('=') : source.hash;
    if (hash !== undefined && hash !== '') fragments.push(hash);
  }
  if (subdirectory !== undefined && subdirectory !== '') fragments.push(`subdirectory=${subdirectory}`);
  return `${name} @ ${target}${fragments.length > 0 ? `#${fragments.join('&')}` : ''}`;
}
