import type * as z from 'zod';
import { errors, isToolError, ToolError } from '../core/errors';
import { quoted } from '../core/files/quoted';
import { quotedSentence } from '../core/quoteErrors';
import type { PythonFolder } from '../core/folder';
import { riskIn, type RiskyCall } from '../core/risk';
import type { CallContext, ToolDefinition } from './defineTool';
import { parseInput } from './parseInput';

/** The folders that are open. */
export interface Folders {
  /** @returns the folder that a call means. @throws ToolError no_folder, ambiguous_folder, invalid_input. */
  pick(wanted: { readonly folder: string | undefined; readonly paths: readonly string[] }): Promise<PythonFolder>;
}

/** The result of a call, the same through every door. */
export interface CallResult {
  /** The object of the contract; it validates against the tool's output schema. */
  readonly result: Record<string, unknown> & {
    readonly success: boolean;
    readonly error?: { readonly kind: string; readonly message: string; readonly hint?: string };
  };
  /** PNG. */
  readonly pictures: readonly Buffer[];
  /** Whether the call could not do what was asked; a program that fails is a result. */
  readonly isError: boolean;
}

/** What the wrapper tells of a call that failed in a way nobody foresaw. */
export type OnInternalError = (tool: string, cause: unknown) => void;

/**
 * Takes a call from any door: checks its input, finds its folder, lets the tool's handler work and turns what it
 * returns or throws into the one form of result. Never throws.
 */
export async function callTool(
  tool: ToolDefinition,
  rawInput: unknown,
  folders: Folders,
  context: CallContext,
  onInternalError: OnInternalError = () => undefined,
): Promise<CallResult> {
  try {
    const input = parseInput(tool, rawInput);
    tool.check(input);
    const paths = tool.paths(input).filter((path) => path !== undefined);
    const folder = await folders.pick({ folder: folderOf(input), paths });
    await askFirst({ tool: tool.name.replace('python.', ''), input }, folder, context);
    const { fields, pictures = [] } = await tool.handle(input, folder, withQuotedProgress(context));
    return { result: successFirst(withQuotedWords(fields)), pictures, isError: false };
  } catch (cause) {
    const thrown = isToolError(cause) ? cause : errors.internal(cause);
    // Once more: what is loaded on first use has a `ToolError` of its own.
    const error = new ToolError(
      thrown.kind,
      quotedSentence(thrown.message),
      thrown.hint && quotedSentence(thrown.hint),
    );
    if (error.kind === 'internal') onInternalError(tool.name, cause);
    const { kind, message, hint } = error;
    const result = {
      success: false,
      ...tool.failureFields?.(error),
      error: { kind, message, ...(hint === undefined ? {} : { hint }) },
    };
    return { result, pictures: [], isError: true };
  }
}

/** The fields of a result that speak, as errors do; what a program wrote, paths and requirements stay as they are. */
const spoken = ['notes', 'warnings', 'hint'] as const;

function withQuotedWords(fields: Record<string, unknown>): Record<string, unknown> {
  const words: Record<string, unknown> = {};
  for (const field of spoken) if (fields[field] !== undefined) words[field] = quotedWords(fields[field]);
  return { ...fields, ...words };
}

function quotedWords(words: unknown): unknown {
  if (typeof words === 'string') return quotedSentence(words);
  if (!Array.isArray(words)) return words;
  const each: readonly unknown[] = words;
  return each.map(quotedWords);
}

const withQuotedProgress = (context: CallContext): CallContext => ({
  ...context,
  onProgress: (message) => {
    context.onProgress(quoted(message));
  },
});

/** @throws ToolError cancelled where a person is asked and says no, or the caller cancels meanwhile. */
async function askFirst(call: RiskyCall, folder: PythonFolder, { confirm, signal }: CallContext): Promise<void> {
  if (!confirm || (await riskIn(folder, call)) !== 'delete') return;
  const what = `the ${call.input.action ?? 'call'}`;
  const cancelled = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(errors.cancelled(`The question about ${what}`, 'Nothing was changed.'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  if (!(await Promise.race([cancelled, confirm(call, folder, signal)]))) throw errors.declined(what);
}

function folderOf(input: z.output<z.ZodObject>): string | undefined {
  const folder = input['folder'];
  return typeof folder === 'string' ? folder : undefined;
}

function successFirst(fields: Record<string, unknown>): CallResult['result'] {
  return { ...fields, success: fields['success'] === true };
}
