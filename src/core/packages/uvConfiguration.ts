import { pathRules } from '../files/storage';
import { variableIn } from '../process/environment';

type ConfigurationFile = 'uv.toml' | 'pyproject.toml';

/**
 * The keys of `[pip]` that send an install out of the environment named by `--python`, plan it for another Python, or
 * write a plan into a file of the project. No flag takes them back, and `--python` does not overrule them as it does
 * `system`, `python` and `break-system-packages`.
 */
const misleading = ['target', 'prefix', 'output-file', 'python-version', 'python-platform'];

/**
 * @returns the first key of a uv.toml, or of the `[tool.uv]` of a pyproject.toml, for which uv must not read the file.
 * @throws TomlError where the text is no TOML.
 */
export async function misleadingKey(toml: string, file: ConfigurationFile): Promise<string | undefined> {
  const { parseToml } = await import('../files/toml');
  const document: unknown = parseToml(toml);
  const settings = file === 'uv.toml' ? document : memberOf(memberOf(document, 'tool'), 'uv');
  const pip = memberOf(settings, 'pip');
  const found = misleading.find((key) => memberOf(pip, key) !== undefined);
  return found === undefined ? undefined : `${file === 'uv.toml' ? '' : 'tool.uv.'}pip.${found}`;
}

const memberOf = (table: unknown, name: string): unknown =>
  typeof table === 'object' && table !== null && Object.hasOwn(table, name) ? Reflect.get(table, name) : undefined;

/** What decides which files uv reads. */
export interface UvConfigurationSource {
  /** The folder that uv is started in. */
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
  /** As in `PipConfigurationSource`. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** @returns whether anything is called that: what cannot be read may redirect all the same. */
  readonly exists: (path: string) => Promise<boolean>;
}

/**
 * Reads every file that uv may take for its configuration. What is no TOML rules uv out as well: uv passes over a
 * pyproject.toml that it cannot parse, but its parser is not this one.
 *
 * @returns why uv must not read its configuration, as a clause; undefined where it may.
 */
export async function whyUvIsMisled(source: UvConfigurationSource): Promise<string | undefined> {
  for (const [path, file] of configurationFiles(source)) {
    const text = await source.read(path);
    if (text === undefined) {
      if (await source.exists(path)) return `${path} cannot be read`;
      continue;
    }
    try {
      const key = await misleadingKey(text, file);
      if (key !== undefined) return `${path} sets "${key}", which is not obeyed here`;
    } catch {
      return `${path} is not valid TOML`;
    }
  }
  return undefined;
}

/** @returns the files that uv may take its configuration from: the folder's and its parents', the user's, the system's. */
export function configurationFiles(
  source: Omit<UvConfigurationSource, 'read' | 'exists'>,
): (readonly [string, ConfigurationFile])[] {
  const { root, home, env, platform = process.platform } = source;
  const rules = pathRules(platform);
  const variable = (name: string): string | undefined => {
    const value = variableIn(env, name, platform);
    return value === '' ? undefined : value;
  };
  const files: (readonly [string, ConfigurationFile])[] = [];
  const named = variable('UV_CONFIG_FILE');
  if (named !== undefined) files.push([rules.resolve(root, named), 'uv.toml']);
  for (let folder = root; ; folder = rules.dirname(folder)) {
    files.push([rules.join(folder, 'uv.toml'), 'uv.toml'], [rules.join(folder, 'pyproject.toml'), 'pyproject.toml']);
    if (rules.dirname(folder) === folder) break;
  }
  const folders =
    platform === 'win32'
      ? [variable('APPDATA') ?? rules.join(home, 'AppData', 'Roaming'), variable('PROGRAMDATA') ?? 'C:\\ProgramData']
      : [
          variable('XDG_CONFIG_HOME') ?? rules.join(home, '.config'),
          ...(variable('XDG_CONFIG_DIRS') ?? '/etc/xdg').split(rules.delimiter),
          '/etc',
        ];
  for (const folder of folders) files.push([rules.join(folder, 'uv', 'uv.toml'), 'uv.toml']);
  return files;
}
