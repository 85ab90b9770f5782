import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installOnce, npm } from '../../support/npmInstall';
import { Skipped } from '../comparison';
import { ownEnvironment } from '../ownEnvironment';
import type { Rig } from '../rig';
import { pythonOf } from '../venvs';
import type { Peer } from './peers';

const cache = process.env['PYTHON_TOOLS_TEST_PEERS'] ?? join(homedir(), '.cache/python-tools-mcp/peers');

/**
 * Installs a server from its index into the cache folder, once; one in Python with the Python that the benchmarks run.
 * @returns where its programs lie. @throws Skipped when that is not possible.
 */
export async function installPeer({ name, version, from, along = [] }: Peer, rig: Rig): Promise<string> {
  const home = join(cache, `${name}-${version}${from === 'PyPI' ? `-python-${rig.python.version}` : ''}`);
  try {
    await installOnce(home, async (draft) => {
      console.error(`Installing ${name} ${version} into ${cache}, once…`);
      if (from === 'npm') await npm(draft, ['install', '--ignore-scripts', `${name}@${version}`]);
      else await pipInstall(join(draft, 'venv'), [`${name}==${version}`, ...along], rig);
    });
  } catch (cause) {
    console.error(cause);
    throw new Skipped('it could not be installed');
  }
  return from === 'npm' ? join(home, 'node_modules/.bin') : join(pythonOf(join(home, 'venv')), '..');
}

/** Into a venv that may be renamed afterwards. */
async function pipInstall(venv: string, requirements: readonly string[], { uv, python }: Rig): Promise<void> {
  const run = async (...args: string[]) => await promisify(execFile)(uv, args, { env: ownEnvironment });
  await run('venv', '--quiet', '--relocatable', '--python', python.path, venv);
  await run('pip', 'install', '--quiet', '--python', pythonOf(venv), ...requirements);
}
