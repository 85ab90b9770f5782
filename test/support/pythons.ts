import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A Python to test with. */
export interface TestPython {
  /** Absolute path of the executable. */
  readonly path: string;
  /** Such as "3.12.1". */
  readonly version: string;
  /** Such as 12. */
  readonly minor: number;
}

const oldestMinor = 8;

function candidates(): string[] {
  const named = process.env['PYTHON_TOOLS_TEST_PYTHONS'];
  if (named) return named.split(delimiter);
  const pyenv = join(homedir(), '.pyenv/versions');
  if (existsSync(pyenv)) return readdirSync(pyenv).map((version) => join(pyenv, version, 'bin/python'));
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = process.platform === 'win32' ? ['python.exe'] : readdirOf(folders);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).filter((path) => existsSync(path));
}

function readdirOf(folders: readonly string[]): string[] {
  const names = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder));
  return [...new Set(names.filter((name) => /^python3(\.\d+)?$/.test(name)))];
}

function identify(path: string): TestPython | undefined {
  const program = 'import platform, sys; print(sys.executable); print(platform.python_version())';
  try {
    const output = execFileSync(path, ['-c', program], { encoding: 'utf8', stdio: 'pipe', timeout: 5000 });
    const [executable = '', version = ''] = output.trim().split(/\r?\n/);
    const minor = Number(/^3\.(\d+)/.exec(version)?.[1] ?? 0);
    return minor >= oldestMinor ? { path: executable, version, minor } : undefined;
  } catch {
    return undefined; // A shim without a Python behind it.
  }
}

/**
 * @returns one Python of each minor version from 3.8 on, oldest first: those that PYTHON_TOOLS_TEST_PYTHONS lists, else
 * pyenv's, else those on PATH.
 */
export function testPythons(): TestPython[] {
  found ??= find();
  return [...found];
}

let found: readonly TestPython[] | undefined;

function find(): TestPython[] {
  const byMinor = new Map<number, TestPython>();
  for (const python of candidates().map(identify)) {
    if (python && !byMinor.has(python.minor)) byMinor.set(python.minor, python);
  }
  return [...byMinor.values()].sort((a, b) => a.minor - b.minor);
}

/** @returns the host's environment without what configures pip, uv, Python or git for this user. */
export function cleanEnvironment(home: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(PIP_|UV_|PYTHON|VIRTUAL_ENV|GIT_|_PIP_)/.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_CACHE_DIR: join(home, 'pip-cache'),
    PYTHONNOUSERSITE: '1',
    PYTHONUTF8: '1',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}
