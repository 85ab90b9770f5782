import { events, textOf, type Dialect, type ModelMove, wantsStream } from './dialect';

/** A request as OpenAI's chat completions define it, as far as tests look at it. */
export interface ChatRequest {
  readonly messages: readonly {
    readonly role: 'system' | 'user' | 'assistant' | 'tool';
    readonly content: unknown;
    readonly tool_call_id?: string;
  }[];
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly description: string; readonly parameters: unknown };
  }[];
}

/** OpenAI's chat completions. */
export const chatCompletions: Dialect = {
  path: /\/chat\/completions$/,
  read(body) {
    const { messages, tools = [] } = body as ChatRequest;
    return {
      offered: tools.map(({ function: { name, description, parameters } }) => ({
        name,
        description,
        schema: parameters,
      })),
      results: messages.filter(({ role }) => role === 'tool').map(({ content }) => ({ text: textOf(content) })),
      body,
    };
  },
  streams: wantsStream,
  write(move, turn, streams) {
    const message = messageOf(move, turn);
    const finish = 'say' in move ? 'stop' : 'tool_calls';
    const answer = (choice: object, rest = {}) => ({
      id: `chatcmpl-${turn}`,
      object: streams ? 'chat.completion.chunk' : 'chat.completion',
      created: 0,
      model: 'scripted',
      choices: [{ index: 0, ...choice }],
      ...rest,
    });
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    if (!streams) return JSON.stringify(answer({ message, finish_reason: finish }, { usage }));
    const chunks = [
      answer({ delta: message, finish_reason: null }),
      answer({ delta: {}, finish_reason: finish }, { usage }),
    ];
    return `${events(chunks)}data: [DONE]\n\n`;
  },
};

function messageOf(move: ModelMove, turn: number): object {
  if ('say' in move) return { role: 'assistant', content: move.say };
  const call = {
    index: 0,
    id: `call_${turn}`,
    type: 'function',
    function: { name: move.call, arguments: JSON.stringify(move.input) },
  };
  return { role: 'assistant', content: null, tool_calls: [call] };
}
