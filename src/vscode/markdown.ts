/** Text of others as Markdown that cannot be taken for ours: whatever it holds, it stays inside its code span or block. */

/** Characters that are not seen or that reorder what is seen, such as U+202E. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Where a line may break: VS Code cuts off what does not fit beside a narrow chat. */
const breakable = /\/|[^\s/]{24}/gu;

/** @returns text as a code span. @param limit the most characters that are shown. */
export function inlineCode(text: string, limit = Number.POSITIVE_INFINITY): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  const visible = cut.replaceAll(unseen, escaped).replaceAll(breakable, '$&\u200b');
  const fence = '`'.repeat(longestBackticks(visible) + 1);
  const padding = visible === '' || /^[` ]|[` ]$/.test(visible) ? ' ' : '';
  return `${fence}${padding}${visible}${padding}${fence}`;
}

/**
 * @returns text as a fenced block, under a fence that is longer than any in it.
 * @param maxLines the most lines that are shown; what is left out is counted below the block.
 */
export function codeBlock(text: string, language: string, maxLines = 60): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const shown = lines.slice(0, maxLines).map(visibleLine);
  const fence = '`'.repeat(Math.max(3, longestBackticks(shown.join('\n')) + 1));
  const left = lines.length - shown.length;
  const more = left > 0 ? `\n\n… ${left} more line${left === 1 ? '' : 's'}` : '';
  return `${fence}${language}\n${shown.join('\n')}\n${fence}${more}`;
}

/** Code pushed out of sight to the right must not go unnoticed. */
const lineLimit = 300;

function visibleLine(line: string): string {
  const visible = line.replaceAll(unseen, (character) => (character === '\t' ? character : escaped(character)));
  if (visible.length <= lineLimit) return visible;
  return `${visible.slice(0, lineLimit)} … ${visible.length - lineLimit} more characters`;
}

const escaped = (character: string): string => {
  const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return known ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
};

/** Not spread into `Math.max`: a text can hold more runs than a call takes arguments. */
const longestBackticks = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
