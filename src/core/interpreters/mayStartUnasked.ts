import { statSync } from 'node:fs';
import { homeFolder } from '../files/homeFolder';
import { dirname, join, resolve } from 'node:path';
import { realPathSync } from '../pathIdentity';
import { isInside } from '../paths';

/**
 * Reading must not start what a project brings along: a pyvenv.cfg or a setting of the workspace can name any program as
 * a Python.
 *
 * @param root the workspace folder, absolute.
 * @returns whether an interpreter that a file names may be started without anybody being asked: neither its name nor what
 * that leads to lies in the folder, on a share, or below a folder that everybody can write to.
 */
export function mayStartUnasked(path: string, root: string, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'win32' && /^[\\/]{2}/.test(path)) return false;
  try {
    const [real, realRoot] = [realPathSync(path), realPathSync(root)];
    if ([path, real].some((each) => isInside(root, each, platform) || isInside(realRoot, each, platform))) return false;
    return platform === 'win32' || !isOpenToAll(real);
  } catch {
    return false;
  }
}

/** A version, or a command that is called like a Python. */
const command = /^(?:v?\d[\w.]*|(?:c?python|py|pypy|graalpy)[\w. -]*)$/i;

/**
 * @param setting a value of the setting "interpreter" that the workspace brings along.
 * @returns whether it may be obeyed: a version, a command that is called like a Python (looked for on PATH alone), or a
 * path that may be started unasked.
 */
export function mayBeWorkspaceInterpreter(
  setting: string,
  root: string,
  platform: NodeJS.Platform = process.platform,
): boolean {
  const text = setting.trim();
  if (text === '' || text.includes('\0')) return false;
  if (!/^[.~]|[/\\]/.test(text)) return command.test(text);
  const path = /^~(?=[/\\]|$)/.test(text) ? join(homeFolder(), text.slice(1)) : resolve(root, text);
  return mayStartUnasked(path, root, platform);
}

/** Bits of a mode: others may write. */
const othersWrite = 0o002;

/** Where GitHub's machines keep their Pythons, open to all. */
const toolCache = '/opt/hostedtoolcache/';

function isOpenToAll(file: string): boolean {
  if (file.startsWith(toolCache)) return false;
  for (let each = file; ; each = dirname(each)) {
    if ((statSync(each).mode & othersWrite) !== 0) return true;
    if (dirname(each) === each) return false;
  }
}
