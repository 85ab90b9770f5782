import { findNodeAtLocation, parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { ConfigFormat } from './configFormat';
import { insertProperty, removeProperty, replaceValue } from './jsonEdits';

const options = { allowTrailingComma: true };

/** JSON with comments and trailing commas, which all of these agents take or write. */
export const jsonFormat: ConfigFormat = {
  parse: (text) => {
    if (text.trim() === '') return {};
    const errors: ParseError[] = [];
    const value = parsed(text, errors);
    const [first] = errors;
    if (first) throw new SyntaxError(`${wordsOf(printParseErrorCode(first.error))} in ${placeOf(text, first.offset)}`);
    return value;
  },
  set: (text, path, entry) => {
    const [servers, name] = path;
    const root = parseTree(text, undefined, options);
    if (!root) return `${jsonFormat.show(path, entry)}\n`;
    const outer = findNodeAtLocation(root, [servers]);
    if (!outer) return insertProperty(text, root, servers, { [name]: entry });
    if (!findNodeAtLocation(outer, [name])) return insertProperty(text, outer, name, entry);
    return Object.entries(entry).reduce((soFar, [key, value]) => withValue(soFar, [...path, key], value), text);
  },
  remove: (text, path) => {
    const property = propertyAt(text, path);
    return property?.parent ? removeProperty(text, property.parent, property) : text;
  },
  show: ([servers, name], entry) => JSON.stringify({ [servers]: { [name]: entry } }, undefined, 2),
};

/** The parser calls itself for each bracket. */
function parsed(text: string, errors: ParseError[]): unknown {
  try {
    return parse(text, errors, options);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('brackets are nested too deeply', { cause: error });
    throw error;
  }
}

/** @returns the text with a value in an object that is there. */
function withValue(text: string, path: readonly string[], value: unknown): string {
  if (JSON.stringify(at(jsonFormat.parse(text), path)) === JSON.stringify(value)) return text;
  const property = propertyAt(text, path);
  if (property) return replaceValue(text, property, value);
  const object = propertyAt(text, path.slice(0, -1))?.children?.[1];
  const key = path.at(-1);
  if (!object || key === undefined) throw new Error('no object to insert into');
  return insertProperty(text, object, key, value);
}

/** @returns the property of that path, key and value. */
function propertyAt(text: string, path: readonly string[]): Node | undefined {
  const root = parseTree(text, undefined, options);
  return root && findNodeAtLocation(root, [...path])?.parent;
}

/** @returns the value under these keys; undefined where there is none. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wordsOf = (code: string): string => code.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
