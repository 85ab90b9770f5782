import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What the model does: say something, or call a tool by one of the names it was offered. */
export type ModelMove = { readonly say: string } | { readonly call: string; readonly input: unknown };

/** A move, or how the model decides on it by what it reads. */
export type NextMove = ModelMove | ((request: ModelRequest) => ModelMove);

/** A request as OpenAI's chat completions define it, as far as tests look at it. */
export interface ModelRequest {
  readonly messages: readonly {
    readonly role: 'system' | 'user' | 'assistant' | 'tool';
    readonly content: unknown;
    readonly tool_call_id?: string;
  }[];
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly description: string; readonly parameters: unknown };
  }[];
}

export interface ScriptedModel extends AsyncDisposable {
  /** What VS Code's chatLanguageModels.json says of this model. */
  readonly chatModels: unknown;
  /** The turns of the conversation: requests that offered tools. VS Code's requests for titles are not among them. */
  readonly turns: readonly ModelRequest[];
  /** Starts a new conversation, whose turns play these moves in order. */
  play(moves: readonly NextMove[]): void;
}

/** Starts a model that plays prepared moves, over OpenAI's streaming chat completions on a free port of loopback. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  let turns: ModelRequest[] = [];
  let moves: readonly NextMove[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = (await json(incoming)) as ModelRequest;
    const offered = request.tools !== undefined && request.tools.length > 0;
    const next = offered
      ? (moves[turns.push(request) - 1] ?? { say: 'The script has no move left.' })
      : { say: 'Title' };
    const move = typeof next === 'function' ? next(request) : next;
    response.setHeader('content-type', 'text/event-stream');
    for (const chunk of chunksOf(move, turns.length)) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    chatModels: [
      {
        name: 'Scripted',
        vendor: 'customendpoint',
        apiKey: 'none',
        apiType: 'chat-completions',
        models: [
          {
            id: 'scripted',
            name: 'Scripted',
            url: `http://127.0.0.1:${port}/v1/chat/completions`,
            toolCalling: true,
            vision: false,
            maxInputTokens: 128_000,
            maxOutputTokens: 16_000,
          },
        ],
      },
    ],
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

function chunksOf(move: ModelMove, turn: number): unknown[] {
  const chunk = (delta: unknown, finish: string | null = null) => ({
    id: `chatcmpl-${turn}`,
    object: 'chat.completion.chunk',
    created: 0,
    model: 'scripted',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  if ('say' in move) return [chunk({ role: 'assistant', content: move.say }), chunk({}, 'stop')];
  const call = {
    index: 0,
    id: `call_${turn}`,
    type: 'function',
    function: { name: move.call, arguments: JSON.stringify(move.input) },
  };
  return [chunk({ role: 'assistant', content: null, tool_calls: [call] }), chunk({}, 'tool_calls')];
}
