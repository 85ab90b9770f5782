import { dirname } from 'node:path';
import { childEnvironment } from '../process/environment';
import type { Start } from '../process/startProcess';
import { pathRules, type Machine } from '../files/storage';
import type { FoundServer } from './findServers';
import type { ServedPython } from './servers';

/**
 * @returns what starts a server for a folder. It sees the active venv as an activated shell would show it, which is how
 * ty and others find it too; its own folder is last on PATH, for a script that needs the Node beside it.
 */
export function serverLaunch(
  { server, path }: FoundServer,
  folder: string,
  python: (ServedPython & { readonly scripts: string }) | undefined,
  machine: Machine,
): Start {
  const env = childEnvironment({
    host: machine.env,
    venv: python?.isVenv === true ? python : undefined,
    isTool: true,
  });
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const { delimiter } = pathRules(machine.platform);
  env[name] = [env[name], dirname(path)].filter((part) => part !== undefined && part !== '').join(delimiter);
  return { command: path, args: server.args, cwd: folder, env };
}
