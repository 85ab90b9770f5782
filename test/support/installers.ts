import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../../src/core/environment';
import { InterpreterFinder } from '../../src/core/interpreters/finder';
import type { Interpreter } from '../../src/core/interpreters/interpreter';
import { uvFinder } from '../../src/core/interpreters/uv';

const run = promisify(execFile);

/** Variables without any configuration of this machine's pip and uv, for tests that bring their own. */
export function plainEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(PIP|UV|PYTHON)/i.test(name)) env[name] = value;
  }
  return { ...env, PIP_CONFIG_FILE: devNull, UV_NO_CONFIG: '1', ...extra };
}

/** @returns one final CPython of each minor version from 3.8 on, oldest first. */
export async function installedPythons(): Promise<Interpreter[]> {
  const byMinor = new Map<string, Interpreter>();
  for (const interpreter of await new InterpreterFinder().discover()) {
    const minor = interpreter.version.split('.').slice(0, 2).join('.');
    const usable = interpreter.isFinal && interpreter.ensurepipWheel !== undefined;
    if (usable && !byMinor.has(minor)) byMinor.set(minor, interpreter);
  }
  return [...byMinor.values()].reverse();
}

/** @returns uv: that of PYTHON_TOOLS_TEST_UV, else one that is found; undefined where there is none. */
export async function installedUv(): Promise<{ readonly path: string; readonly version: string } | undefined> {
  const named = process.env['PYTHON_TOOLS_TEST_UV'];
  if (named === undefined) return await uvFinder()();
  return existsSync(named) ? { path: named, version: '' } : undefined;
}

/** Makes a venv in a fraction of the time that ensurepip takes. @param options.pip whether it gets the base's pip. */
export async function makeVenv(
  interpreter: Interpreter,
  path: string,
  options: { readonly pip?: boolean; readonly systemSitePackages?: boolean } = {},
): Promise<Environment> {
  const env = plainEnv();
  const args = ['-m', 'venv', '--without-pip', ...(options.systemSitePackages ? ['--system-site-packages'] : []), path];
  await run(interpreter.executable, args, { env });
  const windows = process.platform === 'win32';
  const scripts = join(path, windows ? 'Scripts' : 'bin');
  const python = join(scripts, windows ? 'python.exe' : 'python');
  const minor = interpreter.version.split('.').slice(0, 2).join('.');
  const own = windows ? join(path, 'Lib', 'site-packages') : join(path, 'lib', `python${minor}`, 'site-packages');
  if (options.pip) await addPip(interpreter, python, own);
  const inherited = options.systemSitePackages ? interpreter.libraries.own : [];
  return { path, python, version: interpreter.version, isVenv: true, scripts, libraries: { own: [own], inherited } };
}

/** Copies the base's pip, compiled as it is: a pip fresh from its wheel spends its first run compiling itself. */
async function addPip(interpreter: Interpreter, python: string, own: string): Promise<void> {
  for (const folder of interpreter.libraries.own) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^pip(-.*\.dist-info)?$/.test(name));
    if (names.length !== 2) continue;
    const copies = names.map((name) =>
      cp(join(folder, name), join(own, name), { recursive: true, preserveTimestamps: true }),
    );
    await Promise.all(copies);
    return;
  }
  const unpack = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])';
  await run(python, ['-c', unpack, interpreter.ensurepipWheel ?? '', own], { env: plainEnv() });
}
