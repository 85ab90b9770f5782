import { execFileSync } from 'node:child_process';

let found: string | undefined;

/** @returns the executable of some Python 3.8 or newer of this machine, not a shim. @throws where there is none. */
export function anyPython(): string {
  found ??= ['python3', 'python', 'py'].map(executableOf).find((path) => path !== undefined);
  if (found === undefined) throw new Error('The integration tests need a Python 3.8 or newer on PATH.');
  return found;
}

function executableOf(command: string): string | undefined {
  try {
    const code = 'import sys; assert sys.version_info >= (3, 8); print(sys.executable)';
    return execFileSync(command, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
