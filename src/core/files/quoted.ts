import { stripSecrets } from './secrets';

/** The most characters that a sentence holds of a text which somebody else wrote. */
export const mostOfText = 200;

/** What is not seen, or changes what is seen around it: controls, line ends, bidi marks, invisible letters. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** In JSON's spelling, so that a call that is shown stays one. */
const spelled = (character: string): string =>
  names[character] ??
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/** @returns the text on one line, with what is not seen spelled out. */
export const visible = (text: string): string => text.replace(unseen, spelled);

/** As much as is looked through for secrets, in characters: what is shown is far shorter. */
const mostLookedAt = 16_384;

/** @returns a longer text as its beginning and end. */
export const bounded = (text: string, limit = mostOfText): string => {
  if (text.length <= limit) return text;
  const tail = Math.floor(limit / 4);
  return `${text.slice(0, limit - tail - 1)}…${text.slice(text.length - tail)}`;
};

/** @returns the text cut to what is looked through; words at the cut that could be halves of a secret are left out. */
export const lookedAt = (text: string): string =>
  text.length <= mostLookedAt
    ? text
    : bounded(text, mostLookedAt).replace(/(?<!\S)\S*…\S*/, (words) => (/[:@=%]/.test(words) ? '…' : words));

/**
 * The one way in which what a caller, a file, an installer or the network wrote gets into a message, hint, note or log.
 *
 * @param limit in characters; of a longer text the beginning and the end are kept.
 * @returns the text bounded first (16 KiB), then without secrets (`stripSecrets`), on one line, with everything in it
 * visible ("\u202e"), and short. What was quoted once stays as it is when it is quoted again.
 */
export const quoted = (text: string, limit = mostOfText): string =>
  bounded(visible(stripSecrets(lookedAt(text))), limit);
