import type * as z from 'zod';
import type { PythonFolder } from '../core/folder';
import type { RiskyCall } from '../core/risk';

/** What a call may use besides its input. */
export interface CallContext {
  /** Aborted when the caller cancels. */
  readonly signal: AbortSignal;
  /** Tells a person what is being done; a short line. */
  readonly onProgress: (message: string) => void;
  /** Bytes of stdout and stderr together that the caller can take. */
  readonly outputBudget: number;
  /** Bytes of these that a text takes, where that is not the length of its UTF-8: JSON escapes some characters. */
  readonly weigh?: (text: string) => number;
  /** Shows the output of a run to the user as it comes, where the result does not carry it. */
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  /**
   * Asks a person about a call that deletes or removes something, whatever was allowed before; undefined where the door
   * has nobody to ask. @returns whether it may go on.
   */
  readonly confirm?: Confirm | undefined;
  /** Whether a plan must build nothing, since nobody was asked about it. */
  readonly wheelsOnly?: boolean | undefined;
}

export type Confirm = (call: RiskyCall, folder: PythonFolder, signal: AbortSignal) => Promise<boolean>;

/** What a schema describes, as the managers return it. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** What a handler returns: the fields of the tool's output, and pictures that follow beside it. */
export interface Handled<Fields> {
  readonly fields: DeepReadonly<Fields>;
  /** PNG. */
  readonly pictures?: readonly Buffer[];
}

/** A result in words. */
export interface PlainText {
  /** What a program wrote, as it wrote it. */
  readonly output?: string;
  /** The other facts, a line each. */
  readonly lines: readonly string[];
}

/** A tool: data that every door derives its own form from, and a handler. */
export interface ToolDefinition<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** With a dot, as MCP names it; the language-model tool has an underscore. */
  readonly name: `python.${string}`;
  readonly title: string;
  /** For the model: what it is for, with defaults and limits in words, since some clients drop them from schemas. */
  readonly description: string;
  /** For models in VS Code, where Microsoft's Python extensions may offer tools too: which of them this one stands for. */
  readonly besideOthers: string;
  /** One sentence for a person. */
  readonly userDescription: string;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly input: Input;
  readonly output: Output;
  /** A call that works, for errors to show. */
  readonly example: z.input<Input>;
  /** The paths that a call names: an absolute one picks the folder that holds it. */
  paths(input: z.output<Input>): readonly (string | undefined)[];
  /** @throws ToolError for a rule that the flat schema cannot say. */
  check(input: z.output<Input>): void;
  /** @throws ToolError where it could not do what was asked. */
  handle(input: z.output<Input>, folder: PythonFolder, context: CallContext): Promise<Handled<z.output<Output>>>;
  /** Says a result in words, for doors that pass text; notes and errors are told alike for all tools. */
  text?(result: z.output<Output>): PlainText;
  /** Fields that a failure has besides `success` and `error`. */
  failureFields?(error: { readonly kind: string; readonly message: string }): Partial<z.output<Output>>;
}

/** Checks a definition's types; the parts of one tool stay in one expression. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  return definition;
}
