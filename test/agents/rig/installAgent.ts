import { homedir } from 'node:os';
import { join } from 'node:path';
import { installOnce, npm } from '../../support/npmInstall';
import type { Agent } from './agent';

/** Outside the clone, which would be searched and copied with 1.4 GB more. `cleanMachine` moves the XDG folders. */
const cache = process.env['PYTHON_TOOLS_AGENTS_CACHE'] ?? join(homedir(), '.cache/python-tools-mcp/agents');

/**
 * Installs an agent from npm into the cache folder, once. Native binaries come in npm's optional packages.
 * @returns the path of its program.
 * @throws {Unavailable} when npm's registry is out of reach.
 */
export async function installAgent(agent: Agent): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const home = join(cache, `${agent.name}-${agent.version}-${platform}`);
  await installOnce(home, async (draft) => {
    console.error(`Installing ${agent.package} ${agent.version} into ${cache}: up to 400 MB, once…`);
    await npm(draft, ['install', '--ignore-scripts', `${agent.package}@${agent.version}`]);
  });
  return join(home, 'node_modules', agent.program(platform));
}
