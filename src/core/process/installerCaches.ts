import { accessSync, constants, existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../files/homeFolder';
import { makeFolderSync } from '../files/makeFolder';
import { privateFolder } from '../files/privateFolder';
import { variableIn } from './environment';

/** What says that an installer has a cache elsewhere, or wants none. */
const chosen = {
  uv: ['UV_CACHE_DIR', 'UV_NO_CACHE'],
  pip: ['PIP_CACHE_DIR', 'PIP_NO_CACHE_DIR'],
} as const;

/**
 * @returns variables that give pip and uv a cache in a folder of this user's own, where theirs cannot be had: without a
 * home uv makes `.uv_cache` in the project, and pip `~`; below a home that cannot be written uv fails. Else none.
 * @param env what they are started with.
 */
export function installerCaches(
  env: Readonly<Record<string, string | undefined>>,
  platform = process.platform,
): Record<string, string> {
  const variables: Record<string, string> = {};
  if (platform === 'win32' || platform !== process.platform) return variables;
  for (const [installer, [name, ...others]] of Object.entries(chosen)) {
    if ([name, ...others].some((each) => (variableIn(env, each, platform) ?? '') !== '')) continue;
    if (canKeep(cacheOf(env), installer)) continue;
    try {
      variables[name] = join(privateFolder('caches'), installer);
    } catch {
      // It will say itself what it lacks.
    }
  }
  return variables;
}

/** @returns the user's cache folder as installers find it; undefined where it would be relative. */
function cacheOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const [cache = '', home = homeFolder()] = [env['XDG_CACHE_HOME'], env['HOME']];
  if (isAbsolute(cache)) return cache;
  return isAbsolute(home) ? join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache') : undefined;
}

/** Makes the folder, as the installer would. */
function canKeep(cache: string | undefined, installer: string): boolean {
  if (cache === undefined) return false;
  const own = join(cache, installer);
  try {
    makeFolderSync(cache, 0o700);
    accessSync(existsSync(own) ? own : cache, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
