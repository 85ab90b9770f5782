import { symlinkSync } from 'node:fs';

/**
 * Makes a link to a folder; on Windows a junction, for which no privilege is needed.
 * @returns whether the system has such links (Wine has none).
 */
export function linkFolder(target: string, path: string): boolean {
  try {
    symlinkSync(target, path, 'junction');
    return true;
  } catch (error) {
    if (process.platform !== 'win32') throw error;
    return false;
  }
}
