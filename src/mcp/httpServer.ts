import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { ToolServer } from './createServer';
import { readJsonBody } from './readJsonBody';

/** The path of the endpoint. */
const path = '/mcp';
const sessionHeader = 'mcp-session-id';

export interface HttpServerOptions {
  /** Makes the server of a new session. */
  readonly createSession: () => ToolServer;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** A session that nobody used for this long is dropped, unless it is at work or listens. Default: 30 minutes. */
  readonly idleMs?: number;
  /** The largest body of a request, in bytes. Default: 4 MiB. */
  readonly bodyLimit?: number;
}

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly tools: ToolServer;
  /** Requests that have no complete answer yet, the stream that a client listens on among them. */
  open: number;
  lastUsed: number;
}

/** A refusal: an HTTP status and a sentence. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * MCP over Streamable HTTP (protocol 2025-11-25) for clients on this machine: on 127.0.0.1 only, for whoever holds the
 * token, and for no web page (Host and Origin are checked against DNS rebinding).
 */
export class McpHttpServer {
  readonly #options: HttpServerOptions;
  readonly #http: Server;
  readonly #sessions = new Map<string, Session>();
  readonly #sweep: NodeJS.Timeout;
  /** 256 bits that live as long as this server. */
  readonly token = randomBytes(32).toString('base64url');

  private constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#http = createHttpServer((request, response) => {
      void this.#answer(request, response);
    });
    const idleMs = options.idleMs ?? 30 * 60 * 1000;
    this.#sweep = setInterval(
      () => {
        this.#dropIdle(idleMs);
      },
      Math.min(idleMs, 60_000),
    );
    this.#sweep.unref();
  }

  /** Starts to listen. @throws what listening throws, such as EADDRINUSE. */
  static async start(options: HttpServerOptions): Promise<McpHttpServer> {
    const server = new McpHttpServer(options);
    server.#http.listen(options.port ?? 0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  /** The address of the endpoint. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}${path}`;
  }

  /** The number of sessions that are open. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Ends every session with all that it runs, and stops listening: when this resolves, nothing is left. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const closed = once(this.#http, 'close');
    this.#http.close();
    await Promise.all([...this.#sessions.keys()].map((id) => this.#drop(id)));
    this.#http.closeAllConnections();
    await closed;
  }

  get #port(): number {
    const address = this.#http.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#admit(request);
      const body =
        request.method === 'POST' ? await readJsonBody(request, this.#options.bodyLimit ?? 4 * 1024 ** 2) : undefined;
      if (body?.failure) throw new Refusal(body.failure.status, body.failure.message);
      const session = await this.#sessionOf(request, body?.value);
      session.open++;
      response.once('close', () => {
        session.open--;
        session.lastUsed = performance.now();
      });
      await session.transport.handleRequest(request, response, body?.value);
    } catch (cause) {
      const status = cause instanceof Refusal ? cause.status : 500;
      refuse(response, status, cause instanceof Refusal ? cause.message : 'Internal error');
    }
  }

  /** @throws Refusal for a request that is not from a client of ours. */
  #admit(request: IncomingMessage): void {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    const { host, origin, authorization } = request.headers;
    if (host === undefined || !hosts.includes(host)) throw new Refusal(403, 'Host not allowed');
    if (origin !== undefined && !hosts.some((allowed) => origin === `http://${allowed}`)) {
      throw new Refusal(403, 'Origin not allowed');
    }
    // Not 401: that would make clients start an OAuth dialogue.
    if (!sameSecret(authorization ?? '', `Bearer ${this.token}`)) throw new Refusal(403, 'Wrong token');
    if (new URL(request.url ?? '/', this.url).pathname !== path) throw new Refusal(404, 'Not found');
    if (!['GET', 'POST', 'DELETE'].includes(request.method ?? '')) throw new Refusal(405, 'Method not allowed');
  }

  /** @throws Refusal: 404 tells a client that its session is gone and that it should start another. */
  async #sessionOf(request: IncomingMessage, body: unknown): Promise<Session> {
    const id = request.headers[sessionHeader];
    if (typeof id === 'string') {
      const session = this.#sessions.get(id);
      if (!session) throw new Refusal(404, 'Session not found');
      return session;
    }
    const starts = Array.isArray(body)
      ? body.some((message) => isInitializeRequest(message))
      : isInitializeRequest(body);
    if (request.method !== 'POST' || !starts) throw new Refusal(400, 'Mcp-Session-Id header is required');
    return await this.#openSession();
  }

  async #openSession(): Promise<Session> {
    const tools = this.#options.createSession();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        this.#sessions.set(id, session);
      },
      onsessionclosed: async (id) => {
        await this.#drop(id);
      },
    });
    const session: Session = { transport, tools, open: 0, lastUsed: performance.now() };
    await tools.server.connect(transport);
    return session;
  }

  async #drop(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    await session?.tools.close();
  }

  #dropIdle(idleMs: number): void {
    for (const [id, session] of this.#sessions) {
      const idle = session.open === 0 && !session.tools.busy();
      if (idle && performance.now() - session.lastUsed > idleMs) void this.#drop(id);
    }
  }
}

/** Compares digests, which have the same length and are compared in constant time. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    // What is left of a body that was not read must not be taken for the next request.
    connection: 'close',
    ...(status === 405 ? { allow: 'GET, POST, DELETE' } : {}),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }));
}
