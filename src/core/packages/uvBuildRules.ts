import { configurationFiles, type UvConfigurationSource } from './uvConfiguration';

/**
 * uv builds what its configuration lists under "no-binary", also where the command line says that nothing is to be
 * built, and no flag takes that back.
 *
 * @returns whether a configuration of uv's may have something built; true for one that cannot be understood.
 */
export async function mayForceBuilds(source: Omit<UvConfigurationSource, 'exists'>): Promise<boolean> {
  const texts = await Promise.all(configurationFiles(source).map(([path]) => source.read(path)));
  const written = texts.filter((text) => text !== undefined);
  if (written.length === 0) return false;
  const { parseToml } = await import('../files/toml');
  return written.some((text) => {
    try {
      return namesBinaries(parseToml(text));
    } catch {
      return true;
    }
  });
}

const namesBinaries = (value: unknown, depth = 0): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth > 20 ||
    Object.entries(value).some(([key, inner]) => /^no[-_]binary/i.test(key) || namesBinaries(inner, depth + 1)));
