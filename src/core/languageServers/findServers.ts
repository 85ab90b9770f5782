import { pathFolders } from '../interpreters/pathFolders';
import { executableFile } from '../interpreters/executableFile';
import { isTrustedFolder } from '../process/executableFolders';
import { isSameName } from '../pathIdentity';
import { localAppData, pathRules, type Machine } from '../files/storage';
import type { LanguageServer } from './servers';

/** A server that is installed. Whether it starts, only starting it tells. */
export interface FoundServer {
  readonly server: LanguageServer;
  /** Absolute, as it stands. */
  readonly path: string;
  /** Changes when the file does. */
  readonly stamp: string;
}

export interface SearchedPlaces {
  readonly machine: Machine;
  /** The folder of the active venv's executables, absolute; undefined for no venv. */
  readonly scripts: string | undefined;
}

/**
 * @returns the servers that are installed, the one to prefer first: what the active venv brings, then what is on PATH,
 * then what lies where tools are usually installed, since an editor started from a dock has a bare PATH. Within each the
 * order of `servers` counts.
 */
export function findServers(servers: readonly LanguageServer[], { machine, scripts }: SearchedPlaces): FoundServer[] {
  const places = [scripts === undefined ? [] : [scripts], pathFolders(machine), usualFolders(machine)];
  const found = places.flatMap((folders) =>
    servers.flatMap((server) => folders.flatMap((folder) => serverIn(folder, server, machine.platform) ?? [])),
  );
  const isFirst = ({ path }: FoundServer, index: number): boolean =>
    found.findIndex((other) => isSameName(other.path, path, machine.platform)) === index;
  return found.filter(isFirst);
}

/** @returns the server whose executable was named; by its file name, where none is expected. */
export function serverAt(
  path: string,
  expected: readonly LanguageServer[],
  platform: NodeJS.Platform,
): FoundServer | undefined {
  const file = executableFile(path, platform);
  if (!file) return undefined;
  const written = pathRules(platform)
    .basename(path)
    .replace(/\.(exe|cmd)$/i, '');
  const name = platform === 'win32' ? written.toLowerCase() : written;
  const [only, ...others] = expected;
  const server = expected.find(({ executable }) => executable === name) ?? (others.length === 0 ? only : undefined);
  return server && { server, path, stamp: file.stamp };
}

function serverIn(folder: string, server: LanguageServer, platform: NodeJS.Platform): FoundServer | undefined {
  // npm installs batch files on Windows.
  const names = platform === 'win32' ? [`${server.executable}.exe`, `${server.executable}.cmd`] : [server.executable];
  for (const name of names) {
    const path = pathRules(platform).join(folder, name);
    const file = executableFile(path, platform);
    if (file) return { server, path, stamp: file.stamp };
  }
  return undefined;
}

/** @returns where uv, pipx, npm, cargo and Homebrew put executables, absolute. */
export function usualFolders(machine: Machine): string[] {
  const { platform, env, home } = machine;
  const rules = pathRules(platform);
  const data = env['XDG_DATA_HOME'];
  const folders = [
    env['UV_TOOL_BIN_DIR'],
    env['XDG_BIN_HOME'],
    data === undefined ? undefined : rules.join(data, '..', 'bin'),
    env['PIPX_BIN_DIR'],
    rules.join(home, '.local', 'bin'),
    rules.join(home, '.cargo', 'bin'),
    ...(platform === 'win32'
      ? [
          rules.join(env['APPDATA'] ?? rules.join(home, 'AppData', 'Roaming'), 'npm'),
          rules.join(localAppData(machine), 'Microsoft', 'WinGet', 'Links'),
          rules.join(home, 'scoop', 'shims'),
        ]
      : [
          rules.join(home, '.npm-global', 'bin'),
          '/opt/homebrew/bin',
          '/usr/local/bin',
          '/home/linuxbrew/.linuxbrew/bin',
        ]),
  ];
  return [
    ...new Set(folders.filter((folder) => folder !== undefined).filter((folder) => isTrustedFolder(folder, platform))),
  ];
}
