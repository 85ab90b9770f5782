/** RFC 822: printable, without blanks and colons. */
const headerName = /^[!-9;-~]+$/;

/**
 * The headers of METADATA and PKG-INFO (core metadata): what Python's `email` package reads of RFC 822 there. The body,
 * a long description, is not kept.
 */
export class MetadataHeaders {
  private readonly fields = new Map<string, string[]>();

  /** @param text the file or its beginning; a byte order mark and the kind of line ends make no difference. */
  constructor(text: string) {
    let values: string[] = [];
    for (const line of (headerText(text) ?? text).replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
      if (/^[ \t]/.test(line)) {
        if (values.length > 0) values.push(`${values.pop() ?? ''}\n${line}`);
        continue;
      }
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(colon, 0));
      if (!headerName.test(name)) break; // No header: it can only be the body.
      values = this.fields.get(name.toLowerCase()) ?? [];
      values.push(line.slice(colon + 1).replace(/^[ \t]+/, ''));
      this.fields.set(name.toLowerCase(), values);
    }
  }

  /** @returns the first value of the header, or undefined where it is missing. Continuation lines are kept as written. */
  get(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** @returns all values of the header, in their order. */
  all(name: string): readonly string[] {
    return this.fields.get(name.toLowerCase()) ?? [];
  }
}

/** @returns what comes before the blank line, or undefined where there is none (yet). */
export function headerText(text: string): string | undefined {
  const end = text.search(/\r\n\r\n|\n\n|\r\r/);
  return end < 0 ? undefined : text.slice(0, end);
}

/**
 * @returns the beginning of a file without its last header, which may be cut off or go on in the next line: all that is
 * left is whole.
 */
export function wholeHeaders(beginning: string): string {
  let end = beginning.lastIndexOf('\n');
  while (end >= 0 && /^[ \t]?$/.test(beginning.charAt(end + 1))) end = beginning.lastIndexOf('\n', end - 1);
  return beginning.slice(0, end + 1);
}

/** @returns the value with the indentation that its lines share removed, as `importlib.metadata` shows long headers. */
export function dedentHeader(value: string): string {
  if (!value.includes('\n')) return value;
  // The first line stands behind the header's name: eight columns, by the convention of distutils.
  const lines = `${' '.repeat(8)}${value}`.split('\n').map((line) => (/^[ \t]+$/.test(line) ? '' : line));
  const indents = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  let shared = indents[0] ?? '';
  for (const indent of indents) {
    while (!indent.startsWith(shared)) shared = shared.slice(0, -1);
  }
  return lines.map((line) => line.slice(shared.length)).join('\n');
}
