/**
 * @returns up to three of the candidates that are close to a name, the nearest first: by edit distance, and those that
 * contain it or are contained in it.
 */
export function nearestNames(name: string, candidates: readonly string[]): string[] {
  const wanted = name.slice(0, longestName).toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, distance: closeness(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(2, Math.floor(Math.max(wanted.length, candidate.length) / 3)),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Longer ones are no slips of the finger: no file system has them, and the work grows with their square. */
const longestName = 256;

function closeness(a: string, b: string): number {
  if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  return editDistance(a, b);
}

/**
 * @returns the number of insertions, deletions and replacements between the first 256 characters of two strings
 * (Levenshtein).
 */
export function editDistance(one: string, other: string): number {
  const a = one.slice(0, longestName);
  const b = other.slice(0, longestName);
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
