import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { chatCompletions } from './chatCompletions';
import type { Dialect, NextMove, Turn } from './dialect';
import { generateContent } from './generateContent';
import { messages } from './messages';
import { responses } from './responses';

const dialects: readonly Dialect[] = [chatCompletions, generateContent, messages, responses];

export interface ScriptedModel extends AsyncDisposable {
  /** Such as "http://127.0.0.1:1234": before the path of an API. */
  readonly url: string;
  /** The turns of the conversation: requests that offered tools. A client's requests for titles are not among them. */
  readonly turns: readonly Turn[];
  /** Starts a new conversation, whose turns play these moves in order. */
  play(moves: readonly NextMove[]): void;
}

/**
 * Starts a model that plays prepared moves, on a free port of loopback. It speaks the streaming APIs of OpenAI (chat
 * completions and responses), Anthropic (messages) and Google (generateContent), by the path that a client asks for.
 */
export async function startScriptedModel(): Promise<ScriptedModel> {
  let turns: Turn[] = [];
  let moves: readonly NextMove[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const dialect = dialects.find(({ path }) => path.test(pathname));
    if (incoming.method !== 'POST' || !dialect) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const body = await json(incoming);
    const turn = dialect.read(body);
    const next =
      turn.offered.length > 0
        ? (moves[turns.push(turn) - 1] ?? { say: 'The script has no move left.' })
        : { say: 'Title' };
    const move = typeof next === 'function' ? next(turn) : next;
    const streams = dialect.streams(pathname, body);
    response.setHeader('content-type', streams ? 'text/event-stream' : 'application/json');
    response.end(dialect.write(move, turns.length, streams));
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get turns() {
      return turns;
    },
    play(next) {
      turns = [];
      moves = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
