import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ErrorCode, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { ToolServer } from './createServer';
import { HttpRefusal, refuse } from './httpRefusal';
import { HttpSessions } from './httpSessions';
import { largestMessage, takeMessage, tooLong } from './messages';
import { MessageScan } from './messageScan';
import { readBody } from './readBody';

/** The path of the endpoint. */
const path = '/mcp';

/** Connections that are open at once; the system tells any more that they are refused. */
const mostConnections = 512;

export interface HttpServerOptions {
  /** Makes the server of a new session. */
  readonly createSession: () => ToolServer;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** A session that nobody used for this long is dropped, unless it is at work or listens. Default: 30 minutes. */
  readonly idleMs?: number;
  /** How many sessions there are at once. Default: 64. */
  readonly mostSessions?: number;
  /** The largest body of a request, in bytes. Default: that of a message over stdio. */
  readonly bodyLimit?: number;
  /** How long a client may take to send the head of a request; it has six times as long for all of it. Default: 10 s. */
  readonly headMs?: number;
}

/**
 * MCP over Streamable HTTP (protocol 2025-11-25) for clients on this machine: on 127.0.0.1 only, for whoever holds the
 * token, and for no web page (Host and Origin are checked against DNS rebinding).
 */
export class McpHttpServer {
  readonly #http: Server;
  readonly #sessions: HttpSessions;
  readonly #bodyLimit: number;
  readonly #sweep: NodeJS.Timeout;
  /** 256 bits that live as long as this server. */
  readonly token = randomBytes(32).toString('base64url');

  private constructor(options: HttpServerOptions) {
    const { createSession, mostSessions = 64, bodyLimit = largestMessage, headMs = 10_000 } = options;
    const { idleMs = 30 * 60 * 1000 } = options;
    this.#sessions = new HttpSessions(createSession, mostSessions);
    this.#bodyLimit = bodyLimit;
    const limits = {
      headersTimeout: headMs,
      requestTimeout: 6 * headMs,
      connectionsCheckingInterval: Math.min(headMs, 5000),
    };
    this.#http = createHttpServer(limits, (request, response) => {
      void this.#answer(request, response);
    });
    this.#http.maxConnections = mostConnections;
    this.#sweep = setInterval(
      () => {
        this.#sessions.dropIdle(idleMs);
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
    await this.#sessions.close();
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
      const message = request.method === 'POST' ? await this.#messageOf(request) : undefined;
      await this.#sessions.serve(request, response, message);
    } catch (cause) {
      refuse(response, cause);
    }
  }

  /** @throws HttpRefusal for a request that is not from a client of ours. */
  #admit(request: IncomingMessage): void {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    const { host, origin, authorization } = request.headers;
    if (host === undefined || !hosts.includes(host)) throw new HttpRefusal(403, 'Host not allowed');
    const origins = hosts.map((allowed) => `http://${allowed}`);
    if (origin !== undefined && !origins.includes(origin)) throw new HttpRefusal(403, 'Origin not allowed');
    // Not 401: that would make clients start an OAuth dialogue.
    if (!sameSecret(authorization ?? '', `Bearer ${this.token}`)) throw new HttpRefusal(403, 'Wrong token');
    // Compared, not parsed: a target may be anything, such as "//" or the whole address, as proxies send it.
    const [target = ''] = (request.url ?? '').split('?', 1);
    if (![path, ...origins.map((own) => own + path)].includes(target)) throw new HttpRefusal(404, 'Not found');
    if (!['GET', 'POST', 'DELETE'].includes(request.method ?? '')) throw new HttpRefusal(405, 'Method not allowed');
    request.url = path;
  }

  /** @throws HttpRefusal: 400 for what is malformed, but 200 for wrong parameters, which are an answer within a session. */
  async #messageOf(request: IncomingMessage): Promise<JSONRPCMessage> {
    const body = await readBody(request, this.#bodyLimit);
    if (body instanceof MessageScan) {
      throw new HttpRefusal(413, tooLong(this.#bodyLimit, body.isUnanswered ? 'null' : body.id));
    }
    const taken = takeMessage(body);
    if ('message' in taken) return taken.message;
    if ('ignored' in taken) {
      throw new HttpRefusal(400, { id: 'null', code: ErrorCode.InvalidRequest, message: taken.ignored });
    }
    const isAnswer = taken.refusal.code === ErrorCode.InvalidParams && this.#sessions.of(request) !== undefined;
    throw new HttpRefusal(isAnswer ? 200 : 400, taken.refusal);
  }
}

/** Compares digests, which have the same length and are compared in constant time. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
