import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Server } from './startServer';

/**
 * Installs an extension package into a server; windows opened from then on load it.
 * @throws with VS Code's own words when it refuses the package.
 */
export async function installVsix(server: Server, vsix: string): Promise<void> {
  const { node, serverMain } = server.vscode;
  const place = ['--server-data-dir', server.home, '--extensions-dir', server.extensionsFolder];
  await promisify(execFile)(node, [serverMain, '--install-extension', vsix, '--force', ...place]);
}
