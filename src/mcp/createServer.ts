import { setImmediate } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { callTool, type CallResult, type Folders } from '../tools/callTool';
import type { ToolDefinition } from '../tools/defineTool';
import { instructions } from '../tools/instructions';
import { underscored } from '../tools/words';
import { jsonSchemaOf } from '../tools/jsonSchema';
import { reportProgress } from './progress';

/** Bytes of stdout and stderr together that agents take without cutting them themselves. */
const outputBudget = 16 * 1024;

/** One of them cuts a result at 20,480 characters of JSON, in which line feeds and quotes are two. */
const weigh = (text: string): number =>
  Math.max(Buffer.byteLength(text), Math.ceil(0.85 * (Buffer.byteLength(JSON.stringify(text)) - 2)));

/** What an MCP server of ours is made of, whatever carries its messages. */
export interface ServerParts {
  readonly tools: readonly ToolDefinition[];
  readonly folders: Folders;
  readonly version: string;
  /** Dots are what the contract names; some clients refuse them. */
  readonly toolNames: 'dotted' | 'underscore';
  /** Where the output of runs goes that the result does not carry. */
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  readonly log: (line: string) => void;
}

/** An MCP server (protocol 2025-11-25 and older) that serves the tools to one client. */
export interface ToolServer {
  /** Connect it to a transport. */
  readonly server: McpServer['server'];
  /** Whether a call is being worked on. */
  readonly busy: () => boolean;
  /** Cancels all calls, waits until nothing that they started is left, and closes the connection. */
  readonly close: () => Promise<void>;
}

/** @returns a server for one client over these tools and folders; it is silent until its `server` is connected. */
export function createServer(parts: ServerParts): ToolServer {
  const closing = new AbortController();
  const calls = new Set<Promise<unknown>>();
  // Its own registration of tools advertises what its schemas become, and answers unknown fields by dropping them.
  const { server } = new McpServer(
    { name: 'python', title: 'Python Tools', version: parts.version },
    { capabilities: { tools: { listChanged: true } }, instructions: instructions(parts.toolNames) },
  );
  const byName = new Map(parts.tools.map((tool) => [mcpName(tool, parts.toolNames), tool]));

  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    if (params?.cursor !== undefined) {
      throw new McpError(ErrorCode.InvalidParams, 'No such cursor: all tools are on the first page.');
    }
    return { tools: [...byName].map(([name, tool]) => describe(name, tool)) };
  });

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const tool = byName.get(params.name);
    if (!tool) {
      throw new McpError(
        ErrorCode.InvalidParams,
        `No tool "${params.name.slice(0, 80)}"; there are ${[...byName.keys()].join(', ')}.`,
      );
    }
    const progress = reportProgress(params._meta?.progressToken, sendNotification);
    const context = {
      signal: AbortSignal.any([signal, closing.signal]),
      onProgress: progress.say,
      outputBudget,
      weigh,
      onOutput: parts.onOutput,
    };
    const called = callTool(tool, params.arguments ?? {}, parts.folders, context, (name, cause) => {
      parts.log(`${name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    });
    calls.add(called);
    try {
      return toMcp(inStyle(await called, parts.toolNames));
    } finally {
      calls.delete(called);
      progress.stop();
    }
  });

  return {
    server,
    busy: () => calls.size > 0,
    close: async () => {
      closing.abort();
      await Promise.all(calls);
      // Their answers are on their way, but not written yet.
      await setImmediate();
      await server.close();
    },
  };
}

function mcpName({ name }: ToolDefinition, style: ServerParts['toolNames']): string {
  return style === 'dotted' ? name : name.replaceAll('.', '_');
}

function describe(name: string, { title, description, input, output, annotations }: ToolDefinition): Tool {
  return {
    name,
    title,
    description,
    inputSchema: jsonSchemaOf(input),
    outputSchema: jsonSchemaOf(output),
    annotations: { title, ...annotations },
  };
}

/** The calls that hints show have the names that this client knows. */
function inStyle(called: CallResult, style: ServerParts['toolNames']): CallResult {
  if (style === 'dotted') return called;
  const { error, hint } = called.result;
  const styled = {
    ...(error?.hint === undefined ? {} : { error: { ...error, hint: underscored(error.hint) } }),
    ...(typeof hint === 'string' ? { hint: underscored(hint) } : {}),
  };
  return { ...called, result: { ...called.result, ...styled } };
}

/** Some clients show their model only the text, some only the structured result, one both unless they are equal. */
function toMcp({ result, pictures, isError }: CallResult): CallToolResult {
  return {
    content: [
      { type: 'text', text: JSON.stringify(result) },
      ...pictures.map((png) => ({ type: 'image' as const, data: png.toString('base64'), mimeType: 'image/png' })),
    ],
    structuredContent: result,
    isError,
  };
}
