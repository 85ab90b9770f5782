import { win32 } from 'node:path';

/**
 * @returns the absolute path of a program that comes with Windows. Never looked up on PATH, where a project could have
 * put its own.
 */
export const systemProgram = (name: string, env: Readonly<Record<string, string | undefined>> = process.env): string =>
  win32.join(env['SystemRoot'] ?? env['windir'] ?? 'C:\\Windows', 'System32', name);
