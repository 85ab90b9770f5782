import { lstatSync, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { processErrors } from '../failures/processErrors';
import { takingTurns } from '../eventLoop';

/**
 * @returns the bytes of all files in a folder: links are not followed, a file with several names counts once. What
 * disappears or cannot be read meanwhile counts nothing. @throws cancelled.
 */
export async function folderSize(folder: string, signal?: AbortSignal): Promise<number> {
  const turn = takingTurns();
  const linked = new Set<string>();
  const folders = [folder];
  let bytes = 0;
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    for (const entry of entriesOf(current)) {
      const path = `${current}${sep}${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) bytes += sizeOf(path, linked);
      const due = turn();
      if (due) await due;
      if (signal?.aborted) throw processErrors.cancelled('Counting the size', 'Nothing was changed.');
    }
  }
  return bytes;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Windows' file numbers need more than the 53 bits of a number. */
function exactIdentity(path: string): string {
  const { dev, ino } = lstatSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

function sizeOf(path: string, linked: Set<string>): number {
  try {
    const { size, nlink, dev, ino } = lstatSync(path);
    if (nlink === 1) return size;
    const identity = Number.isSafeInteger(ino) ? `${dev}:${ino}` : exactIdentity(path);
    if (linked.has(identity)) return 0;
    linked.add(identity);
    return size;
  } catch {
    return 0;
  }
}
