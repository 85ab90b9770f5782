import { pathRules, type Machine } from '../storage';

/** @returns the folders on PATH, absolute ones only: "." would run what a project brought along. */
export function pathFolders({ platform, env }: Machine): string[] {
  const rules = pathRules(platform);
  // Windows spells it Path.
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return (env[name] ?? '')
    .split(rules.delimiter)
    .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
    .filter((folder) => rules.isAbsolute(folder));
}
