import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { normalizeName } from './normalizedName';

type Size = { readonly download_bytes: number } | Record<string, never>;

/** @returns whether a value that was parsed is an object with fields. */
export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns the size of a wheel or archive: the one that is named, else that of a file on this machine; else nothing. */
export async function sizeOf({ size, url }: { readonly size?: unknown; readonly url?: unknown }): Promise<Size> {
  if (typeof size === 'number') return { download_bytes: size };
  if (typeof url !== 'string' || !url.startsWith('file:')) return {};
  try {
    const found = await stat(fileURLToPath(url));
    return found.isFile() ? { download_bytes: found.size } : {};
  } catch {
    return {};
  }
}

/**
 * @returns the sizes in a pylock.toml (PEP 751), by normalized name: of the wheel, else of the source archive; none
 * where it cannot be read.
 */
export async function sizesInLock(toml: string): Promise<ReadonlyMap<string, Size>> {
  const sizes = new Map<string, Size>();
  const packages = await packagesIn(toml);
  for (const each of Array.isArray(packages) ? packages : []) {
    if (!isTable(each) || typeof each['name'] !== 'string') continue;
    const { name, wheels, sdist } = each;
    const source: unknown = Array.isArray(wheels) ? wheels[0] : sdist;
    if (isTable(source)) sizes.set(normalizeName(name), await sizeOf(source));
  }
  return sizes;
}

async function packagesIn(toml: string): Promise<unknown> {
  const { parseToml, TomlError } = await import('../files/toml');
  try {
    return parseToml(toml)['packages'];
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}
