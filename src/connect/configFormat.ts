import type { Entry } from './agents';

/** Where an entry stands: the object of the servers, and its name in it. */
export type EntryPath = readonly [servers: string, name: string];

/** A file format whose text can be changed in one place while the rest stays as it is, byte for byte. */
export interface ConfigFormat {
  /** @returns what the text holds; an empty one holds nothing. @throws SyntaxError that says where it is wrong. */
  readonly parse: (text: string) => unknown;
  /** @returns the text with the entry's values; keys of an entry that is there already and that `entry` has not stay. */
  readonly set: (text: string, path: EntryPath, entry: Entry) => string;
  readonly remove: (text: string, path: EntryPath) => string;
  /** @returns the entry as a user would add it to a file of their own. */
  readonly show: (path: EntryPath, entry: Entry) => string;
}

export const lineEndOf = (text: string): '\r\n' | '\n' => (text.includes('\r\n') ? '\r\n' : '\n');
