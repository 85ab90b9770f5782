import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { McpHttpServer } from '../../src/mcp/httpServer';
import { largestMessage } from '../../src/mcp/messages';
import { StdioTransport } from '../../src/mcp/stdioTransport';
import { exitOf, startServer } from '../support/mcpClient';
import { createToolServer, openWorkspace } from '../support/testFolders';

/** What stands at the end of a table row that gets no answer over stdio. */
const nothing = undefined;
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const megabyte = 'x'.repeat(1024 ** 2);
const call = (params: string, id = '7'): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;
const run = (stdin: string): string => call(`{"name":"python.run","arguments":{"code":"print(1)","stdin":"${stdin}"}}`);

interface Answer {
  /** As JSON. */
  readonly id: string;
  /** Of the error; undefined for a result. */
  readonly code?: number;
}

/** Title, message, the answer over stdio, and the status over HTTP: 200 with the same answer, or 400 and more. */
type Row = readonly [title: string, message: string | Buffer, answer: Answer | undefined, status: number];

const rows: readonly Row[] = [
  // Not JSON
  ['a word', 'hello', { id: 'null', code: -32700 }, 400],
  ['half an object', '{"jsonrpc":"2.0","id":7,', { id: 'null', code: -32700 }, 400],
  ['NUL', '\0', { id: 'null', code: -32700 }, 400],
  ['NUL in an object', '{"jsonrpc":"2.0","id":7,"method":"ping"}\0', { id: 'null', code: -32700 }, 400],
  ['a comment', '{"jsonrpc":"2.0","id":7,"method":"ping"} // ping', { id: 'null', code: -32700 }, 400],
  ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}', { id: 'null', code: -32700 }, 400],
  [
    'text that is not UTF-8',
    Buffer.from('{"jsonrpc":"2.0","id":7,"method":"p\xffng"}', 'latin1'),
    { id: 'null', code: -32700 },
    400,
  ],
  ['brackets that are never closed', '['.repeat(100_000), { id: 'null', code: -32700 }, 400],
  // Not a message
  ...['5', 'null', 'true', '"text"'].map((json): Row => [json, json, { id: 'null', code: -32600 }, 400]),
  ['an empty object', '{}', { id: 'null', code: -32600 }, 400],
  ['an id alone', '{"jsonrpc":"2.0","id":7}', { id: '7', code: -32600 }, 400],
  ['a deep array', deep, { id: 'null', code: -32600 }, 400],
  ['an empty batch', '[]', { id: 'null', code: -32600 }, 400],
  [
    'a batch',
    '[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":8,"method":"ping"}]',
    { id: 'null', code: -32600 },
    400,
  ],
  ['a batch of nothing', '[1,2]', { id: 'null', code: -32600 }, 400],
  ['no version', '{"id":7,"method":"ping"}', { id: '7', code: -32600 }, 400],
  ['version 1.0', '{"jsonrpc":"1.0","id":7,"method":"ping"}', { id: '7', code: -32600 }, 400],
  ['version 2 as a number', '{"jsonrpc":2.0,"id":7,"method":"ping"}', { id: '7', code: -32600 }, 400],
  ...['5', 'null', '{}', '["ping"]'].map((method): Row => [
    `method ${method}`,
    `{"jsonrpc":"2.0","id":7,"method":${method}}`,
    { id: '7', code: -32600 },
    400,
  ]),
  ['method 5 without an id', '{"jsonrpc":"2.0","method":5}', { id: 'null', code: -32600 }, 400],
  ['a request with a result', '{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}', { id: '7', code: -32600 }, 400],
  [
    'a version that is inherited',
    '{"__proto__":{"jsonrpc":"2.0"},"id":7,"method":"ping"}',
    { id: '7', code: -32600 },
    400,
  ],
  // Ids
  ...['null', 'true', '{}', '[7]', deep].map((id): Row => [
    `the id ${id.slice(0, 9)}`,
    `{"jsonrpc":"2.0","id":${id},"method":"ping"}`,
    { id: 'null', code: -32600 },
    400,
  ]),
  ...['1.5', '-0.25', '12345678901234567890', '1e400'].map((id): Row => [
    `the id ${id}`,
    `{"jsonrpc":"2.0","id":${id},"method":"ping"}`,
    { id, code: -32600 },
    400,
  ]),
  ...['0', '-7', '9007199254740991', '""', '"seven"', '"7"', '"\\ud800"', `"${megabyte}"`].map((id): Row => [
    `the id ${id.slice(0, 20)}`,
    `{"jsonrpc":"2.0","id":${id},"method":"ping"}`,
    { id },
    200,
  ]),
  ['the last of two ids', '{"jsonrpc":"2.0","id":6,"method":"ping","id":7}', { id: '7' }, 200],
  // Parameters
  ...['5', 'null', 'true', '"text"'].map((params): Row => [
    `params ${params}`,
    `{"jsonrpc":"2.0","id":7,"method":"ping","params":${params}}`,
    { id: '7', code: -32600 },
    400,
  ]),
  ...['[]', '[1]', deep].map((params): Row => [
    `params ${params.slice(0, 9)}`,
    `{"jsonrpc":"2.0","id":7,"method":"ping","params":${params}}`,
    { id: '7', code: -32602 },
    200,
  ]),
  ...['ping', 'tools/list', 'tools/call', 'never/heard'].flatMap((method) =>
    [
      '{"_meta":5}',
      '{"_meta":null}',
      '{"_meta":[]}',
      '{"_meta":{"progressToken":{}}}',
      '{"_meta":{"progressToken":1.5}}',
      '{"_meta":{"progressToken":null}}',
    ].map((params): Row => [
      `${params} for ${method}`,
      `{"jsonrpc":"2.0","id":"a","method":"${method}","params":${params}}`,
      { id: '"a"', code: -32602 },
      200,
    ]),
  ),
  ...['5', 'null', '"x"', '{}'].map((cursor): Row => [
    `the cursor ${cursor}`,
    `{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"cursor":${cursor}}}`,
    { id: '7', code: -32602 },
    200,
  ]),
  ['a call without parameters', '{"jsonrpc":"2.0","id":7,"method":"tools/call"}', { id: '7', code: -32602 }, 200],
  ...['{}', '{"name":5}', '{"name":null}', '{"name":"none"}', `{"name":"${megabyte}"}`, '{"name":"__proto__"}'].map(
    (params): Row => [`a call of ${params.slice(0, 20)}`, call(params), { id: '7', code: -32602 }, 200],
  ),
  ...['null', '5', '[]', '"code"', 'true'].map((value): Row => [
    `arguments ${value}`,
    call(`{"name":"python.venv","arguments":${value}}`),
    { id: '7', code: -32602 },
    200,
  ]),
  [
    'a call with keys of the prototype',
    call('{"name":"python.venv","arguments":{"action":"list","__proto__":{"action":"delete"}},"__proto__":{"name":5}}'),
    { id: '7' },
    200,
  ],
  ['a deep argument', call(`{"name":"python.venv","arguments":{"action":${deep}}}`), { id: '7' }, 200],
  [
    'a call that wishes for a task',
    call('{"name":"python.venv","arguments":{"action":"list"},"task":{"ttl":5}}'),
    { id: '7' },
    200,
  ],
  // Methods
  ...['never/heard', '', '__proto__', 'constructor', 'prompts/get', 'logging/setLevel'].map((method): Row => [
    `the method "${method}"`,
    `{"jsonrpc":"2.0","id":7,"method":"${method}"}`,
    { id: '7', code: -32601 },
    200,
  ]),
  ['members that JSON-RPC does not know', '{"jsonrpc":"2.0","id":7,"method":"ping","trace":1}', { id: '7' }, 200],
  // What has no answer
  ['a notification of version 1.0', '{"jsonrpc":"1.0","method":"notifications/initialized"}', nothing, 400],
  ['a notification with params 5', '{"jsonrpc":"2.0","method":"notifications/initialized","params":5}', nothing, 400],
  ['a notification that nobody knows', '{"jsonrpc":"2.0","method":"notifications/never"}', nothing, 202],
  ...['{}', '{"requestId":{}}', '{"requestId":99}', '{"requestId":null}', '{"requestId":"99","reason":5}'].map(
    (params): Row => [
      `a cancel of ${params}`,
      `{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`,
      nothing,
      202,
    ],
  ),
  ['a cancel of nothing', '{"jsonrpc":"2.0","method":"notifications/cancelled"}', nothing, 202],
  [
    'progress of nothing',
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":[]}}',
    nothing,
    202,
  ],
  ['a response to no request', '{"jsonrpc":"2.0","id":99,"result":{}}', nothing, 202],
  ['an error for no request', '{"jsonrpc":"2.0","id":99,"error":{"code":1,"message":"no"}}', nothing, 202],
  ['a result and an error', '{"jsonrpc":"2.0","id":99,"result":{},"error":{"code":1,"message":"no"}}', nothing, 202],
  ['a result that is a number', '{"jsonrpc":"2.0","id":99,"result":5}', nothing, 202],
  ['a deep result', `{"jsonrpc":"2.0","id":99,"result":{"deep":${deep}}}`, nothing, 202],
  ['an error without an id', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"what?"}}', nothing, 400],
  // Long ones
  ['a run with 9 MB of input', run('x'.repeat(9e6)), { id: '7' }, 200],
  ['a run with 11 MB of input', run('x'.repeat(11e6)), { id: '7', code: -32600 }, 413],
  [
    'a long request with its id at its end',
    `{"method":"x","params":{"id":5,"a":"\\"}${'x'.repeat(largestMessage)}"},"jsonrpc":"2.0","\\u0069d": "s\\"7"}`,
    { id: '"s\\"7"', code: -32600 },
    413,
  ],
  [
    'a long id',
    `{"jsonrpc":"2.0","id":"${'x'.repeat(largestMessage)}","method":"ping"}`,
    { id: 'null', code: -32600 },
    413,
  ],
  ['a long word', 'x'.repeat(largestMessage + 1), { id: 'null', code: -32600 }, 413],
  [
    'a long batch',
    `[{"jsonrpc":"2.0","id":7,"method":"ping"}${' '.repeat(largestMessage)}]`,
    { id: 'null', code: -32600 },
    413,
  ],
  [
    'a long notification',
    `{"jsonrpc":"2.0","method":"notifications/x","params":{"a":"${'x'.repeat(largestMessage)}"}}`,
    nothing,
    413,
  ],
  ['a long response', `{"jsonrpc":"2.0","id":7,"result":{"a":"${'x'.repeat(largestMessage)}"}}`, nothing, 413],
  // Accepted
  ['a byte order mark', '\uFEFF{"jsonrpc":"2.0","id":7,"method":"ping"}', { id: '7' }, 200],
  ['a carriage return', '{"jsonrpc":"2.0","id":7,"method":"ping"}\r', { id: '7' }, 200],
  [
    'another protocol version',
    '{"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":{"progressToken":"x"}}}',
    { id: '7' },
    200,
  ],
];

