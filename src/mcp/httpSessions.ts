import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ErrorCode, isInitializeRequest, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { ToolServer } from './createServer';
import { HttpRefusal } from './httpRefusal';

const sessionHeader = 'mcp-session-id';

interface Session {
  readonly id: string;
  readonly transport: StreamableHTTPServerTransport;
  readonly tools: ToolServer;
  /** Requests that have no complete answer yet, the stream that a client listens on among them. */
  open: number;
  /** Ids of requests that have no complete answer yet: the SDK would send both answers to the second of a kind. */
  readonly inFlight: Set<unknown>;
  lastUsed: number;
}

/** The sessions of an MCP server over HTTP: a tool server for each, from the request that starts it to its end. */
export class HttpSessions {
  readonly #createSession: () => ToolServer;
  readonly #most: number;
  readonly #sessions = new Map<string, Session>();
  #isClosed = false;

  /** @param most how many sessions there are at once; to make room, the one goes that was not used for longest. */
  constructor(createSession: () => ToolServer, most: number) {
    this.#createSession = createSession;
    this.#most = most;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Answers a request of a session, or one that starts a session. @throws HttpRefusal */
  async serve(request: IncomingMessage, response: ServerResponse, message: JSONRPCMessage | undefined): Promise<void> {
    const session = this.of(request) ?? (await this.#start(message));
    this.#use(session, response, message);
    try {
      await session.transport.handleRequest(request, response, message);
    } finally {
      // A session that the transport did not accept, because of a header or a version, never was.
      if (session.transport.sessionId === undefined) await this.#drop(session.id);
    }
  }

  /**
   * @returns the session that a request names; undefined where it names none.
   * @throws HttpRefusal: 404 tells a client that its session is gone and that it should start another.
   */
  of(request: IncomingMessage): Session | undefined {
    const id = request.headers[sessionHeader];
    if (typeof id !== 'string') return undefined;
    const session = this.#sessions.get(id);
    if (!session) throw new HttpRefusal(404, 'Session not found');
    return session;
  }

  /** Ends those that nobody used for this long, unless they are at work or somebody listens. */
  dropIdle(idleMs: number): void {
    for (const session of this.#idle()) {
      if (performance.now() - session.lastUsed > idleMs) void this.#drop(session.id);
    }
  }

  /** Ends every session with all that it runs; none starts any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#sessions.keys()].map((id) => this.#drop(id)));
  }

  /** @throws HttpRefusal for a message that starts no session, and where there is no room for another. */
  async #start(message: JSONRPCMessage | undefined): Promise<Session> {
    if (!isInitializeRequest(message)) throw new HttpRefusal(400, 'Mcp-Session-Id header is required');
    this.#makeRoom();
    const id = randomUUID();
    const tools = this.#createSession();
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: async () => {
        await this.#drop(id);
      },
    });
    transport.onclose = () => this.#sessions.delete(id);
    const session = { id, transport, tools, open: 0, inFlight: new Set(), lastUsed: performance.now() };
    this.#sessions.set(id, session);
    await tools.server.connect(transport);
    const deliver = transport.onmessage?.bind(transport);
    transport.onmessage = (received, extra) => {
      try {
        deliver?.(received, extra);
      } catch {
        // The SDK gives up on messages that are too deep for it to quote: responses to nothing.
      }
    };
    return session;
  }

  #makeRoom(): void {
    if (this.#isClosed) throw new HttpRefusal(503, 'The server is closing');
    if (this.#sessions.size < this.#most) return;
    const [oldest] = this.#idle().sort((one, other) => one.lastUsed - other.lastUsed);
    if (!oldest) throw new HttpRefusal(503, 'Too many sessions are in use');
    void this.#drop(oldest.id);
  }

  #idle(): Session[] {
    return [...this.#sessions.values()].filter(({ open, tools }) => open === 0 && !tools.busy());
  }

  /** @throws HttpRefusal for an id that another request in flight has. */
  #use(session: Session, response: ServerResponse, message: JSONRPCMessage | undefined): void {
    const id = message && 'method' in message && 'id' in message ? message.id : undefined;
    if (id !== undefined && session.inFlight.has(id)) {
      const refusal = {
        id: JSON.stringify(id),
        code: ErrorCode.InvalidRequest,
        message: 'A call in flight has this id.',
      };
      throw new HttpRefusal(400, refusal);
    }
    if (id !== undefined) session.inFlight.add(id);
    session.open++;
    response.once('close', () => {
      if (id !== undefined) session.inFlight.delete(id);
      session.open--;
      session.lastUsed = performance.now();
    });
  }

  async #drop(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    await session?.tools.close();
  }
}
