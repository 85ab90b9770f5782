import { codeBlock, counted, inlineCode } from './markdown';
import { codePoint, misleadingIn, nameOfLookAlike, visible } from './misleading';

/** The most characters of one value that a question shows. */
const valueLimit = 300;

/** The most values of a list that a question shows. */
const mostValues = 20;

/** The most words with look-alikes, and the most kinds of unseen characters, that a question names. */
const mostMarks = 10;

/**
 * What a question shows of a call: every value goes through here, so that none is cut or misleads without a word. A part
 * that is cut is counted where it ends, and all of it can be opened.
 */
export class ShownParts {
  readonly #parts: { readonly title: string; readonly text: string }[] = [];
  #isCut = false;

  /** @returns one value, as Markdown. */
  value(title: string, text: string): string {
    this.#parts.push({ title, text });
    return this.#inline(text);
  }

  /** @returns values behind each other, as Markdown. */
  values(title: string, texts: readonly string[], separator = ', '): string {
    this.#parts.push(...texts.map((text) => ({ title, text })));
    const left = texts.length - mostValues;
    if (left > 0) this.#isCut = true;
    const shown = texts.slice(0, mostValues).map((text) => this.#inline(text));
    return `${shown.join(separator)}${left > 0 ? ` and ${left.toLocaleString('en-US')} more` : ''}`;
  }

  /** @returns a text of several lines, as a block of Markdown. */
  block(title: string, text: string, language: string, maxLines?: number): string {
    this.#parts.push({ title, text });
    const { markdown, isCut } = codeBlock(text, language, maxLines);
    if (isCut) this.#isCut = true;
    return markdown;
  }

  /** Whether a part of what was shown was left out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** All that was to be shown, whole: each part below its title, what is not seen spelled out. */
  get whole(): string {
    return this.#parts
      .map(
        ({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n${visible(text.replace(/\r\n/g, '\n'), '\n\t')}\n`,
      )
      .join('\n');
  }

  /** What misleads in any of it, also in what is cut, as Markdown list items. */
  get marks(): readonly string[] {
    const { unseen, words } = misleadingIn(this.#parts.map(({ text }) => text));
    const kinds = [...unseen].map(([character, count]) => `${codePoint(character)} ×${count.toLocaleString('en-US')}`);
    const misread = [...words].map(([word, letters]) => {
      const which = letters.slice(0, mostMarks).map((letter) => `${inlineCode(letter)} (${nameOfLookAlike(letter)})`);
      return `- **Look-alike letters**: ${inlineCode(word, 60)} holds ${which.join(', ')}${more(letters.length)}`;
    });
    return [
      ...(kinds.length > 0
        ? [`- **Invisible characters**: ${kinds.slice(0, mostMarks).join(', ')}${more(kinds.length)}`]
        : []),
      ...misread.slice(0, mostMarks),
      ...(misread.length > mostMarks ? [`- **Look-alike letters** in ${misread.length - mostMarks} more words`] : []),
    ];
  }

  #inline(text: string): string {
    if (text.length <= valueLimit) return inlineCode(text);
    this.#isCut = true;
    return `${inlineCode(text, valueLimit)} (${counted(text.length - valueLimit, 'more character')})`;
  }
}

const more = (count: number): string => (count > mostMarks ? ` and ${count - mostMarks} more` : '');
