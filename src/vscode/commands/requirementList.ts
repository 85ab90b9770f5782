/** What a line of requirements turned out to be. */
export type RequirementList =
  { readonly requirements: readonly string[] } | { readonly wrong: string; readonly because: string };

/**
 * Splits what a person typed, "requests >= 2, < 3 flask[async]", into requirements. Commas and blanks separate them and
 * occur in them, so each requirement is the longest part that is one.
 *
 * @param fault why a text is no requirement; undefined where it is one.
 * @returns the requirements, or the part that begins none.
 */
export async function splitRequirements(
  line: string,
  fault: (text: string) => Promise<string | undefined>,
): Promise<RequirementList> {
  const words = [...line.matchAll(/[^\s,]+/g)];
  const requirements: string[] = [];
  for (let first = 0; first < words.length;) {
    const start = words[first]?.index ?? 0;
    let last = Math.min(words.length, first + mostWords);
    for (; last > first; last--) {
      const end = words[last - 1];
      const text = line.slice(start, (end?.index ?? 0) + (end?.[0].length ?? 0));
      const because = await fault(text);
      if (because === undefined) {
        requirements.push(text);
        break;
      }
      if (last === first + 1) return { wrong: text, because };
    }
    first = last;
  }
  return { requirements };
}

/** A marker with several conditions has about so many. */
const mostWords = 24;
