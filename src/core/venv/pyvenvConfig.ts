import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a pyvenv.cfg says (PEP 405), whichever tool wrote it: venv, virtualenv or uv. */
export interface PyvenvConfig {
  /** The folder of the base interpreter's executable. */
  readonly home: string | undefined;
  /** "3.12.1", "3.12". */
  readonly version: string | undefined;
  readonly systemSitePackages: boolean;
  readonly prompt: string | undefined;
  /** The base interpreter's executable, which venv writes from 3.11 on, and virtualenv. */
  readonly baseExecutable: string | undefined;
}

/** @returns the settings in the text of a pyvenv.cfg; a line without `=` says nothing, as for Python itself. */
export function parsePyvenvConfig(text: string): PyvenvConfig {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value?.trim()) settings.set(key.trim().toLowerCase(), value.trim());
  }
  return {
    home: settings.get('home'),
    // virtualenv writes "3.12.1.final.0".
    version: /^\d+\.\d+(\.\d+)?([abc]\d+|rc\d+)?/.exec(
      settings.get('version') ?? settings.get('version_info') ?? '',
    )?.[0],
    systemSitePackages: settings.get('include-system-site-packages')?.toLowerCase() === 'true',
    // venv writes the prompt as a Python literal.
    prompt: settings.get('prompt')?.replace(/^(['"])(.*)\1$/, '$2'),
    baseExecutable: settings.get('base-executable') ?? settings.get('executable'),
  };
}

/** @returns what a folder's pyvenv.cfg says; undefined where the folder has none and so is no venv. */
export function readPyvenvConfig(folder: string): PyvenvConfig | undefined {
  const path = join(folder, 'pyvenv.cfg');
  if (!existsSync(path)) return undefined; // Far cheaper than an exception.
  try {
    return parsePyvenvConfig(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
