/** What the model does next: say something, or call a tool by one of the names it was offered. */
export type ModelMove = { readonly say: string } | { readonly call: string; readonly input: unknown };

export interface OfferedTool {
  /** As a call must spell it; where the API puts tools in namespaces, `namespace/name`. */
  readonly name: string;
  readonly description: string;
  readonly schema: unknown;
}

/** What came back from a call. */
export interface CallOutcome {
  /** All text of it, in order. */
  readonly text: string;
  /** Where the API has a field for it. */
  readonly failed?: boolean;
}

/** One request to the model. */
export interface Turn {
  readonly offered: readonly OfferedTool[];
  /** Of all calls of the conversation so far, in order. */
  readonly results: readonly CallOutcome[];
  /** The request as it came. */
  readonly body: unknown;
}

/** A move, or how the model decides on it by what it reads. */
export type NextMove = ModelMove | ((turn: Turn) => ModelMove);

/** An API through which a client speaks to a model. */
export interface Dialect {
  /** The paths of its requests. */
  readonly path: RegExp;
  readonly read: (body: unknown) => Turn;
  /** Whether the answer to such a request is a stream of events. */
  readonly streams: (path: string, body: unknown) => boolean;
  /** @param turn from 1 on. @returns the body of the answer. */
  readonly write: (move: ModelMove, turn: number, streams: boolean) => string;
}

/** @returns the text of a content that is a string or a list of parts, of which some have text. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('');
}

/** For `Dialect.streams`: by the request's `stream`. */
export const wantsStream = (_path: string, body: unknown): boolean =>
  (body as { readonly stream?: boolean }).stream === true;

/** @returns server-sent events; those with a `type` are named by it. */
export function events(list: readonly object[]): string {
  return list
    .map((event) => `${'type' in event ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`)
    .join('');
}
