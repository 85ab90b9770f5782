/** Text of others as Markdown that cannot be taken for ours: whatever it holds, it stays inside its code span or block. */

import { visible } from './misleading';

/** Where a line may break: VS Code cuts off what does not fit beside a narrow chat. */
const breakable = /\/|[^\s/]{24}/gu;

const number = (count: number): string => count.toLocaleString('en-US');

/** @returns "1 line", "5,312 characters". */
export const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** @returns the beginning of a text; a pair of surrogates stays together. */
function beginningOf(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) && text.length > length ? cut.slice(0, -1) : cut;
}

/** @returns text as a code span. @param limit the most characters that are shown. */
export function inlineCode(text: string, limit = Number.POSITIVE_INFINITY): string {
  const cut = text.length > limit ? `${beginningOf(text, limit)}…` : text;
  const shown = visible(cut).replaceAll(breakable, '$&\u200b');
  const fence = '`'.repeat(longestBackticks(shown) + 1);
  const padding = shown === '' || /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** Code pushed out of sight to the right must not go unnoticed. */
const lineLimit = 300;

/** A block with what of the text is not in it. */
export interface CodeBlock {
  /** Markdown; below the block, what is left out is counted. */
  readonly markdown: string;
  readonly isCut: boolean;
}

/**
 * @returns text as a fenced block, under a fence that is longer than any in it.
 * @param maxLines the most lines that are shown.
 */
export function codeBlock(text: string, language: string, maxLines = 60): CodeBlock {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const shown = lines.slice(0, maxLines).map(shownLine).join('\n');
  const fence = '`'.repeat(Math.max(3, longestBackticks(shown) + 1));
  const left = lines.slice(maxLines);
  const characters =
    left.reduce((sum, line) => sum + line.length, 0) +
    lines.slice(0, maxLines).reduce((sum, line) => sum + Math.max(0, line.length - lineLimit), 0);
  const isCut = left.length > 0 || characters > 0;
  const parts = [...(left.length > 0 ? [counted(left.length, 'more line')] : []), counted(characters, 'character')];
  const more = left.length > 0 ? `\n\n… ${parts.join(', ')}` : '';
  return { markdown: `${fence}${language}\n${shown}\n${fence}${more}`, isCut };
}

function shownLine(line: string): string {
  if (line.length <= lineLimit) return visible(line, '\t');
  const beginning = beginningOf(line, lineLimit);
  return `${visible(beginning, '\t')} … ${counted(line.length - beginning.length, 'more character')}`;
}

const longestBackticks = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
