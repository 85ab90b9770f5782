import { win32 } from 'node:path';
import { pathRules, type Machine } from '../files/storage';
import { isTrustedFolder } from '../process/executableFolders';
import { expandVariables } from './windows/variables';

/**
 * @returns the folders on PATH in which an executable may be looked up: "." would run what a project brought along, a
 * folder that everybody may write to what somebody else did.
 */
export function pathFolders({ platform, env }: Machine): string[] {
  const rules = pathRules(platform);
  // Windows spells it Path.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const value = env[name] ?? '';
  if (platform === 'win32') return windowsFolders(value, env);
  return value
    .split(rules.delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
    .filter((folder) => isTrustedFolder(folder, platform));
}

/**
 * What people write into the Path of Windows: quotes, also around a semicolon; variables that nobody expanded; slashes;
 * a backslash at the end; one folder in several spellings.
 */
function windowsFolders(value: string, env: Machine['env']): string[] {
  const folders = new Map<string, string>();
  for (const [entry] of value.matchAll(/(?:"[^"]*"?|[^;"])+/g)) {
    const written = expandVariables(entry.replaceAll('"', '').trim(), env);
    // "\tools" is on whichever drive is the current one.
    if (!/^([a-z]:|[\\/])[\\/]/i.test(written)) continue;
    const folder = win32.resolve(written);
    const key = folder.toLowerCase();
    if (!folders.has(key)) folders.set(key, folder);
  }
  return [...folders.values()];
}
