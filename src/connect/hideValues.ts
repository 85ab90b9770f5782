import type { Agent } from './agents';

type Format = Agent['format'];

/** A comment or a value: where the text of it stands, without its quotes, and what it says, where that is simple. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly says: string | undefined;
}

const mask = '•••';
const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';
const endsWord = { json: new Set('\uFEFF \t\r\n"{}[],:/'), toml: new Set('\uFEFF \t\r\n"\'{}[],=#') } as const;

/**
 * @returns a configuration with the names of what it holds, but with no value and no comment: these may be secrets,
 * whatever they are called. Values in `shown`, `true`, `false` and `null` stay. It has as many lines as before.
 */
export function hideValues(text: string, format: Format, shown: ReadonlySet<string>): string {
  let hidden = '';
  let from = 0;
  for (const { start, end, says } of partsOf(text, format)) {
    if (says !== undefined && (shown.has(says) || ['true', 'false', 'null'].includes(says))) continue;
    hidden += text.slice(from, start) + text.slice(start, end).replace(/[^\r\n]+/g, mask);
    from = end;
  }
  return hidden + text.slice(from);
}

/** Finds the comments and values of JSON with comments, or of TOML 1.0, in one pass. */
function* partsOf(text: string, format: Format): Generator<Part> {
  let depth = 0;
  // In TOML, "[" opens a list, but a table where a line starts with it.
  let inHeader = false;
  let startsLine = true;
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    const comment = endOfComment(text, at, format);
    const quoted = quotedAt(text, at, format);
    if (comment !== undefined) {
      yield { start: at + (format === 'json' ? 2 : 1), end: comment, says: undefined };
      at = comment + (text.startsWith('*/', comment) ? 2 : 0);
    } else if (quoted) {
      if (!inHeader && !isKey(text, quoted.after, format)) yield quoted;
      at = quoted.after;
    } else if (endsWord[format].has(character)) {
      if ('[{'.includes(character)) {
        inHeader ||= format === 'toml' && depth === 0 && startsLine;
        depth++;
      } else if (']}'.includes(character)) {
        depth--;
        inHeader &&= depth > 0;
      }
      at++;
    } else {
      const start = at;
      while (at < text.length && !endsWord[format].has(text[at] ?? '')) at++;
      if (!inHeader && !isKey(text, at, format)) yield { start, end: at, says: text.slice(start, at) };
    }
    startsLine = character === '\n' || (startsLine && (isBlank(character) || character === '\uFEFF'));
  }
}

/** @returns where the comment ends that starts here; undefined where none does. */
function endOfComment(text: string, at: number, format: Format): number | undefined {
  const isBlock = format === 'json' && text.startsWith('/*', at);
  if (!isBlock && !text.startsWith(format === 'json' ? '//' : '#', at)) return undefined;
  const end = isBlock ? text.indexOf('*/', at + 2) : text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** @returns the text in quotes that starts here; undefined where none does. */
function quotedAt(text: string, at: number, format: Format): (Part & { readonly after: number }) | undefined {
  const quote = text[at] ?? '';
  if (quote !== '"' && !(format === 'toml' && quote === "'")) return undefined;
  const isLong = format === 'toml' && text.startsWith(quote.repeat(3), at);
  const marks = isLong ? quote.repeat(3) : quote;
  const start = at + marks.length;
  let end = start;
  while (end < text.length && !text.startsWith(marks, end) && (isLong || text[end] !== '\n')) {
    end += quote === '"' && text[end] === '\\' ? 2 : 1;
  }
  // A long one may end with a quote or two of its own.
  while (isLong && text[end + marks.length] === quote) end++;
  end = Math.min(end, text.length);
  const written = text.slice(start, end);
  return {
    start,
    end,
    after: end + marks.length,
    says: isLong ? undefined : quote === '"' ? unescaped(written) : written,
  };
}

/** Escapes that JSON does not know are left to be hidden. */
function unescaped(written: string): string | undefined {
  if (!written.includes('\\')) return written;
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return undefined;
  }
}

/** @returns whether what ends here is the name of a value, or a part of one. */
function isKey(text: string, end: number, format: Format): boolean {
  let next = end;
  while (isBlank(text[next]) || (format === 'json' && '\r\n'.includes(text[next] ?? '-'))) next++;
  return format === 'json'
    ? text[next] === ':'
    : text[next] === '=' || '.' === text[end] || ('.' === text[end - 1] && '"\''.includes(text[end] ?? '-'));
}
