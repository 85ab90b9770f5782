import { fileURLToPath } from 'node:url';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { Workspace } from '../core/workspace';

/** How long a client may take to say its roots. */
const rootsMs = 5000;

/** As the SDK has it, but that a root which is no file does not make the others void. */
const rootsList = z.object({ roots: z.array(z.object({ uri: z.string() })) });

/** Opens what was named on the command line. @returns what to wait for before a folder is picked. */
export function fixedFolders(workspace: Workspace, roots: readonly string[]): () => Promise<void> {
  workspace.setFolders(roots);
  return () => Promise.resolve();
}

/**
 * Opens the client's roots, when they are first needed and whenever they change; where the client has none, the
 * fallback folder, if there is one.
 *
 * @returns what to wait for before a folder is picked.
 */
export function clientFolders(
  workspace: Workspace,
  server: McpServer['server'],
  fallback: string | undefined,
): () => Promise<void> {
  let opened: Promise<void> | undefined;
  const open = async (): Promise<void> => {
    const roots = await rootsOf(server);
    workspace.setFolders(roots.length > 0 ? roots : [fallback ?? []].flat());
  };
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    opened = undefined;
  });
  return async () => {
    opened ??= open();
    await opened;
  };
}

async function rootsOf(server: McpServer['server']): Promise<string[]> {
  if (!server.getClientCapabilities()?.roots) return [];
  try {
    const { roots } = await server.request({ method: 'roots/list' }, rootsList, { timeout: rootsMs });
    return roots.flatMap(({ uri }) => pathOf(uri) ?? []);
  } catch {
    return []; // A client that says it has roots and does not answer.
  }
}

/** @returns the path of a root; undefined where it is not on this machine, or no path of this system. */
export function pathOf(uri: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  try {
    return fileURLToPath(uri, { windows: platform === 'win32' });
  } catch {
    return undefined;
  }
}
