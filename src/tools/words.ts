/** How results are said in words, the same for all tools. */

/** @returns milliseconds as a person says them: "45 ms", "2.3 s". */
export const shortTime = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;

/** @returns "1 package", "2 packages". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Hints show calls under the names of MCP, with a dot. @returns one for a door whose names have an underscore. */
export const underscored = (hint: string): string => hint.replaceAll(/\bpython\.(?=\w+ \{)/g, 'python_');
