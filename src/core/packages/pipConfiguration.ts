import { posix, win32 } from 'node:path';
import { variableIn } from '../process/environment';

/** What decides where pip's configuration lies; injected, so that every platform's rules can be tested on one. */
export interface PipConfigurationSource {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Root of the venv, whose own pip.conf counts too. */
  readonly prefix: string;
  /** @returns the text of a file; undefined where there is none that can be read. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** The options that pip would take from its files and variables for `install`: long name without "--" → value. */
export type PipConfiguration = ReadonlyMap<string, string>;

/** The value by which pip is told to read no configuration file at all (`os.devnull`). */
export const devNull = (platform: NodeJS.Platform): string => (platform === 'win32' ? 'nul' : '/dev/null');

/** The XDG specification takes an empty variable for an unset one. */
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** @returns the files that pip reads, the later ones winning. */
export function pipConfigurationFiles(source: Omit<PipConfigurationSource, 'read'>): readonly string[] {
  const { platform, env, home, prefix } = source;
  const variable = (name: string): string | undefined => nonEmpty(variableIn(env, name, platform));
  const windows = platform === 'win32';
  const join = (...parts: string[]): string => (windows ? win32 : posix).join(...parts);
  const name = windows ? 'pip.ini' : 'pip.conf';
  const named = variableIn(env, 'PIP_CONFIG_FILE', platform);
  if (named === devNull(platform)) return [];

  const global = windows
    ? [join(variable('PROGRAMDATA') ?? variable('ALLUSERSPROFILE') ?? 'C:\\ProgramData', 'pip', name)]
    : platform === 'darwin'
      ? [join('/Library/Application Support/pip', name)]
      : [
          ...(variable('XDG_CONFIG_DIRS') ?? '/etc/xdg').split(':').map((folder) => join(folder, 'pip', name)),
          join('/etc', name),
        ];
  const user = windows
    ? [join(home, 'pip', name), join(variable('APPDATA') ?? join(home, 'AppData', 'Roaming'), 'pip', name)]
    : platform === 'darwin'
      ? [join(home, '.pip', name), join(home, '.config/pip', name), join(home, 'Library/Application Support/pip', name)]
      : [join(home, '.pip', name), join(variable('XDG_CONFIG_HOME') ?? join(home, '.config'), 'pip', name)];
  // pip leaves the user's file out where PIP_CONFIG_FILE names one that exists; the caller reads what exists.
  return [...global, ...(named ? [] : user), join(prefix, name), ...(named ? [named] : [])];
}

const optionName = (text: string): string => text.trim().toLowerCase().replaceAll('_', '-').replace(/^--/, '');

/** Parses the INI dialect of Python's RawConfigParser, as far as pip's files use it. @returns section → option → value. */
export function parseIni(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  let lines: string[] | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    if (lines && /^\s+\S/.test(line)) {
      lines.push(line.trim());
      continue;
    }
    const header = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    const end = line.search(/[=:]/);
    const key = line.slice(0, Math.max(end, 0)).trim();
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, string[]>();
      sections.set(header, section);
      lines = undefined;
    } else if (key !== '' && section) {
      lines = [line.slice(end + 1).trim()];
      section.set(optionName(key), lines);
    }
  }
  const joined = (options: ReadonlyMap<string, readonly string[]>) =>
    new Map([...options].map(([option, values]) => [option, values.join('\n').trim()]));
  return new Map([...sections].map(([name, options]) => [name, joined(options)]));
}

const withoutVariable = (env: PipConfigurationSource['env'], name: string): PipConfigurationSource['env'] =>
  Object.fromEntries(Object.entries(env).filter(([other]) => other.toUpperCase() !== name));

/** Variables that belong to pip's tests, not to its options. */
const notOptions = new Set(['PIP_CONFIG_FILE']);

/**
 * Reads pip's configuration without starting pip: its files (global, user, the venv's own, PIP_CONFIG_FILE; sections
 * `[global]`, then `[install]`), then the PIP_* variables.
 */
export async function readPipConfiguration(source: PipConfigurationSource): Promise<PipConfiguration> {
  const named = variableIn(source.env, 'PIP_CONFIG_FILE', source.platform);
  const missing = named !== undefined && (await source.read(named)) === undefined && named !== devNull(source.platform);
  const env = missing ? withoutVariable(source.env, 'PIP_CONFIG_FILE') : source.env;

  const global = new Map<string, string>();
  const install = new Map<string, string>();
  for (const file of pipConfigurationFiles({ ...source, env })) {
    const text = await source.read(file);
    if (text === undefined) continue;
    const sections = parseIni(text);
    for (const [option, value] of sections.get('global') ?? []) global.set(option, value);
    for (const [option, value] of sections.get('install') ?? []) install.set(option, value);
  }
  const effective = new Map<string, string>();
  const variables = Object.entries(source.env).flatMap(([name, value]): [string, string][] =>
    /^PIP_/i.test(name) && !notOptions.has(name.toUpperCase()) ? [[optionName(name.slice(4)), value ?? '']] : [],
  );
  for (const [option, value] of [...global, ...install, ...variables]) {
    // An empty value is as good as none.
    if (value !== '') effective.set(option, value);
  }
  return effective;
}

/**
 * Options that would send an install elsewhere than into the venv, add to what was asked for, or change what pip
 * answers. None of them is obeyed, whatever installer runs.
 */
export const redirectingOptions: ReadonlySet<string> = new Set([
  'target',
  'prefix',
  'root',
  'user',
  'install-option',
  'python',
  'break-system-packages',
  'require-virtualenv',
  'platform',
  'python-version',
  'implementation',
  'abi',
  'requirement',
  'editable',
  'group',
  'dry-run',
  'report',
  'help',
  'version',
]);
