import { dirname, join } from 'node:path';
import { errors } from '../errors';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { runProcess } from '../process/runProcess';
import { isTrustedFolder } from '../process/executableFolders';
import { lastingCache } from '../files/ownFolder';
import type { Machine } from '../files/storage';
import { localAppData, pathRules, thisMachine } from '../files/storage';
import { AnswerCache } from './answerCache';
import { pathFolders } from './pathFolders';
import { executableFile } from './executableFile';
import { scoopRoots } from './windows/windowsPlaces';

/** A uv that answered. */
export interface Uv {
  /** Absolute. */
  readonly path: string;
  /** Such as "0.9.2". */
  readonly version: string;
}

export interface UvFinder {
  (signal?: AbortSignal): Promise<Uv | undefined>;
  /** Asks every uv anew from now on. */
  forget(): Promise<void>;
}

const isVersionText = (value: unknown): value is string => typeof value === 'string' && /^\d+\.\d+/.test(value);

/**
 * @returns a function that finds uv: on PATH and, since an editor started from a dock has a bare PATH, in the folders
 * its installers use. The variable PYTHON_TOOLS_UV names another one by its
 * absolute path; empty, it stands for none.
 */
export function uvFinder(options: { readonly machine?: Machine; readonly cacheFolder?: string } = {}): UvFinder {
  const machine = options.machine ?? thisMachine();
  const folder = options.cacheFolder ?? lastingCache(machine);
  const cache = new AnswerCache(folder && join(folder, 'uv.json'), isVersionText);
  const find = async (signal?: AbortSignal): Promise<Uv | undefined> => {
    for (const path of uvCandidates(machine)) {
      const file = executableFile(path, machine.platform);
      if (!file) continue;
      let version = await cache.get(path, file.stamp);
      if (version === undefined) {
        version = await askVersion(path, machine, signal);
        cache.set(path, file.stamp, version);
        await cache.save();
      }
      if (version !== null) return { path, version };
    }
    return undefined;
  };
  return Object.assign(find, {
    forget: async () => {
      await cache.forget();
    },
  });
}

/** @returns where uv may be, absolute, in the order in which it is looked for. */
export function uvCandidates(machine: Machine): string[] {
  const { platform, env, home } = machine;
  const set = env['PYTHON_TOOLS_UV'];
  const rules = pathRules(platform);
  if (set !== undefined) return rules.isAbsolute(set) ? [set] : [];
  const installed = [env['UV_INSTALL_DIR'], env['XDG_BIN_HOME'], rules.join(home, '.local', 'bin')];
  const usual =
    platform === 'win32'
      ? [
          rules.join(localAppData(machine), 'Microsoft', 'WinGet', 'Links'),
          ...scoopRoots(machine).map((root) => rules.join(root, 'shims')),
        ]
      : ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/bin', '/snap/bin'];
  const folders = [...pathFolders(machine), ...installed, rules.join(home, '.cargo', 'bin'), ...usual];
  const name = platform === 'win32' ? 'uv.exe' : 'uv';
  const trusted = folders
    .filter((folder) => folder !== undefined)
    .filter((folder) => isTrustedFolder(folder, platform));
  return [...new Set(trusted.map((folder) => rules.join(folder, name)))];
}

async function askVersion(command: string, machine: Machine, signal?: AbortSignal): Promise<string | null> {
  const env = childEnvironment({ host: machine.env, isTool: true });
  const options = { cwd: dirname(command), env, timeoutMs: 2000, signal, spill: false, isQuestion: true };
  const outcome = await runProcess({ command, args: ['--version'], ...options }).catch(() => undefined);
  if (signal?.aborted) throw errors.cancelled('The search for uv', 'Nothing was changed.');
  if (outcome?.exitCode !== 0) return null;
  return /^uv (\d+\.\d+\S*)/m.exec(textOf(outcome.stdout))?.[1] ?? null;
}
