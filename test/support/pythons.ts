import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface TestPython {
  /** `sys.executable`, absolute. */
  readonly executable: string;
  /** Such as "3.12.1". */
  readonly version: string;
}

let found: TestPython[] | undefined;

/**
 * @returns a Python of each minor version from 3.8 on that the machine has, oldest first: those that the variable
 * PYTHON_TOOLS_TEST_PYTHONS lists, else those of pyenv and on PATH.
 */
export function pythons(): readonly TestPython[] {
  found ??= [
    ...new Map(
      candidates()
        .map((command) => identify(command))
        .filter((python) => python !== undefined)
        .map((python) => [python.version.replace(/\.\d+$/, ''), python] as const)
        .reverse(), // Of two with the same minor version the first stays.
    ).values(),
  ].sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
  return found;
}

function candidates(): string[] {
  const listed = process.env['PYTHON_TOOLS_TEST_PYTHONS'];
  if (listed !== undefined) return listed.split(delimiter).filter((path) => path !== '');
  const names = Array.from({ length: 7 }, (_, index) => `python3.${8 + index}`);
  const pyenv = join(homedir(), '.pyenv', 'versions');
  return [...folders(pyenv).map((version) => join(pyenv, version, 'bin', 'python')), ...names, 'python3', 'python'];
}

function folders(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function identify(command: string): TestPython | undefined {
  const code =
    'import sys, platform; assert sys.version_info >= (3, 8); print(sys.executable); print(platform.python_version())';
  try {
    const output = execFileSync(command, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [executable, version] = output.trim().split(/\r?\n/);
    return executable && version ? { executable, version } : undefined;
  } catch {
    return undefined;
  }
}
