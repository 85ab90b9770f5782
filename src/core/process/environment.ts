import { delimiter } from 'node:path';

/** Variables of the host (the editor, its Electron, an activated Python) that a child Python must not see. */
const scrubbed = /^(VSCODE_|ELECTRON_)|^(PYTHONHOME|VIRTUAL_ENV|VIRTUAL_ENV_PROMPT|__PYVENV_LAUNCHER__)$/;

/**
 * @returns the environment of a child process: the host's without what belongs to the host alone, Python in UTF-8 and
 * unbuffered, `scripts` (a venv's `bin`) first on PATH and `VIRTUAL_ENV` set where the process runs in a venv.
 */
export function childEnvironment(options: {
  readonly host?: Readonly<Record<string, string | undefined>>;
  /** Root of the venv that the process runs in. */
  readonly venv?: { readonly path: string; readonly scripts: string } | undefined;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.host ?? process.env)) {
    if (value !== undefined && !scrubbed.test(name)) env[name] = value;
  }
  env['PYTHONUTF8'] = '1';
  env['PYTHONUNBUFFERED'] = '1';
  if (options.venv) {
    env['VIRTUAL_ENV'] = options.venv.path;
    // Windows spells it Path, and holds one of the two.
    const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
    env[name] = env[name] ? `${options.venv.scripts}${delimiter}${env[name]}` : options.venv.scripts;
  }
  return { ...env, ...options.extra };
}
