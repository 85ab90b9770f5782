import { applyEdits, modify, parse, printParseErrorCode, type FormattingOptions, type ParseError } from 'jsonc-parser';
import { lineEndOf, type ConfigFormat } from './configFormat';

/** JSON with comments and trailing commas, which all of these agents take or write. */
export const jsonFormat: ConfigFormat = {
  parse: (text) => {
    if (text.trim() === '') return {};
    const errors: ParseError[] = [];
    const value: unknown = parse(text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (first) throw new SyntaxError(`${wordsOf(printParseErrorCode(first.error))} in ${placeOf(text, first.offset)}`);
    return value;
  },
  set: (text, path, entry) => {
    const start = text.trim() === '' ? '' : text;
    const formattingOptions = formattingOf(start);
    const existing = at(jsonFormat.parse(start), path);
    const changed =
      existing === undefined
        ? change(start, path, entry, formattingOptions)
        : Object.entries(entry).reduce(
            (soFar, [key, value]) =>
              JSON.stringify(at(existing, [key])) === JSON.stringify(value)
                ? soFar
                : change(soFar, [...path, key], value, formattingOptions),
            start,
          );
    return start === '' ? changed + formattingOptions.eol : changed;
  },
  remove: (text, path) => change(text, path, undefined, formattingOf(text)),
  show: ([servers, name], entry) => JSON.stringify({ [servers]: { [name]: entry } }, undefined, 2),
};

const change = (text: string, path: readonly string[], value: unknown, formattingOptions: FormattingOptions): string =>
  applyEdits(text, modify(text, [...path], value, { formattingOptions }));

/** @returns the value under these keys; undefined where there is none. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns how the file is indented, by its first indented line. */
function formattingOf(text: string): FormattingOptions & { readonly eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.includes('\t'), tabSize: indent.length, eol: lineEndOf(text) };
}

const wordsOf = (code: string): string => code.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
