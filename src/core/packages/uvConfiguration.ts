import { dirname, join } from 'node:path';

/** The keys of `[pip]` that send an install out of the environment named by `--python`; no flag takes them back. */
const redirects = /^\s*(?:pip\s*\.\s*)?["']?(?:target|prefix)["']?\s*=/;
const inline = /^\s*pip\s*=\s*\{.*\b(?:target|prefix)\s*=/;

/** @returns whether a uv.toml, or the `[tool.uv]` of a pyproject.toml, redirects installs. */
export function redirectsInstalls(toml: string, file: 'uv.toml' | 'pyproject.toml'): boolean {
  const top = file === 'uv.toml' ? '' : 'tool.uv';
  const pip = file === 'uv.toml' ? 'pip' : 'tool.uv.pip';
  let section = '';
  for (const line of toml.split('\n')) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) section = header.replace(/["'\s]/g, '');
    else if (section === pip && redirects.test(line)) return true;
    else if (section === top && (inline.test(line) || (redirects.test(line) && /^\s*pip\b/.test(line)))) return true;
  }
  return false;
}

/**
 * @param read as in `PipConfigurationSource`.
 * @returns the first configuration file of uv's that would send an install out of the venv; undefined where none does.
 */
export async function redirectingUvConfiguration(options: {
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly read: (path: string) => Promise<string | undefined>;
}): Promise<string | undefined> {
  const { root, home, env, read } = options;
  const named = env['UV_CONFIG_FILE'];
  const files: (readonly [string, 'uv.toml' | 'pyproject.toml'])[] = [];
  if (named !== undefined) files.push([named, 'uv.toml']);
  for (let folder = root; ; folder = dirname(folder)) {
    files.push([join(folder, 'uv.toml'), 'uv.toml'], [join(folder, 'pyproject.toml'), 'pyproject.toml']);
    if (dirname(folder) === folder) break;
  }
  const personal = env['APPDATA'] ?? env['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const shared = env['PROGRAMDATA'] ?? (env['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(':')[0] ?? '/etc/xdg';
  for (const folder of [join(personal, 'uv'), join(shared, 'uv'), '/etc/uv']) {
    files.push([join(folder, 'uv.toml'), 'uv.toml']);
  }
  for (const [path, kind] of files) {
    const text = await read(path);
    if (text !== undefined && redirectsInstalls(text, kind)) return path;
  }
  return undefined;
}
