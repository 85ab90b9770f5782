import { statSync } from 'node:fs';
import { namesIn } from '../files/readFiles';

/** Some file systems count modification times in steps of two seconds: a change within one may leave no trace. */
const coarsestTimeMs = 2000;

/** The names in folders, kept for as long as these stay as they are: a look at each folder in place of a thousand names. */
export class FolderNames {
  readonly #known = new Map<string, { readonly stamp: string; readonly names: readonly string[] }>();

  /** @returns the names in a folder; none where there is none, or it cannot be read. */
  readonly in = (folder: string): readonly string[] => {
    const stamp = stampOf(folder);
    if (stamp === undefined) return []; // Most of the places are not there; an exception costs far more than this look.
    const known = this.#known.get(folder);
    if (known?.stamp === stamp) return known.names;
    const names = namesIn(folder).sort();
    this.#known.set(folder, { stamp: isSettled(stamp) ? stamp : '', names });
    return names;
  };
}

function stampOf(folder: string): string | undefined {
  try {
    const facts = statSync(folder, { throwIfNoEntry: false });
    return facts && `${facts.mtimeMs} ${facts.ino}`;
  } catch {
    return undefined;
  }
}

const isSettled = (stamp: string): boolean => Date.now() - Number.parseFloat(stamp) > coarsestTimeMs;
