import { realpathSync } from 'node:fs';
import { executableFile } from '../core/interpreters/executableFile';
import { pathFolders } from '../core/interpreters/pathFolders';
import { pathRules, type Machine } from '../core/files/storage';
import type { Launch, LaunchableServer } from './connection';
import { keepServer, startFile } from './keptServer';

/** The package as npx finds it: later versions of the same major one, too. */
const packageName = (version: string): string => `python-tools-mcp@${version.split('.')[0] ?? version}`;

/**
 * @returns the server of this build as agents are told of it, in a way that the next update leaves valid: through npx
 * where it was run so, through a copy where the build is an extension's, else as it stands.
 */
export function serverOf(build: string, version: string, node: Launch, machine: Machine): LaunchableServer {
  if (isNpx(build)) return { launch: npx(packageName(version), machine.platform), prepare: nothing };
  const started = (file: string): Launch => ({ ...node, args: [...node.args, file] });
  if (!isExtension(build)) return { launch: started(serverIn(build, machine)), prepare: nothing };
  return {
    launch: started(startFile(machine)),
    prepare: async () => {
      await keepServer(build, version, machine);
    },
  };
}

/** @returns how a user starts this build in the shells of this machine, seen from their current folder. */
export function shownCommand(build: string, version: string, cwd: string, machine: Machine): string {
  if (isNpx(build)) return `npx ${packageName(version)}`;
  if (/[/\\]node_modules[/\\]python-tools-mcp[/\\]dist$/.test(build)) return 'python-tools-mcp';
  const file = serverIn(build, machine);
  const way = pathRules(machine.platform).relative(cwd, file);
  const shorter = way.startsWith('..') ? file : way;
  // These quotes mean the same to cmd.exe, PowerShell and the shells of Unix.
  return `node ${/[^\w./\\:@~-]/.test(shorter) ? `"${shorter}"` : shorter}`;
}

const serverIn = (build: string, { platform }: Machine): string => pathRules(platform).join(build, 'stdio.js');
const isNpx = (build: string): boolean => /[/\\]_npx[/\\]/.test(build);
const nothing = (): Promise<void> => Promise.resolve();

/**
 * npx is a script on Windows, which nothing but cmd.exe can start. Every agent finds that by its name, so that others who
 * share the file can use it, too.
 */
const npx = (name: string, platform: NodeJS.Platform): Launch =>
  platform === 'win32'
    ? { command: 'cmd', args: ['/c', 'npx', '-y', name], env: {} }
    : { command: 'npx', args: ['-y', name], env: {} };

/** Extensions live in folders with the version in their name: publisher.name-version. */
const isExtension = (build: string): boolean =>
  /[/\\]python-tools-mcp\.python-tools-mcp-\d[^/\\]*[/\\]dist$/i.test(build);

/** fnm gives each shell a folder of its own, which is gone with the shell. */
const isOfOneShell = (path: string): boolean => path.includes('fnm_multishells');

/**
 * @returns the Node.js that runs this process, under the name on PATH where that leads to the same one: such a name
 * outlives an update of Node.js.
 */
export function thisNode(execPath: string, machine: Machine): Launch {
  const real = realpathSync.native(execPath);
  const named = nodesOnPath(machine).find((file) => executableFile(file, machine.platform)?.real === real);
  // Windows says what was started, links not followed.
  return { command: named ?? (isOfOneShell(execPath) ? real : execPath), args: [], env: {} };
}

/** @returns where PATH has a `node`, absolute, in its order; those that only this shell has are left out. */
export function nodesOnPath(machine: Machine): string[] {
  const { platform } = machine;
  const name = platform === 'win32' ? 'node.exe' : 'node';
  return pathFolders(machine)
    .filter((folder) => !isOfOneShell(folder))
    .map((folder) => pathRules(platform).join(folder, name))
    .filter((file) => executableFile(file, platform) !== undefined);
}
