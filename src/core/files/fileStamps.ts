import { statSync } from 'node:fs';
import { namesIn, readSmallText } from './readFiles';

/** Some file systems count modification times in steps of two seconds: a change within one may leave no trace. */
const coarsestTimeMs = 2000;
/** Of a file that lists folders, in bytes. */
const largestLines = 1024 * 1024;

/** Reads folders and files, and remembers their states, so that what was made of them can be kept until one changes. */
export class FileStamps {
  private readonly stamps = new Map<string, string>();
  private settled = true;

  /** @returns the names in the folder; none where there is no such folder. */
  namesIn(folder: string): string[] {
    this.remember(folder);
    return namesIn(folder);
  }

  /** @returns the text of a .pth file or the like, or undefined where it cannot be read or has more than 1 MB. */
  readText(path: string): string | undefined {
    this.remember(path);
    return readSmallText(path, largestLines);
  }

  /** Says that something was met half-way: what was read is not to be kept. */
  unsettle(): void {
    this.settled = false;
  }

  /** @returns whether everything that was read is as it was then. */
  unchanged(): boolean {
    if (!this.settled) return false;
    for (const [path, before] of this.stamps) if (stampOf(path).stamp !== before) return false;
    return true;
  }

  /** Before the reading: a change while it goes on then shows, too. */
  private remember(path: string): void {
    const { stamp, modifiedMs } = stampOf(path);
    if (Date.now() - modifiedMs < coarsestTimeMs) this.settled = false;
    this.stamps.set(path, stamp);
  }
}

function stampOf(path: string): { readonly stamp: string; readonly modifiedMs: number } {
  try {
    const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (facts) return { stamp: `${facts.mtimeNs} ${facts.ino} ${facts.size}`, modifiedMs: Number(facts.mtimeMs) };
  } catch {
    // Not permitted.
  }
  return { stamp: 'missing', modifiedMs: 0 };
}
