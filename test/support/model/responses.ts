import { events, textOf, type Dialect, type ModelMove, wantsStream } from './dialect';

interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description: string;
  readonly parameters: unknown;
}

interface Namespace {
  readonly type: 'namespace';
  readonly name: string;
  readonly tools: readonly FunctionTool[];
}

type Tool = FunctionTool | Namespace | { readonly type: 'custom' };

interface ResponsesRequest {
  readonly input: readonly { readonly type: string; readonly output?: unknown; readonly tools?: readonly Tool[] }[];
  readonly tools?: readonly Tool[];
}

/** OpenAI's responses. */
export const responses: Dialect = {
  path: /\/responses$/,
  read(body) {
    const { input, tools = [] } = body as ResponsesRequest;
    return {
      // What a tool search found is offered from then on.
      offered: [...tools, ...input.flatMap((item) => item.tools ?? [])].flatMap((tool) => {
        if (tool.type === 'function') return [offer(tool)];
        return tool.type === 'namespace' ? tool.tools.map((inner) => offer(inner, `${tool.name}/`)) : [];
      }),
      results: input
        .filter(({ type }) => type === 'function_call_output')
        .map(({ output }) => ({ text: textOf(output) })),
      body,
    };
  },
  streams: wantsStream,
  write(move, turn, streams) {
    const item = itemOf(move, turn);
    const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
    const response = { id: `resp_${turn}`, object: 'response', status: 'completed', output: [item], usage };
    if (!streams) return JSON.stringify(response);
    return events([
      { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response },
    ]);
  },
};

function offer({ name, description, parameters }: FunctionTool, prefix = '') {
  return { name: `${prefix}${name}`, description, schema: parameters };
}

function itemOf(move: ModelMove, turn: number): object {
  if ('say' in move) {
    const content = [{ type: 'output_text', text: move.say, annotations: [] }];
    return { type: 'message', id: `msg_${turn}`, role: 'assistant', status: 'completed', content };
  }
  if (move.call === 'tool_search') {
    return { type: 'tool_search_call', call_id: `call_${turn}`, execution: 'client', arguments: move.input };
  }
  const [name, namespace] = move.call.split('/').reverse();
  const call = { id: `fc_${turn}`, call_id: `call_${turn}`, arguments: JSON.stringify(move.input) };
  return { type: 'function_call', name, ...(namespace === undefined ? {} : { namespace }), ...call };
}
