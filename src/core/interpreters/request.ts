import { homeFolder } from '../files/homeFolder';
import { pathRules } from '../files/storage';
import type { VersionParts } from './version';
import { versionParts } from './version';

/** What a person means by "python3.12", "3.12", "./venv" or "C:\Python312". */
export type InterpreterRequest =
  | { readonly kind: 'path'; readonly path: string }
  /** `version` is what the name promises: [3, 12], [3], or nothing. */
  | { readonly kind: 'name'; readonly name: string; readonly version: VersionParts };

/** @returns the request; `folder` is what a relative path starts from. */
export function parseInterpreterRequest(
  wanted: string,
  { folder, home = homeFolder(), platform }: { folder: string; home?: string; platform: NodeJS.Platform },
): InterpreterRequest {
  const rules = pathRules(platform);
  const text = wanted.trim();
  const version = /^(?:(?:c?python|py)[ -]*)?v?(\d+(?:\.\d+){0,2})(?:\.exe)?$/i.exec(text)?.[1];
  if (version !== undefined) return { kind: 'name', name: `python${version}`, version: versionParts(version) };
  if (/^~(?=[/\\]|$)/.test(text)) return { kind: 'path', path: rules.join(home, text.slice(1)) };
  if (/[/\\]/.test(text) || text.startsWith('.')) return { kind: 'path', path: rules.resolve(folder, text) };
  return { kind: 'name', name: text.replace(/\.exe$/i, ''), version: [] };
}
