import { workspaceVariable } from '../core/settings';
import { localAppData, pathRules, type Machine } from '../core/files/storage';
import type { Launch } from './connection';

export type Scope = 'project' | 'user';

export type AgentId = 'claude' | 'codex' | 'gemini' | 'copilot' | 'opencode' | 'cursor' | 'windsurf' | 'vscode' | 'mcp';

/** The values of an entry, as JSON and TOML both know them. */
export type Entry = Readonly<
  Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>>>
>;

/** How one agent is told of an MCP server. */
export interface Agent {
  readonly id: AgentId;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** Where in the file the servers stand. */
  readonly servers: string;
  /** The files of each scope that the agent reads, absolute; the first one is made where there is none. */
  readonly files: Readonly<Partial<Record<Scope, (place: Place) => readonly string[]>>>;
  readonly entry: (launch: Launch, options: EntryOptions) => Entry;
  /** Commands on PATH by which an installed agent is known. */
  readonly commands: readonly string[];
  /** Folders by which it is known, too. */
  readonly folders: (place: Place) => readonly string[];
  readonly note?: (options: EntryOptions) => string | undefined;
}

export interface EntryOptions {
  readonly scope: Scope;
  readonly trust: boolean;
  readonly platform: NodeJS.Platform;
}

export interface Place {
  readonly project: string;
  readonly machine: Machine;
}

/** A run may take 300 s, a large install far longer; cancelling ends both, so that no shorter limit is needed. */
const callSeconds = 1800;
/** The first `npx` downloads the package. */
const startSeconds = 60;

