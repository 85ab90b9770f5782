import { quoted } from './files/quoted';
import { quoteErrorsWith } from './toolError';

/** The most characters of a message, hint or note: its parts are bounded where they are put in, this is for the rest. */
const mostOfSentence = 2000;

/** @returns a message, hint or note as it is shown to anybody. */
export const quotedSentence = (text: string): string => quoted(text, mostOfSentence);

quoteErrorsWith(quotedSentence);
