import { sharedIndentation } from '../../core/indentation';

/** @returns code with the indentation that all its lines share taken off; lines of blanks count as empty. */
export function dedent(code: string): string {
  const lines = code.split(/\r?\n/).map((line) => (line.trim() === '' ? '' : line));
  const { length } = sharedIndentation(lines);
  return lines.map((line) => line.slice(length)).join('\n');
}