const initialize = (version = '2025-11-25'): string =>
  `{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"${version}","capabilities":{},"clientInfo":{"name":"bare","version":"1"}}}`;
const good = call('{"name":"python.run","arguments":{"code":"print(6 * 7)"}}', '"good"');

/** @returns the answer as a row has it. */
function answerIn(json: string): Answer {
  const { id, error } = JSON.parse(json) as { id: unknown; error?: { code: number; message: string } };
  // An id that JavaScript would round stands in the text as it was sent.
  const text =
    typeof id === 'number' && !Number.isSafeInteger(id) ? (/"id":([^,]+)/.exec(json)?.[1] ?? '') : JSON.stringify(id);
  if (error) assert.ok(error.message.length < 300, error.message.slice(0, 300));
  return { id: text, ...(error ? { code: error.code } : {}) };
}

describe('malformed messages over stdio', () => {
  let folder: string;
  let server: ReturnType<typeof startServer>;
  let received = '';
  let heard: () => void = () => undefined;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'malformed-')));
    server = startServer(['--workspace', folder]);
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      heard();
    });
    server.stderr?.resume();
  });
  after(async () => {
    server.stdin?.end();
    assert.equal(await exitOf(server), 0);
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns the lines that the server writes until it has answered these messages. */
  const linesUntil = async (...ends: readonly string[]): Promise<string[]> => {
    for (;;) {
      const lines = received.split('\n').slice(0, -1);
      if (ends.every((end) => lines.some((line) => line.includes(end)))) {
        received = '';
        return lines;
      }
      await new Promise<void>((resolve) => (heard = resolve));
    }
  };
  /** Sends a line and then pings; @returns the answers to the line. */
  const answersTo = async (line: string | Buffer, expected = 0): Promise<string[]> => {
    const answers: string[] = [];
    server.stdin?.write(Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
    do {
      server.stdin?.write('{"jsonrpc":"2.0","id":"pong","method":"ping"}\n');
      answers.push(...(await linesUntil('"pong"')).filter((answer) => !answer.includes('"pong"')));
    } while (answers.length < expected);
    return answers;
  };

  it('has an answer for a request before the handshake, and for a handshake that is wrong', async () => {
    const [early = ''] = await answersTo('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', 1);
    assert.equal(answerIn(early).id, '1');
    for (const params of [
      '5',
      '{}',
      '{"protocolVersion":5,"capabilities":{},"clientInfo":{"name":"a","version":"1"}}',
    ]) {
      const [wrong = ''] = await answersTo(`{"jsonrpc":"2.0","id":2,"method":"initialize","params":${params}}`, 1);
      assert.ok([-32600, -32602].includes(answerIn(wrong).code ?? 0), wrong);
    }
    for (const version of ['never', '2025-11-25']) {
      const [right = ''] = await answersTo(initialize(version), 1);
      assert.match(right, /"protocolVersion":"2025-11-25"/);
    }
  });

  for (const [title, message, answer] of rows) {
    it(`${answer ? `answers ${answer.code ?? 'as always'}` : 'says nothing'}: ${title}`, async () => {
      const answers = await answersTo(message, answer ? 1 : 0);
      assert.deepEqual(answers.map(answerIn), answer ? [answer] : []);
    });
  }

  it('takes no notice of blank lines', async () => {
    assert.deepEqual(await answersTo('\n\r\n \t \n\n'), []);
  });

  it('takes messages apart wherever the pipe does', async () => {
    for (const byte of Buffer.from('{"jsonrpc":"2.0","id":"é","method":"ping"}\n'))
      server.stdin?.write(Buffer.of(byte));
    assert.deepEqual((await answersTo('', 1)).map(answerIn), [{ id: '"é"' }]);
  });

  it('serves a call after all that', async () => {
    const [answer = ''] = await answersTo(good, 1);
    assert.match(answer, /"stdout":"42\\n"/);
  });

  it('goes on at once where a client answers its question with nonsense', async () => {
    const other = startServer([]);
    const lines = createInterface({ input: other.stdout ?? new PassThrough() })[Symbol.asyncIterator]();
    const next = async (): Promise<{ id?: unknown; method?: string }> =>
      JSON.parse(String((await lines.next()).value)) as { id?: unknown; method?: string };
    other.stderr?.resume();
    other.stdin?.write(`${initialize().replace('"capabilities":{}', '"capabilities":{"roots":{}}')}\n`);
    assert.equal((await next()).id, 'i');
    other.stdin?.write(`${call('{"name":"python.venv","arguments":{"action":"list"}}')}\n`);
    const { id, method } = await next();
    assert.equal(method, 'roots/list');
    other.stdin?.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":5}\n`);
    // Where a question times out, a cancel comes first.
    assert.equal((await next()).id, 7);
    other.stdin?.end();
    assert.equal(await exitOf(other), 0);
  });

  it('ends quietly when nobody can read its answers', async () => {
    const other = startServer(['--workspace', folder]);
    const errors = other.stderr ? textOf(other.stderr) : '';
    other.stdout?.destroy();
    other.stdin?.on('error', () => undefined);
    other.stdin?.write('hello\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    assert.equal(await exitOf(other), 0);
    assert.equal(await errors, '');
  });
});

describe('the transport over stdio', () => {
  it('reads over a gigabyte in one line without keeping it, and answers it', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const transport = new StdioTransport(input, output);
    await transport.start();
    const chunk = Buffer.alloc(1024 ** 2, 'x');
    const held = (): number => process.memoryUsage().arrayBuffers;
    const before = held();
    let most = 0;
    input.write('{"id":"long","method":"ping","x":"');
    for (let count = 0; count < 1024; count++) {
      if (!input.write(chunk)) await once(input, 'drain');
      most = Math.max(most, held() - before);
    }
    input.write('"}\n');
    const [answer] = (await once(output, 'data')) as [Buffer];
    assert.deepEqual(answerIn(answer.toString()), { id: '"long"', code: -32600 });
    assert.ok(most < 8 * largestMessage, `${most} bytes`);
  });

  it('stops listening to a client that asks and asks and reads no answer, until it reads', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const transport = new StdioTransport(input, output);
    let asked = 0;
    transport.onmessage = (message) => {
      asked++;
      const id = 'id' in message ? (message.id ?? '') : '';
      void transport.send({ jsonrpc: '2.0', id, result: { padding: megabyte } });
    };
    await transport.start();
    const count = 200;
    for (let id = 0; id < count; id++) input.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`);
    while (!input.isPaused()) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(asked < count / 2, `${asked} answers wait`);
    let answers = 0;
    for await (const text of output.setEncoding('utf8')) {
      answers += String(text).split('\n').length - 1;
      if (answers === count) break;
    }
    assert.equal(asked, count);
  });
});

describe('malformed messages over HTTP', () => {
  let folder: string;
  let server: McpHttpServer;
  let session: string;
  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'malformed-')));
    const workspace = openWorkspace([folder]);
    server = await McpHttpServer.start({ createSession: () => createToolServer(workspace) });
    const { headers } = await post(initialize(), {});
    session = String(headers['mcp-session-id']);
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const post = async (
    body: string | Buffer,
    headers: Record<string, string> = { 'mcp-session-id': session },
  ): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> => {
    const sent = request(server.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
  };

  for (const [title, message, answer, status] of rows) {
    it(`answers with status ${status}: ${title}`, async () => {
      const { status: actual, text } = await post(message);
      assert.equal(actual, status, text.slice(0, 300));
      // An answer comes as JSON or as the one event of a stream.
      const json = text.replace(/^event: message\ndata: /, '').trim();
      if (status === 202) assert.equal(json, '');
      else if (status === 200) assert.deepEqual(answerIn(json), answer);
      else
        assert.deepEqual(answerIn(json), {
          code: -32600,
          ...answer,
          ...(answer ? {} : { id: 'null' }),
        });
    });
  }

  it('has an answer for a handshake that is wrong, and for a second one', async () => {
    for (const params of ['5', '{}']) {
      const { status } = await post(`{"jsonrpc":"2.0","id":2,"method":"initialize","params":${params}}`, {});
      assert.equal(status, 400);
    }
    assert.equal((await post(initialize())).status, 400);
    assert.equal(server.sessions, 1);
  });

  it('refuses an id that is in use, which would take the answer of the other request', async () => {
    const slow = call('{"name":"python.run","arguments":{"code":"import time; time.sleep(600)"}}', '"slow"');
    const running = post(slow);
    // The first one is at work as soon as its id is taken.
    let second = await post('{"jsonrpc":"2.0","id":"slow","method":"ping"}');
    while (second.status === 200) second = await post('{"jsonrpc":"2.0","id":"slow","method":"ping"}');
    assert.deepEqual([second.status, answerIn(second.text)], [400, { id: '"slow"', code: -32600 }]);
    await post('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"slow"}}');
    void running.catch(() => undefined);
  });

  it('serves a call after all that', async () => {
    assert.match((await post(good)).text, /"stdout":"42\\n"/);
  });
});
