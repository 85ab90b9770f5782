import { createScanner, type Node } from 'jsonc-parser';
import { lineEndOf } from './configFormat';

/*
 * jsonc-parser can edit a text, too, but lays out anew what stands beside the change. Here nothing moves: what is
 * inserted is laid out like its neighbours, and they stay as they are.
 */

/** TypeScript's names of jsonc-parser's token kinds are a const enum, which nothing but its compiler can read. */
const token = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, blank: 15 } as const;

/** @returns the text with a new last property in an object. */
export function insertProperty(text: string, object: Node, key: string, value: unknown): string {
  const end = lineEndOf(text);
  const last = object.children?.at(-1);
  const outer = indentAt(text, object.offset);
  const inner = last && startsLine(text, last.offset) ? indentAt(text, last.offset) : outer + indentUnit(text);
  const from = last ? endOf(last) : object.offset + 1;
  const comma = last ? commaAfter(text, from) : undefined;
  const at = afterComments(text, comma ?? from);
  const property = `${end}${inner}${JSON.stringify(key)}: ${layOut(value, text, inner)}${comma === undefined ? '' : ','}`;
  const before = last && comma === undefined ? `${text.slice(0, from)},${text.slice(from, at)}` : text.slice(0, at);
  const rest = text.slice(at);
  const closing = /^[ \t]*}/.test(rest) ? `${end}${outer}${rest.trimStart()}` : rest;
  return before + property + closing;
}

/** @returns the text with another value in a property. */
export function replaceValue(text: string, property: Node, value: unknown): string {
  const old = property.children?.[1];
  if (!old) throw new Error('a property without a value');
  return text.slice(0, old.offset) + layOut(value, text, indentAt(text, property.offset)) + text.slice(endOf(old));
}

/** @returns the text without one property of an object, and without the line that it leaves empty. */
export function removeProperty(text: string, object: Node, property: Node): string {
  const siblings = object.children ?? [];
  const previous = siblings[siblings.indexOf(property) - 1];
  const comma = commaAfter(text, endOf(property));
  let start = property.offset;
  let end = comma ?? endOf(property);
  if (startsLine(text, start)) {
    const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0];
    if (rest !== undefined) {
      start -= indentAt(text, start).length;
      end += rest.length;
    }
  }
  const before = text.slice(0, start);
  const needless = previous && comma === undefined ? commaAfter(text, endOf(previous)) : undefined;
  return (needless === undefined ? before : before.slice(0, needless - 1) + before.slice(needless)) + text.slice(end);
}

const endOf = ({ offset, length }: Node): number => offset + length;

function layOut(value: unknown, text: string, indent: string): string {
  return JSON.stringify(value, undefined, indentUnit(text)).replaceAll('\n', lineEndOf(text) + indent);
}

/** @returns the indentation of one step: that of the first indented line. */
const indentUnit = (text: string): string => /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;
const indentAt = (text: string, offset: number): string =>
  /[ \t]*/y.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
const startsLine = (text: string, offset: number): boolean => text.slice(lineStart(text, offset), offset).trim() === '';

/** @returns the offset behind the comma that follows, blanks and comments between; undefined where none follows. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, false);
  scanner.setPosition(offset);
  let kind: number = scanner.scan();
  while (kind >= token.lineComment && kind <= token.blank) kind = scanner.scan();
  return kind === token.comma ? scanner.getPosition() : undefined;
}

/** @returns the offset behind the comments that follow in the same line: they are about what stands before them. */
function afterComments(text: string, offset: number): number {
  const scanner = createScanner(text, false);
  scanner.setPosition(offset);
  let end = offset;
  for (let kind: number = scanner.scan(); kind !== token.lineBreak; kind = scanner.scan()) {
    if (kind === token.lineComment || kind === token.blockComment) end = scanner.getPosition();
    else if (kind !== token.blank) break;
  }
  return end;
}
