import { pathRules } from '../files/storage';
import { trustedPath } from './executableFolders';

/** Variables of the host (the editor, its Electron, an activated Python) that a child Python must not see. */
const scrubbed = /^(VSCODE_|ELECTRON_)|^(PYTHONHOME|VIRTUAL_ENV|VIRTUAL_ENV_PROMPT|__PYVENV_LAUNCHER__)$/;

type Variables = Readonly<Record<string, string>>;

/**
 * @returns the environment of a child process: the host's without what belongs to the host alone, Python in UTF-8 and
 * unbuffered, `scripts` (a venv's `bin`) first on PATH and `VIRTUAL_ENV` set where the process runs in a venv.
 *
 * A tool (an installer, git, a Python that is asked what it is) finds programs in trusted folders only; what a user runs
 * has PATH as it is.
 */
export function childEnvironment(options: {
  readonly host?: Readonly<Record<string, string | undefined>>;
  /** Root of the venv that the process runs in. */
  readonly venv?: { readonly path: string; readonly scripts: string } | undefined;
  readonly extra?: Variables | undefined;
  /** Default: false, for what a user runs. */
  readonly isTool?: boolean;
  readonly platform?: NodeJS.Platform;
}): Record<string, string> {
  const { host = process.env, venv, extra = {}, isTool = false, platform = process.platform } = options;
  const same = sameName(platform);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && !scrubbed.test(same(name))) kept[name] = value;
  }
  const own: Record<string, string> = { PYTHONUTF8: '1', PYTHONUNBUFFERED: '1' };
  // Windows spells it Path, and holds one of the two.
  const name = Object.keys(kept).find((key) => same(key) === 'PATH') ?? 'PATH';
  if (isTool) {
    kept[name] = trustedPath(kept[name] ?? '', platform);
    // Windows looks into the current folder first, whatever PATH says.
    if (platform === 'win32') own['NoDefaultCurrentDirectoryInExePath'] = '1';
  }
  if (venv) {
    own['VIRTUAL_ENV'] = venv.path;
    own[name] = onPath(venv.scripts, kept[name] ?? '', platform);
  }
  return withVariables(withVariables(kept, own, platform), extra, platform);
}

/** @returns the variables with more of them. On Windows one takes the place of another whose name differs in case only. */
export function withVariables(
  env: Variables,
  more: Variables,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const same = sameName(platform);
  const last = new Map(Object.keys(more).map((name) => [same(name), name]));
  return Object.fromEntries([
    ...Object.entries(env).filter(([name]) => !last.has(same(name))),
    ...Object.entries(more).filter(([name]) => last.get(same(name)) === name),
  ]);
}

/** @returns a variable's value by its name, in which case does not count on Windows. */
export function variableIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const same = sameName(platform);
  return env[name] ?? Object.entries(env).find(([other]) => same(other) === same(name))?.[1];
}

const sameName = (platform: NodeJS.Platform) => (name: string) => (platform === 'win32' ? name.toUpperCase() : name);

function onPath(folder: string, path: string, platform: NodeJS.Platform): string {
  const { delimiter } = pathRules(platform);
  // Windows alone can quote what holds its delimiter.
  const entry = platform === 'win32' && folder.includes(delimiter) ? `"${folder}"` : folder;
  return path === '' ? entry : `${entry}${delimiter}${path}`;
}
