import { version } from '../../package.json';
import { tools, type ToolDefinition } from '../tools';
import { createServer, type ServerParts, type ToolServer } from './createServer';
import { McpHttpServer } from './httpServer';

export interface EndpointParts extends Pick<ServerParts, 'folders' | 'onOutput' | 'log' | 'confirm'> {
  /** What to make of the tools before they are served. */
  readonly wrap: (tools: readonly ToolDefinition[]) => readonly ToolDefinition[];
}

/** The MCP server of a window: one HTTP endpoint, a session for each client. */
export interface Endpoint {
  readonly url: string;
  /** The value of the `Authorization` header that lets a client in. */
  readonly authorization: string;
  /** Tells every client to ask for the tools again. */
  readonly announceTools: () => Promise<void>;
  /** Ends every session with all that it runs. */
  readonly close: () => Promise<void>;
}

/** Starts the endpoint on a free port of 127.0.0.1. */
export async function startEndpoint({ wrap, ...parts }: EndpointParts): Promise<Endpoint> {
  const sessions = new Set<ToolServer>();
  const http = await McpHttpServer.start({
    createSession: () => {
      const session = createServer({ ...parts, tools: wrap(tools), version, toolNames: 'dotted' });
      sessions.add(session);
      session.server.onclose = () => sessions.delete(session);
      return session;
    },
  });
  return {
    url: http.url,
    authorization: `Bearer ${http.token}`,
    announceTools: async () => {
      // A client that does not listen misses nothing that it would not see when it asks next.
      await Promise.allSettled(
        [...sessions].map(async ({ server }) => {
          await server.sendToolListChanged();
        }),
      );
    },
    close: async () => {
      await http.close();
    },
  };
}
