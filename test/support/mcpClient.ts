import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ListRootsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';

export const project = join(__dirname, '../../..');
export const stdioServer = join(project, 'dist/stdio.js');

export type Fields = Record<string, unknown> & { readonly success: boolean };

/** A client of the SDK that is connected to a server. */
export interface ConnectedClient {
  readonly client: Client;
  /** Calls a tool and returns the whole result. */
  readonly call: (
    name: string,
    input: Record<string, unknown>,
    options?: { signal?: AbortSignal; onProgress?: (message: string) => void },
  ) => Promise<CallToolResult>;
  /** Calls a tool and returns its structured result. */
  readonly ask: (name: string, input: Record<string, unknown>) => Promise<Fields>;
  readonly close: () => Promise<void>;
}

export function connected(client: Client): ConnectedClient {
  const call: ConnectedClient['call'] = async (name, input, { signal, onProgress } = {}) => {
    const result = await client.callTool({ name, arguments: input }, CallToolResultSchema, {
      timeout: 300_000,
      ...(signal ? { signal } : {}),
      ...(onProgress
        ? {
            onprogress: ({ message }) => {
              onProgress(message ?? '');
            },
          }
        : {}),
    });
    return CallToolResultSchema.parse(result);
  };
  return {
    client,
    call,
    ask: async (name, input) => fieldsOf(await call(name, input)),
    close: async () => {
      await client.close();
    },
  };
}

/** @returns the structured result. @throws where a call has none, or one without `success`. */
export function fieldsOf({ structuredContent }: CallToolResult): Fields {
  const success = structuredContent?.['success'];
  if (structuredContent === undefined || typeof success !== 'boolean') throw new Error('no structured result');
  return { ...structuredContent, success };
}

/** @returns a client over stdio; `roots` are those it offers, where it offers any. */
export async function connectOverStdio(
  args: readonly string[],
  options: { readonly roots?: readonly string[]; readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<ConnectedClient> {
  const { roots } = options;
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities: roots ? { roots: {} } : {} });
  if (roots) {
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots.map((path) => ({ uri: pathToFileURL(path).href, name: path })),
    }));
  }
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]));
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [stdioServer, ...args],
      env: { ...env, ...options.env },
      stderr: 'ignore',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    }),
  );
  return connected(client);
}

/** @returns the bare server process, for what a client library hides. */
export function startServer(args: readonly string[]): ChildProcess & { readonly pid: number } {
  const child = spawn(process.execPath, [stdioServer, ...args], { stdio: 'pipe' });
  const { pid } = child;
  if (pid === undefined) throw new Error('the server did not start');
  return Object.assign(child, { pid });
}

/** @returns the exit code of a process that ends by itself. */
export async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** @returns the lines that a client writes to call a tool, its first call. */
export function handshake(params: object): string[] {
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bare', version: '1' } };
  return [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params },
  ].map((message) => `${JSON.stringify(message)}\n`);
}
