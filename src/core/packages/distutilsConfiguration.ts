import { join } from 'node:path';
import type { Environment } from '../environment';
import { parseIni } from './pipConfiguration';
import { compareVersions, tryParseVersion } from './version';

/** From this version on, `sysconfig` alone says where packages go. */
const withoutDistutils = '3.10';

const redirects = /^(prefix|exec-prefix|home|root|user|install-.+)$/;

/**
 * uv asks distutils, as pip does, where an older Python's packages go, and distutils reads that from the `[install]` of a
 * setup.cfg in the current folder and of the user's own file. No option of uv's keeps it from that.
 *
 * @param source.root the folder that uv is started in.
 * @returns why uv cannot be used, as a clause; undefined where it can.
 */
export async function whyDistutilsMisleads(
  { version }: Environment,
  source: {
    readonly root: string;
    readonly home: string;
    readonly platform: NodeJS.Platform;
    readonly read: (path: string) => Promise<string | undefined>;
    readonly exists: (path: string) => Promise<boolean>;
  },
): Promise<string | undefined> {
  const [own, limit] = [tryParseVersion(version.replace(/\+$/, '')), tryParseVersion(withoutDistutils)];
  if (own && limit && compareVersions(own, limit) >= 0) return undefined;
  const { root, home, platform, read, exists } = source;
  const users = platform === 'win32' ? 'pydistutils.cfg' : '.pydistutils.cfg';
  for (const path of [join(root, 'setup.cfg'), join(home, users)]) {
    const text = await read(path);
    if (text === undefined && (await exists(path))) return `${path} cannot be read`;
    const option = [
      ...(parseIni(text ?? '')
        .get('install')
        ?.keys() ?? []),
    ].find((key) => redirects.test(key));
    if (option !== undefined) return `${path} sets "${option}" in [install], which uv obeys for Python ${version}`;
  }
  return undefined;
}
