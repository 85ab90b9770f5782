/** @returns code with the indentation that all its lines share taken off; lines of blanks count as empty. */
export function dedent(code: string): string {
  const lines = code.split(/\r?\n/).map((line) => (line.trim() === '' ? '' : line));
  const indents = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  let shared = indents[0] ?? '';
  for (const indent of indents) while (!indent.startsWith(shared)) shared = shared.slice(0, -1);
  return lines.map((line) => line.slice(shared.length)).join('\n');
}
