/** @returns the blanks and tabs that all lines begin with; lines that are empty do not count. */
export function sharedIndentation(lines: readonly string[]): string {
  const indented = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  const [first = '', ...others] = indented;
  let shared = first.length;
  // By index: to compare and shorten the whole text would take the square of its length.
  for (const indent of others) {
    let length = 0;
    while (length < shared && indent[length] === first[length]) length++;
    shared = length;
  }
  return first.slice(0, shared);
}
