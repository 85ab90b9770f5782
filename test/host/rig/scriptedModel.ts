import type { ChatRequest } from '../../support/model/chatCompletions';
import type { ModelMove } from '../../support/model/dialect';
import { startScriptedModel as startModel } from '../../support/model/scriptedModel';

export type { ModelMove };
export type ModelRequest = ChatRequest;

/** A move, or how the model decides on it by what it reads. */
export type NextMove = ModelMove | ((request: ModelRequest) => ModelMove);

export interface ScriptedModel extends AsyncDisposable {
  /** What VS Code's chatLanguageModels.json says of this model. */
  readonly chatModels: unknown;
  /** The turns of the conversation: requests that offered tools. VS Code's requests for titles are not among them. */
  readonly turns: readonly ModelRequest[];
  /** Starts a new conversation, whose turns play these moves in order. */
  play(moves: readonly NextMove[]): void;
}

/** Starts a model that plays prepared moves, as VS Code speaks to one: over OpenAI's chat completions. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const model = await startModel();
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
            url: `${model.url}/v1/chat/completions`,
            toolCalling: true,
            vision: false,
            maxInputTokens: 128_000,
            maxOutputTokens: 16_000,
          },
        ],
      },
    ],
    get turns() {
      return model.turns.map(({ body }) => body as ModelRequest);
    },
    play(moves) {
      model.play(moves.map((move) => (typeof move === 'function' ? ({ body }) => move(body as ModelRequest) : move)));
    },
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}
