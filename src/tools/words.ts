/** How results are said in words, the same for all tools. */

/** @returns milliseconds as a person says them: "45 ms", "2.3 s". */
export const shortTime = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;

/** @returns bytes as a person says them, in steps of 1000 as download pages do: "12 kB", "3.4 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${Number((bytes / 1e6).toFixed(1))} MB`;
}

/** @returns "1 package", "2 packages". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Hints show calls under the names of MCP, with a dot. @returns one for a door whose names have an underscore. */
export const underscored = (hint: string): string => hint.replaceAll(/\bpython\.(?=\w+ \{)/g, 'python_');
