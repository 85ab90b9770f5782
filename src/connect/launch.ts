import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { executableFile } from '../core/interpreters/executableFile';
import { pathRules, type Machine } from '../core/storage';
import type { Launch } from './connection';
import { keepServer } from './keptServer';

/** The package as npx finds it: later versions of the same major one, too. */
const packageName = (version: string): string => `python-tools-mcp@${version.split('.')[0] ?? version}`;

/**
 * @returns the command line by which agents start the server of this build, in a way that the next update leaves
 * valid: through npx where it was run so, through a copy where the build is an extension's, else as it stands.
 * @throws what the file system throws.
 */
export async function launchOf(build: string, version: string, node: Launch, machine: Machine): Promise<Launch> {
  if (/[/\\]_npx[/\\]/.test(build)) return npx(packageName(version), machine.platform);
  const start = isExtension(build) ? await keepServer(build, version, machine) : join(build, 'stdio.js');
  return { ...node, args: [...node.args, start] };
}

/** npx is a script on Windows, which a shell has to start. */
const npx = (name: string, platform: NodeJS.Platform): Launch =>
  platform === 'win32'
    ? { command: 'cmd', args: ['/c', 'npx', '-y', name], env: {} }
    : { command: 'npx', args: ['-y', name], env: {} };

/** Extensions live in folders with the version in their name: publisher.name-version. */
const isExtension = (build: string): boolean =>
  /[/\\]python-tools-mcp\.python-tools-mcp-\d[^/\\]*[/\\]dist$/i.test(build);

/**
 * @returns the Node.js that runs this process, under the name on PATH where that leads to the same one: such a name
 * outlives an update of Node.js.
 */
export function thisNode(execPath: string, machine: Machine): Launch {
  const real = realpathSync.native(execPath);
  const named = nodesOnPath(machine).find((file) => executableFile(file, machine.platform)?.real === real);
  return { command: named ?? execPath, args: [], env: {} };
}

/** @returns where PATH has a `node`, absolute, in its order; those that only this shell has (fnm) are left out. */
export function nodesOnPath({ env, platform }: Machine): string[] {
  const rules = pathRules(platform);
  const name = platform === 'win32' ? 'node.exe' : 'node';
  return (env['PATH'] ?? env['Path'] ?? '')
    .split(rules.delimiter)
    .filter((folder) => rules.isAbsolute(folder) && !folder.includes('fnm_multishells'))
    .map((folder) => rules.join(folder, name))
    .filter((file) => executableFile(file, platform) !== undefined && basename(file) === name);
}
