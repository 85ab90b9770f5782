import { dirname, join } from 'node:path';

/** Where uv looks for its configuration. */
export interface UvConfigurationSource {
  /** The folder that uv is started in, absolute. */
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @returns the text of a file; undefined where there is none that can be read. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** @returns the files that uv may take its configuration from: the folder's and its parents', the user's, the system's. */
function configurationFiles({ root, home, env }: UvConfigurationSource): string[] {
  const files = env['UV_CONFIG_FILE'] === undefined ? [] : [env['UV_CONFIG_FILE']];
  for (let folder = root; ; folder = dirname(folder)) {
    files.push(join(folder, 'uv.toml'), join(folder, 'pyproject.toml'));
    if (dirname(folder) === folder) break;
  }
  const shared = [env['PROGRAMDATA'], '/etc', ...(env['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(':')];
  const personal = [env['APPDATA'], env['XDG_CONFIG_HOME'], join(home, '.config')];
  const folders = [...personal, ...shared].filter((folder) => folder !== undefined);
  return [...files, ...folders.map((folder) => join(folder, 'uv', 'uv.toml'))];
}

/**
 * uv builds what its configuration lists under "no-binary", also where the command line says that nothing is to be
 * built, and no flag takes that back.
 *
 * @returns whether a configuration of uv's may have something built; true for one that cannot be understood.
 */
export async function mayForceBuilds(source: UvConfigurationSource): Promise<boolean> {
  const texts = await Promise.all(configurationFiles(source).map(source.read));
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
