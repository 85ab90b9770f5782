import { existsSync } from 'node:fs';
import { processErrors } from '../../failures/processErrors';
import type { ProcessRequest } from '../request';

/** MAX_PATH: Windows starts a program by paths that are shorter, though most other calls take longer ones. */
const maxPath = 260;

/** @returns whether Windows starts no program at this path. */
export const isTooLongToStart = (command: string, platform: NodeJS.Platform = process.platform): boolean =>
  platform === 'win32' && command.length >= maxPath;

/**
 * @returns why a process could not be started, where its paths are too long for that on Windows. For a working directory
 * that is, Node asks for the short name of the folder, which many disks have none of.
 */
export function tooLongToStart(
  { command, cwd }: Pick<ProcessRequest, 'command' | 'cwd'>,
  platform: NodeJS.Platform = process.platform,
  isThere: (path: string) => boolean = existsSync,
): Error | undefined {
  if (!isThere(command) || !isThere(cwd)) return undefined; // Then that is why.
  if (isTooLongToStart(command, platform)) return processErrors.pathTooLong('program', command);
  // Windows ends it with a backslash and a NUL.
  return platform === 'win32' && cwd.length >= maxPath - 2 ? processErrors.pathTooLong('folder', cwd) : undefined;
}