/** What an installer needs of the environment; Codex passes on only what is named. */
const variablesOfInstallers = ['http', 'https', 'no', 'all']
  .flatMap((scheme) => [`${scheme.toUpperCase()}_PROXY`, `${scheme}_proxy`])
  .concat(['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'PIP_CONFIG_FILE', 'PIP_INDEX_URL'])
  .concat(['PIP_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_DEFAULT_INDEX', 'UV_CONFIG_FILE', 'UV_PYTHON_INSTALL_DIR'])
  .concat(['XDG_STATE_HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'LOCALAPPDATA', 'APPDATA']);

/** Without the first of them neither Node.js nor Python starts; older versions of Codex pass on none. */
const variablesOfWindows = ['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'HOMEDRIVE', 'HOMEPATH'].concat([
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'PROCESSOR_ARCHITECTURE',
]);

const withEnv = ({ env }: Launch, key = 'env'): Entry => (Object.keys(env).length > 0 ? { [key]: env } : {});
const stdio = (launch: Launch): Entry => ({
  type: 'stdio',
  command: launch.command,
  args: launch.args,
  ...withEnv(launch),
});

const join = ({ machine }: Place, ...parts: string[]): string => pathRules(machine.platform).join(...parts);
const inHome = (place: Place, ...parts: string[]): string => join(place, place.machine.home, ...parts);
/** @returns a path in the folder that a variable names, else in that folder of the home. */
const inOwn = (place: Place, variable: string, fallback: readonly string[], ...parts: string[]): string => {
  const value = place.machine.env[variable];
  return value !== undefined && value !== '' ? join(place, value, ...parts) : inHome(place, ...fallback, ...parts);
};

/** cmd.exe takes an argument apart at "&" and fills in "%": what goes through it is told the folder by a variable. */
const inFolder = (launch: Launch, folder: string): Launch =>
  launch.command === 'cmd'
    ? { ...launch, env: { ...launch.env, [workspaceVariable]: folder } }
    : { ...launch, args: [...launch.args, '--workspace', folder] };

/** Where VS Code's installers put it on Windows: its command is on PATH only where a box of theirs is left ticked. */
const installedVsCode = (place: Place): readonly string[] => {
  const { platform, env } = place.machine;
  if (platform !== 'win32') return [];
  const folders = [join(place, localAppData(place.machine), 'Programs'), env['ProgramFiles']];
  return folders
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => ['Microsoft VS Code', 'Microsoft VS Code Insiders'].map((name) => join(place, folder, name)));
};

/** Every agent that can be connected, in the order in which they are shown. */
export const agents: readonly Agent[] = [
  {
    id: 'claude',
    title: 'Claude Code',
    format: 'json',
    servers: 'mcpServers',
    files: {
      project: (place) => [join(place, place.project, '.mcp.json')],
      user: (place) => [inOwn(place, 'CLAUDE_CONFIG_DIR', [], '.claude.json')],
    },
    entry: stdio,
    commands: ['claude'],
    folders: (place) => [inOwn(place, 'CLAUDE_CONFIG_DIR', ['.claude'])],
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    servers: 'mcp_servers',
    files: {
      user: (place) => [inOwn(place, 'CODEX_HOME', ['.codex'], 'config.toml')],
      project: (place) => [join(place, place.project, '.codex', 'config.toml')],
    },
    entry: (launch, { platform }) => ({
      command: launch.command,
      args: launch.args,
      env_vars: platform === 'win32' ? [...variablesOfInstallers, ...variablesOfWindows] : variablesOfInstallers,
      startup_timeout_sec: startSeconds,
      tool_timeout_sec: callSeconds,
      ...withEnv(launch),
    }),
    commands: ['codex'],
    folders: (place) => [inOwn(place, 'CODEX_HOME', ['.codex'])],
    note: ({ scope }) =>
      scope === 'project' ? 'Codex reads it only in projects that it was told to trust.' : undefined,
  },
  {
    id: 'gemini',
    title: 'Gemini CLI',
    format: 'json',
    servers: 'mcpServers',
    files: {
      project: (place) => [join(place, place.project, '.gemini', 'settings.json')],
      user: (place) => [inOwn(place, 'GEMINI_CLI_HOME', [], '.gemini', 'settings.json')],
    },
    entry: (launch, { trust }) => ({
      command: launch.command,
      args: launch.args,
      ...withEnv(launch),
      timeout: callSeconds * 1000,
      ...(trust ? { trust } : {}),
    }),
    commands: ['gemini'],
    folders: (place) => [inOwn(place, 'GEMINI_CLI_HOME', [], '.gemini')],
    note: ({ trust }) =>
      trust
        ? 'Gemini CLI will call these tools without asking.'
        : 'Without a terminal (gemini -p) Gemini CLI offers these tools only with --trust, which ends its questions.',
  },
  {
    id: 'copilot',
    title: 'Copilot CLI',
    format: 'json',
    servers: 'mcpServers',
    files: { user: (place) => [inOwn(place, 'COPILOT_HOME', ['.copilot'], 'mcp-config.json')] },
    entry: (launch) => ({
      type: 'local',
      command: launch.command,
      args: launch.args,
      ...withEnv(launch),
      tools: ['*'],
      timeout: callSeconds * 1000,
    }),
    commands: ['copilot'],
    folders: (place) => [inOwn(place, 'COPILOT_HOME', ['.copilot'])],
  },
  {
    id: 'opencode',
    title: 'opencode',
    format: 'json',
    servers: 'mcp',
    files: {
      project: (place) => ['opencode.json', 'opencode.jsonc'].map((file) => join(place, place.project, file)),
      user: (place) =>
        ['opencode.json', 'opencode.jsonc'].map((file) =>
          inOwn(place, 'XDG_CONFIG_HOME', ['.config'], 'opencode', file),
        ),
    },
    entry: (launch) => ({
      type: 'local',
      command: [launch.command, ...launch.args],
      ...withEnv(launch, 'environment'),
      enabled: true,
      timeout: callSeconds * 1000,
    }),
    commands: ['opencode'],
    folders: (place) => [inOwn(place, 'XDG_CONFIG_HOME', ['.config'], 'opencode')],
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    servers: 'mcpServers',
    files: {
      project: (place) => [join(place, place.project, '.cursor', 'mcp.json')],
      user: (place) => [inHome(place, '.cursor', 'mcp.json')],
    },
    // Cursor starts servers wherever it was started itself.
    entry: (launch, { scope }) => stdio(scope === 'project' ? inFolder(launch, '${workspaceFolder}') : launch),
    commands: ['cursor', 'cursor-agent'],
    folders: (place) => [inHome(place, '.cursor')],
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    format: 'json',
    servers: 'mcpServers',
    files: { user: (place) => [inHome(place, '.codeium', 'windsurf', 'mcp_config.json')] },
    entry: (launch) => ({ command: launch.command, args: launch.args, ...withEnv(launch) }),
    commands: ['windsurf'],
    folders: (place) => [inHome(place, '.codeium', 'windsurf')],
  },
  {
    id: 'vscode',
    title: 'VS Code, without this extension',
    format: 'json',
    servers: 'servers',
    files: { project: (place) => [join(place, place.project, '.vscode', 'mcp.json')] },
    entry: stdio,
    commands: ['code', 'code-insiders', 'codium'],
    folders: installedVsCode,
  },
  {
    id: 'mcp',
    title: 'Others that read .mcp.json',
    format: 'json',
    servers: 'mcpServers',
    files: { project: (place) => [join(place, place.project, '.mcp.json')] },
    entry: stdio,
    commands: [],
    folders: () => [],
  },
];

/** @returns the agent; undefined where the name is not one of ours. */
export const agentNamed = (name: string): Agent | undefined => agents.find(({ id }) => id === name);

/** @returns the scopes that the agent has, the usual one first. */
export const scopesOf = ({ files }: Agent): readonly Scope[] =>
  (Object.keys(files) as Scope[]).filter((scope) => files[scope] !== undefined);
