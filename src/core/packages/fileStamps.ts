import { stat } from 'node:fs/promises';
import { namesIn, readText } from './readFiles';

/** Some file systems count modification times in steps of two seconds: a change within one may leave no trace. */
const coarsestTimeMs = 2000;

/** Reads folders and files, and remembers their states, so that what was made of them can be kept until one changes. */
export class FileStamps {
  private readonly stamps = new Map<string, string>();
  private settled = true;

  /** @returns the names in the folder; none where there is no such folder. */
  async namesIn(folder: string): Promise<string[]> {
    await this.remember(folder);
    return await namesIn(folder);
  }

  /** @returns the file's text, or undefined where it cannot be read. */
  async readText(path: string): Promise<string | undefined> {
    await this.remember(path);
    return await readText(path);
  }

  /** Says that something was met half-way: what was read is not to be kept. */
  unsettle(): void {
    this.settled = false;
  }

  /** @returns whether everything that was read is as it was then. */
  async unchanged(): Promise<boolean> {
    if (!this.settled) return false;
    const same = await Promise.all(
      [...this.stamps].map(async ([path, before]) => (await stampOf(path)).stamp === before),
    );
    return same.every(Boolean);
  }

  /** Before the reading: a change while it goes on then shows, too. */
  private async remember(path: string): Promise<void> {
    const { stamp, modifiedMs } = await stampOf(path);
    if (Date.now() - modifiedMs < coarsestTimeMs) this.settled = false;
    this.stamps.set(path, stamp);
  }
}

async function stampOf(path: string): Promise<{ readonly stamp: string; readonly modifiedMs: number }> {
  try {
    const { mtimeNs, ino, size } = await stat(path, { bigint: true });
    return { stamp: `${mtimeNs} ${ino} ${size}`, modifiedMs: Number(mtimeNs / 1_000_000n) };
  } catch {
    return { stamp: 'missing', modifiedMs: 0 };
  }
}
