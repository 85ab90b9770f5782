import { events, type Dialect } from './dialect';

interface Part {
  readonly functionResponse?: { readonly response: { readonly output?: string; readonly error?: string } };
}

interface GenerateContentRequest {
  readonly contents: readonly { readonly parts: readonly Part[] }[];
  readonly tools?: readonly {
    readonly functionDeclarations?: readonly {
      readonly name: string;
      readonly description: string;
      readonly parametersJsonSchema?: unknown;
    }[];
  }[];
}

/** Google's generateContent. */
export const generateContent: Dialect = {
  path: /:(streamG|g)enerateContent$/,
  read(body) {
    const { contents, tools = [] } = body as GenerateContentRequest;
    return {
      offered: tools
        .flatMap(({ functionDeclarations = [] }) => functionDeclarations)
        .map(({ name, description, parametersJsonSchema }) => ({ name, description, schema: parametersJsonSchema })),
      results: contents
        .flatMap(({ parts }) => parts)
        .flatMap(({ functionResponse }) => functionResponse ?? [])
        .map(({ response }) => ({ text: response.output ?? response.error ?? '' })),
      body,
    };
  },
  streams: (path) => path.endsWith(':streamGenerateContent'),
  write(move, turn, streams) {
    const part =
      'say' in move ? { text: move.say } : { functionCall: { id: `call_${turn}`, name: move.call, args: move.input } };
    const candidate = { index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' };
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    const answer = { candidates: [candidate], usageMetadata, modelVersion: 'scripted' };
    return streams ? events([answer]) : JSON.stringify(answer);
  },
};
