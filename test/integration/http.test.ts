import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import {
  createServer as createHttpServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client as OtherClient, StreamableHTTPClientTransport as OtherTransport } from '@modelcontextprotocol/client';
import { McpHttpServer, type HttpServerOptions } from '../../src/mcp/httpServer';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { connected, fieldsOf, project, type ConnectedClient } from '../support/mcpClient';
import { createToolServer, openWorkspace } from '../support/testFolders';
import { itButOnWine } from '../support/platform';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bare', version: '1' } },
};

/** For clients that use `fetch`, unlike Node.js' own requests. */
const itByFetch = itButOnWine('Wine does not connect what fetch opens');

describe('the server over HTTP', () => {
  let folder: string;
  let server: McpHttpServer;
  const start = async (options: Partial<HttpServerOptions> = {}): Promise<McpHttpServer> => {
    const workspace = openWorkspace([folder]);
    server = await McpHttpServer.start({ createSession: () => createToolServer(workspace), ...options });
    return server;
  };
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'http-')))));
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const authorized = () => ({ authorization: `Bearer ${server.token}` });
  const connect = async (): Promise<ConnectedClient> => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: authorized() },
    });
    await client.connect(transport);
    return connected(client);
  };

  /** A request as no client library would send it. */
  const send = async (
    method: string,
    headers: Record<string, string>,
    body?: string,
    path = '/mcp',
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> => {
    const { port } = new URL(server.url);
    const sent = request({ host: '127.0.0.1', port, method, path, headers });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    sent.on('error', () => undefined);
    sent.end(body);
    const [response] = await answered;
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  };
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const open = async (): Promise<string> => {
    const { status, headers } = await send('POST', { ...json, ...authorized() }, JSON.stringify(initialize));
    assert.equal(status, 200);
    const id = headers['mcp-session-id'];
    assert.ok(typeof id === 'string');
    return id;
  };

  itByFetch('serves the tools, to several clients at once', async () => {
    await start();
    const [one, two] = [await connect(), await connect()];
    const answers = await Promise.all(
      [one, two, one, two].map(async ({ ask }, n) => (await ask('python.run', { code: `print(${n})` }))['stdout']),
    );
    assert.deepEqual(answers, ['0\n', '1\n', '2\n', '3\n']);
    assert.equal(server.sessions, 2);
    await Promise.all([one.close(), two.close()]);
  });

  itByFetch('serves a client of the next generation of the SDK, which this project does not use', async () => {
    await start();
    const client = new OtherClient({ name: 'other', version: '1.0.0' });
    await client.connect(new OtherTransport(new URL(server.url), { requestInit: { headers: authorized() } }));
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['python.run', 'python.venv', 'python.pip'],
    );
    const { structuredContent } = await client.callTool({ name: 'python.run', arguments: { code: 'print("Hello")' } });
    assert.equal((structuredContent as { stdout?: string }).stdout, 'Hello\n');
    await client.close();
  });

  itByFetch('tells of its progress, and ends a call that is cancelled', async () => {
    await start();
    const { call, close } = await connect();
    const messages: string[] = [];
    await call('python.run', { code: 'import time; time.sleep(1.3)' }, { onProgress: (line) => messages.push(line) });
    assert.deepEqual(messages, ['Running (1 s)']);
    const cancel = new AbortController();
    const running = call('python.run', { code: 'import time; time.sleep(600)' }, { signal: cancel.signal });
    cancel.abort();
    await assert.rejects(running);
    await close();
  });

  it('listens on the loopback address only, on any free port', async () => {
    await start();
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    assert.ok(server.token.length >= 43, '256 bits');
  });

  it('refuses a wrong or missing token with 403, which starts no OAuth dialogue', async () => {
    await start();
    const body = JSON.stringify(initialize);
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: server.token }]) {
      assert.equal((await send('POST', { ...json, ...headers }, body)).status, 403);
    }
    assert.equal(server.sessions, 0);
  });

  it('refuses other hosts and origins, as a rebound name or a web page would send them', async () => {
    await start();
    const body = JSON.stringify(initialize);
    for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }, { origin: 'null' }]) {
      assert.equal((await send('POST', { ...json, ...authorized(), ...headers }, body)).status, 403);
    }
    const { host } = new URL(server.url);
    assert.equal((await send('POST', { ...json, ...authorized(), origin: `http://${host}` }, body)).status, 200);
  });

  it('knows one path and three methods', async () => {
    await start();
    assert.equal((await send('POST', authorized(), '{}', '/other')).status, 404);
    const { status, headers } = await send('PUT', authorized(), '{}');
    assert.deepEqual([status, headers.allow], [405, 'GET, POST, DELETE']);
  });

  it('answers 404 to an unknown session, and 400 to a request that is in none', async () => {
    await start();
    const call = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    for (const method of ['GET', 'POST', 'DELETE']) {
      const body = method === 'POST' ? call : undefined;
      const gone = { ...json, ...authorized(), 'mcp-session-id': 'none' };
      assert.equal((await send(method, gone, body)).status, 404, method);
      assert.equal((await send(method, { ...json, ...authorized() }, body)).status, 400, method);
    }
  });

  /** Starts a server, and knows its tool servers from when they are made until they are closed. */
  const startCounting = async (options: Partial<HttpServerOptions> = {}): Promise<Set<unknown>> => {
    const living = new Set<unknown>();
    const workspace = openWorkspace([folder]);
    await start({
      ...options,
      createSession: () => {
        const tools = createToolServer(workspace);
        living.add(tools);
        tools.server.onclose = () => living.delete(tools);
        return tools;
      },
    });
    return living;
  };
  const listen = async (session: string): Promise<{ readonly destroy: () => void }> => {
    const headers = { ...authorized(), accept: 'text/event-stream', 'mcp-session-id': session };
    const stream = request(server.url, { headers });
    stream.on('error', () => undefined);
    stream.end();
    assert.equal(((await once(stream, 'response')) as [IncomingMessage])[0].statusCode, 200);
    return stream;
  };

  it('keeps nothing of a session that it did not accept', async () => {
    const living = await startCounting();
    const body = JSON.stringify(initialize);
    const refused: [number, Record<string, string>, string][] = [
      [406, { ...json, accept: 'application/json' }, body],
      [406, { ...json, accept: 'text/html' }, body],
      [415, { ...json, 'content-type': 'text/plain' }, body],
      [400, json, body.replace('"capabilities":{},', '')],
      [400, json, `[${body}]`],
      [400, json, `[${body},${body}]`],
      [404, { ...json, 'mcp-session-id': 'none' }, body],
    ];
    for (const [status, headers, text] of refused) {
      const answers = Array.from({ length: 8 }, () => send('POST', { ...headers, ...authorized() }, text));
      for (const answer of await Promise.all(answers)) assert.equal(answer.status, status, answer.text);
    }
    assert.deepEqual([living.size, server.sessions], [0, 0]);
    await open();
    assert.deepEqual([living.size, server.sessions], [1, 1]);
  });

  it('makes room for a session by ending the one that was not used for longest', async () => {
    const living = await startCounting({ mostSessions: 3 });
    const listening = await listen(await open());
    const [second, third] = [await open(), await open()];
    const ping = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' });
    const statusOf = async (session: string): Promise<number> =>
      (await send('POST', { ...json, ...authorized(), 'mcp-session-id': session }, ping)).status;
    assert.equal(await statusOf(second), 200);
    await open();
    assert.deepEqual([await statusOf(second), await statusOf(third)], [200, 404]);
    assert.deepEqual([living.size, server.sessions], [3, 3]);
    listening.destroy();
  });

  it('refuses a session where all others are in use', async () => {
    const living = await startCounting({ mostSessions: 1 });
    const listening = await listen(await open());
    const answer = await send('POST', { ...json, ...authorized() }, JSON.stringify(initialize));
    assert.deepEqual([answer.status, living.size], [503, 1]);
    listening.destroy();
  });

  it('leaves no tool server behind a session that ends', async () => {
    const living = await startCounting();
    const session = { ...json, ...authorized(), 'mcp-session-id': await open() };
    assert.equal((await send('DELETE', session)).status, 200);
    assert.equal(living.size, 0);
    await open();
    // One more, which is being sent when the server closes.
    const late = connectSocket(Number(new URL(server.url).port), '127.0.0.1');
    late.on('error', () => undefined);
    const body = JSON.stringify(initialize);
    const { host } = new URL(server.url);
    const headers = Object.entries({ ...json, ...authorized(), host, 'content-length': String(body.length) });
    late.write(`POST /mcp HTTP/1.1\r\n${headers.map((header) => header.join(': ')).join('\r\n')}\r\n\r\n{`);
    await once(late, 'connect');
    const closing = server.close();
    late.end(body.slice(1));
    await closing;
    assert.equal(living.size, 0);
    await start();
  });

  /** Writes bytes as they are. @returns all that comes back until the server closes the connection. */
  const exchange = async (head: string): Promise<string> => {
    const socket = connectSocket(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.write(head);
    await once(socket, 'close');
    return text;
  };

  it('answers whatever stands where the path does', async () => {
    await start();
    const { host } = new URL(server.url);
    const statusOf = async (method: string, target: string): Promise<number> => {
      const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${server.token}`];
      const answer = await exchange([...lines, 'Connection: close', '', ''].join('\r\n'));
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
    };
    const ours = ['/mcp', '/mcp?', '/mcp?x', '/mcp?x=//&%zz', `http://${host}/mcp`, `http://${host}/mcp?x`];
    for (const target of ours) assert.equal(await statusOf('GET', target), 400, target);
    const others = ['/', '//', '///mcp', '//mcp', '/%zz', '/%', '/%00', '/mcp/', '/mcp/..', '/mcp#x', '/MCP', '/\\mcp'];
    const elsewhere = [
      'http://evil.example/mcp',
      'http://127.0.0.1:1/mcp',
      '//evil.example/mcp',
      `/${'x'.repeat(8000)}`,
    ];
    for (const target of [...others, ...elsewhere]) assert.equal(await statusOf('GET', target), 404, target);
    assert.equal(await statusOf('OPTIONS', '*'), 404);
    for (const target of ['http://[', 'http://[::/mcp', 'mcp', 'http:mcp', '*', '?']) {
      assert.ok([400, 404].includes(await statusOf('GET', target)), target);
    }
    for (const target of ['/mcp', '//']) assert.ok([404, 405].includes(await statusOf('OPTIONS', target)), target);
    assert.equal(await statusOf('GET', `/${'x'.repeat(100_000)}`), 431);
    assert.equal(await statusOf('BREW', '/mcp'), 400);
  });

  it('does not wait for ever for a request to be sent', async () => {
    await start({ headMs: 100 });
    const { host } = new URL(server.url);
    assert.match(await exchange(`POST /mcp HTTP/1.1\r\nHost: ${host}\r\n`), /^HTTP\/1\.1 408 /);
    const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: 9\r\n\r\n{`;
    assert.match(await exchange(head), /^HTTP\/1\.1 408 /);
  });

  it('ends a session on DELETE', async () => {
    await start();
    const session = { ...json, ...authorized(), 'mcp-session-id': await open() };
    assert.equal((await send('DELETE', session)).status, 200);
    assert.equal(server.sessions, 0);
    assert.equal((await send('DELETE', session)).status, 404);
  });

  it('opens a stream on GET', async () => {
    await start();
    const { port } = new URL(server.url);
    const headers = { ...authorized(), accept: 'text/event-stream', 'mcp-session-id': await open() };
    const stream = request({ host: '127.0.0.1', port, path: '/mcp', headers });
    stream.on('error', () => undefined);
    stream.end();
    const [response] = (await once(stream, 'response')) as [IncomingMessage];
    assert.deepEqual([response.statusCode, response.headers['content-type']], [200, 'text/event-stream']);
    stream.destroy();
  });

  it('refuses a body that is too long, or is not JSON', async () => {
    await start({ bodyLimit: 1000 });
    const long = JSON.stringify({ ...initialize, padding: 'x'.repeat(2000) });
    assert.equal((await send('POST', { ...json, ...authorized() }, long)).status, 413);
    assert.equal((await send('POST', { ...json, ...authorized() }, '{')).status, 400);
  });

  itByFetch('drops a session that nobody uses, and none that is at work', async () => {
    await start({ idleMs: 300 });
    const busy = await connect();
    await open();
    const { stdout } = await busy.ask('python.run', { code: 'import time; time.sleep(1.2); print("done")' });
    assert.equal(stdout, 'done\n');
    assert.equal(server.sessions, 1, 'the idle one is gone; the other one listens');
    await busy.close();
  });

  itByFetch('leaves nothing when it closes: no run, no session, no port', async () => {
    await start();
    const { call } = await connect();
    let running: Promise<CallToolResult> | undefined;
    await new Promise<string>((started) => {
      running = call('python.run', { code: 'import time; time.sleep(600)' }, { onProgress: started });
    });
    await server.close();
    assert.equal(server.sessions, 0);
    const socket = connectSocket(Number(new URL(server.url).port) || 1, '127.0.0.1');
    await assert.rejects(once(socket, 'connect'));
    assert.equal(running && fieldsOf(await running)['cancelled'], true, 'the call still has its answer');
    await start();
  });

  for (const scenario of [
    'server-initialize',
    'ping',
    'tools-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ]) {
    itByFetch(`passes "${scenario}" of the protocol's conformance suite`, async () => {
      await start();
      const proxy = await startProxy(server);
      try {
        await conformance(scenario, `http://localhost:${(proxy.address() as AddressInfo).port}/mcp`);
      } finally {
        proxy.closeAllConnections();
        proxy.close();
      }
    });
  }
});

/** Adds the token, which the conformance suite has no option for; everything else passes as it is. */
async function startProxy(server: McpHttpServer): Promise<Server> {
  const target = new URL(server.url);
  const proxy = createHttpServer((incoming, outgoing) => {
    const own = `:${(proxy.address() as AddressInfo).port}`;
    const headers: IncomingHttpHeaders = { ...incoming.headers, authorization: `Bearer ${server.token}` };
    for (const name of ['host', 'origin'] as const) headers[name] &&= headers[name].replace(own, `:${target.port}`);
    const { method, url: path } = incoming;
    const forwarded = request({ host: '127.0.0.1', port: target.port, method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      outgoing.flushHeaders();
      response.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}

async function conformance(scenario: string, url: string): Promise<void> {
  const suite = join(project, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [suite, 'server', '--url', url, '--scenario', scenario], (error, stdout, stderr) => {
      if (error) reject(new Error(`${stdout}\n${stderr}`));
      else resolve();
    });
  });
}
