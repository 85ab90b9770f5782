import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LogOutputChannel } from 'vscode';
import { version } from '../../package.json';
import { stateFolder, thisMachine } from '../core/files/storage';

/**
 * Brings the copy of the server that other agents start up to date after an update of the extension. Where none was
 * ever connected, nothing is loaded.
 */
export function refreshServerCopy(build: string, log: LogOutputChannel): void {
  const machine = thisMachine();
  if (!existsSync(join(stateFolder(machine), 'server'))) return;
  void import('../connect')
    .then(async ({ refreshKeptServer }) => {
      if (await refreshKeptServer(build, version, machine)) log.info(`Other agents get ${version} from now on`);
    })
    .catch((error: unknown) => {
      log.warn(`The server's copy for other agents could not be brought up to date: ${String(error)}`);
    });
}
