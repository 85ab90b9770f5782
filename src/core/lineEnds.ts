/** The carriage returns before a line feed: what Windows ends a line with, and twice where a program did so itself. */
const beforeLineFeed = /(?<!\r)\r+\n/g; // The look behind keeps it linear over carriage returns without a line feed.

/** @returns the text with `\n` at the end of each line that ends with `\r\n`; other carriage returns stay. */
export const withLineFeeds = (text: string): string => text.replace(beforeLineFeed, '\n');

/** @returns how many characters `withLineFeeds` takes out of the text. */
export const takenByLineFeeds = (text: string): number => text.length - withLineFeeds(text).length;
