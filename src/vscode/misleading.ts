/** What a person reads as something else than a program does: characters that are not seen, letters that look like others. */

/**
 * Characters that are not seen, reorder what is seen, or pile up on it: controls, formats, what fonts show as nothing
 * (U+3164, U+034F, variation selectors, tags), what no font knows, blanks other than the usual one.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|(?<=\p{M}{2})\p{M}/gu;

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);

/** @returns the text with every character that is not seen spelled out, `\u{3164}`. @param kept characters to leave. */
export const visible = (text: string, kept = ''): string =>
  text.replace(unseen, (character) =>
    kept.includes(character) ? character : (names[character] ?? `\\u{${codeOf(character)}}`),
  );

/** Letters of other scripts that are drawn like Latin ones. */
const likeLatin = new Set(
  Array.from('аАВеЕЅѕіІјЈкКмМНоОрРсСтТуУхХһҺԁԛԜԝӏЗвгпьѵѴԌ' + 'αΑΒεΕΖηΗιΙκΚΜνΝοΟρΡτΤυΥχΧγϲϹϳ' + 'օՕսՍոհցզքԼՏ'),
);

/** Latin letters that are drawn like those of ASCII. */
const likeAscii = /[\u0131\u0237\u0251\u0261\u0269\u028f\u0299\u029f\u1d00-\u1d2b\ua730\ua731]/u;

/** Signs that are drawn like those that separate names, paths, options and statements. */
const likeSign =
  /[\u01c3\u02b9\u02bc\u02d7\u0589\u05c3\u066a-\u066d\u06d4\u2010-\u2012\u2032\u2043\u2044\u2212\u2215-\u2217\u2236\u29f5\u29f8\ua4f8\ua789]/u;

/** Scripts in which letters are drawn like Latin ones. */
const scripts = {
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
  Coptic: /\p{Script=Coptic}/u,
  Lisu: /\p{Script=Lisu}/u,
  Deseret: /\p{Script=Deseret}/u,
  Georgian: /\p{Script=Georgian}/u,
  'Old Italic': /\p{Script=Old_Italic}/u,
  Gothic: /\p{Script=Gothic}/u,
  Tifinagh: /\p{Script=Tifinagh}/u,
  Osage: /\p{Script=Osage}/u,
};

const scriptOf = (letter: string): string | undefined =>
  Object.entries(scripts).find(([, script]) => script.test(letter))?.[0];

/** What Python itself reads a character as (NFKC), where that is one of ASCII: fullwidth and mathematical letters. */
function asciiOf(character: string): string | undefined {
  if (/\p{No}/u.test(character)) return undefined; // "m²" is read as it is meant.
  const folded = character.normalize('NFKC');
  return /^[!-~]$/.test(folded) ? folded : undefined;
}

/** @returns the characters of a word that mislead: those of another script among Latin ones, and those that stand for another. */
function lookAlikes(word: string): string[] {
  const letters = [...new Set(word)];
  const foreign = letters.filter((letter) => letter > '\u007f' && scriptOf(letter) !== undefined);
  const others = letters.filter((letter) => /\p{L}/u.test(letter) && !foreign.includes(letter));
  const isMixed = foreign.length > 0 && others.some((letter) => /\p{Script=Latin}/u.test(letter));
  const isDisguised =
    word.length > 1 && foreign.length > 0 && others.length === 0 && foreign.every((letter) => likeLatin.has(letter));
  const single = letters.filter(
    (letter) => letter > '\u007f' && (asciiOf(letter) !== undefined || likeAscii.test(letter) || likeSign.test(letter)),
  );
  return [...(isMixed || isDisguised ? foreign : []), ...single];
}

/** What misleads in a text, each thing once. */
export interface Misleading {
  /** Characters that are not seen, with how often they are there. */
  readonly unseen: ReadonlyMap<string, number>;
  /** Words with the characters in them that look like others. */
  readonly words: ReadonlyMap<string, readonly string[]>;
}

/** Words that are told of, at most; the rest is counted by what is found of it. */
const mostWords = 100;

/** @returns what misleads in the texts. Line ends and tabs of a text do not. */
export function misleadingIn(texts: readonly string[]): Misleading {
  const counts = new Map<string, number>();
  const words = new Map<string, readonly string[]>();
  const judged = new Set<string>();
  for (const text of texts) {
    if (!/[^\n\t -~]/.test(text)) continue; // Such as nearly all code.
    for (const [character] of text.replace(/\r\n/g, '\n').matchAll(unseen)) {
      if (character !== '\n' && character !== '\t') counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    for (const line of text.split('\n')) {
      if (!/[^\0-\x7f]/.test(line)) continue;
      for (const [word] of line.matchAll(/[\p{L}\p{M}\p{N}_]+|[^\0-\x7f]/gu)) {
        if (words.size >= mostWords || judged.has(word) || !/[^\0-\x7f]/.test(word)) continue;
        judged.add(word);
        const found = lookAlikes(word);
        if (found.length > 0) words.set(word, found);
      }
    }
  }
  return { unseen: counts, words };
}

/** @returns a character as Unicode names it: "U+0435". */
export const codePoint = (character: string): string => `U+${codeOf(character).toUpperCase().padStart(4, '0')}`;

/** @returns what a character that looks like another is: "Cyrillic, U+0435", "U+FF45, read as e". */
export function nameOfLookAlike(character: string): string {
  const ascii = asciiOf(character);
  const code = codePoint(character);
  if (ascii !== undefined) return `${code}, read as ${ascii}`;
  const script = scriptOf(character);
  return script === undefined ? code : `${script}, ${code}`;
}
