import { events, textOf, type Dialect, type ModelMove, wantsStream } from './dialect';

interface Block {
  readonly type: string;
  readonly content?: unknown;
  readonly is_error?: boolean;
}

interface MessagesRequest {
  readonly messages: readonly { readonly content: string | readonly Block[] }[];
  readonly tools?: readonly { readonly name: string; readonly description?: string; readonly input_schema?: unknown }[];
}

/** Anthropic's messages. */
export const messages: Dialect = {
  path: /\/messages$/,
  read(body) {
    const { messages: all, tools = [] } = body as MessagesRequest;
    return {
      offered: tools.map(({ name, description = '', input_schema }) => ({ name, description, schema: input_schema })),
      results: all
        .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
        .filter(({ type }) => type === 'tool_result')
        .map(({ content, is_error = false }) => ({ text: textOf(content), failed: is_error })),
      body,
    };
  },
  streams: wantsStream,
  write(move, turn, streams) {
    const stop = { stop_reason: 'say' in move ? 'end_turn' : 'tool_use', stop_sequence: null };
    const message = {
      id: `msg_${turn}`,
      type: 'message',
      role: 'assistant',
      model: 'scripted',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    if (!streams) return JSON.stringify({ ...message, ...stop, content: [blockOf(move, turn)] });
    return events([
      { type: 'message_start', message: { ...message, content: [], stop_reason: null, stop_sequence: null } },
      { type: 'content_block_start', index: 0, content_block: startOf(move, turn) },
      { type: 'content_block_delta', index: 0, delta: deltaOf(move) },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: stop, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ]);
  },
};

function blockOf(move: ModelMove, turn: number): object {
  if ('say' in move) return { type: 'text', text: move.say };
  return { type: 'tool_use', id: `toolu_${turn}`, name: move.call, input: move.input };
}

/** A block as a stream begins it: the text or the input follows. */
const startOf = (move: ModelMove, turn: number): object => ({
  ...blockOf(move, turn),
  ...('say' in move ? { text: '' } : { input: {} }),
});

const deltaOf = (move: ModelMove): object =>
  'say' in move
    ? { type: 'text_delta', text: move.say }
    : { type: 'input_json_delta', partial_json: JSON.stringify(move.input) };
