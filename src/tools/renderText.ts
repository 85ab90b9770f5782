import * as z from 'zod';
import { saveText } from '../core/process/spillFile';
import type { CallResult } from './callTool';
import type { PlainText, ToolDefinition } from './defineTool';
import { endOf, startOf } from './renderOutput';
import { resultFields } from './schemas';
import { counted, underscored } from './words';

/** Bytes of a whole text: VS Code moves a longer result into a file that its model must then read. */
const textLimit = 7 * 1024;

/** Bytes of stdout and stderr together; the rest is for what is said about the run. */
export const textOutputBudget = 6 * 1024;

/** Room for the line between the head and the tail of a text that is too long, without the path in it. */
const gapBytes = 100;
const tailBytes = 512;

/** What the results of all tools have. */
const common = z.object(resultFields);

/**
 * Says a result in words, in at most 7 KiB: what a program wrote first, then the facts, then the notes. A longer text
 * is shown as head and tail with one line between them that names the file with all of it.
 *
 * @param picturesFollow whether the door passes the pictures on beside the text.
 */
export async function renderText(
  tool: ToolDefinition,
  { result, pictures }: CallResult,
  picturesFollow: boolean,
): Promise<string> {
  const { error, notes = [] } = common.parse(result);
  const { output = '', lines } = error ? { lines: errorLines(error) } : wordsOf(tool, result);
  const all = [
    ...(output === '' ? [] : [output.endsWith('\n') ? output.slice(0, -1) : output]),
    ...lines,
    ...(pictures.length === 0 ? [] : [pictureLine(pictures.length, picturesFollow)]),
    ...notes.map((note) => `Note: ${note}`),
  ];
  return await shortened(all.join('\n'));
}

function wordsOf(tool: ToolDefinition, result: CallResult['result']): PlainText {
  return tool.text?.(tool.output.parse(result)) ?? { lines: [JSON.stringify(result)] };
}

function errorLines({ kind, message, hint }: NonNullable<z.output<typeof common>['error']>): string[] {
  return [`Error (${kind}): ${message}`, ...(hint === undefined ? [] : [`Next: ${underscored(hint)}`])];
}

function pictureLine(count: number, follow: boolean): string {
  const pictures = counted(count, 'picture');
  return follow
    ? `[${pictures} follow${count === 1 ? 's' : ''}]`
    : `[${pictures} made, which this editor cannot pass on]`;
}

async function shortened(text: string): Promise<string> {
  if (Buffer.byteLength(text) <= textLimit) return text;
  const file = await saveText(text, 'text');
  const where = file === undefined ? 'it could not be saved' : `all of it is in ${file}`;
  const first = startOf(text, textLimit - tailBytes - gapBytes - Buffer.byteLength(file ?? ''));
  const last = endOf(text, tailBytes);
  const bytes = Buffer.byteLength(text) - Buffer.byteLength(first) - Buffer.byteLength(last);
  const lines = lineFeeds(text) - lineFeeds(first) - lineFeeds(last);
  return `${first}${first.endsWith('\n') ? '' : '\n'}[… ${bytes} bytes, ${lines} lines left out; ${where} …]\n${last}`;
}

const lineFeeds = (text: string): number => text.split('\n').length - 1;
