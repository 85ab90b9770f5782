import { join } from 'node:path';
import { attemptReadingAtOnce, type WhyUnread } from '../files/readFiles';

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

/** The file has some ten lines. */
const longest = 64 * 1024;

/** @returns what a folder's pyvenv.cfg says; undefined where it has none that can be read. */
export function readPyvenvConfig(folder: string): PyvenvConfig | undefined {
  const read = attemptPyvenvConfig(folder);
  return 'config' in read ? read.config : undefined;
}

/** @returns what a folder's pyvenv.cfg says, or why it was not read; where it is missing the folder is no venv. */
export function attemptPyvenvConfig(
  folder: string,
): { readonly config: PyvenvConfig } | { readonly unread: WhyUnread } {
  const reading = attemptReadingAtOnce(join(folder, 'pyvenv.cfg'), longest);
  return 'bytes' in reading ? { config: parsePyvenvConfig(reading.bytes.toString('utf8')) } : reading;
}
