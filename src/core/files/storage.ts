import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, posix, win32 } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readText } from './readFiles';
import { homeFolder } from './homeFolder';
import { makeFolder } from './makeFolder';

/** The machine as the code sees it; tests describe others than the one they run on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  readonly home: string;
}

/** @returns the machine this process runs on. */
export const thisMachine = (): Machine => ({
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  home: homeFolder(),
});

/** @returns the rules by which the machine writes its paths. */
export const pathRules = (platform: NodeJS.Platform): typeof posix => (platform === 'win32' ? win32 : posix);

/** What the folders of this program are called. */
export const application = 'python-tools-mcp';

/** @returns the folder under `base` that a variable of the XDG specification names; relative values are ignored by it. */
const xdg = ({ env, home }: Machine, variable: string, ...fallback: string[]): string => {
  const value = env[variable];
  return posix.join(value?.startsWith('/') ? value : posix.join(home, ...fallback), application);
};

/** @returns %LOCALAPPDATA%, which a bare environment may lack. */
export const localAppData = ({ env, home }: Machine): string =>
  env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');

/** @returns the folder for what must survive a restart, absolute; it need not exist yet. */
export function stateFolder(machine: Machine = thisMachine()): string {
  if (machine.platform === 'win32') return win32.join(localAppData(machine), application);
  if (machine.platform === 'darwin') return posix.join(machine.home, 'Library', 'Application Support', application);
  return xdg(machine, 'XDG_STATE_HOME', '.local', 'state');
}

/** @returns the folder for what can be found out again, absolute; it need not exist yet. */
export function cacheFolder(machine: Machine = thisMachine()): string {
  if (machine.platform === 'win32') return win32.join(localAppData(machine), application, 'Cache');
  if (machine.platform === 'darwin') return posix.join(machine.home, 'Library', 'Caches', application);
  return xdg(machine, 'XDG_CACHE_HOME', '.cache');
}

/** @returns the value in a JSON file; undefined where there is no file, or it cannot be read or parsed. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/**
 * Writes a JSON file, its folder too, so that a reader sees the old or the new value and never half of one.
 * @throws what the file system throws.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, JSON.stringify(value), { mode: 0o600 });
    await replace(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Renames a file over another one, or a folder. Windows refuses while another process has something of them open: a
 * reader, or a scanner that looks at what is new, has it for a moment only.
 * @throws what the file system throws.
 */
export async function replace(
  from: string,
  to: string,
  attempts = process.platform === 'win32' ? 10 : 0,
): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (attempts === 0) throw error;
    await delay(200 / attempts);
    await replace(from, to, attempts - 1);
  }
}
