import { createWriteStream, type WriteStream } from 'node:fs';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { foldersToTidy, newPrivateFile, type PrivateKind } from '../files/privateFolder';

const dayMs = 24 * 60 * 60 * 1000;

/** What is kept of a call: a stream's output, or a whole result. */
type Kept = 'stdout' | 'stderr' | 'text';

/**
 * @returns a new file that is readable by this user only and stays for a day, and a stream into it.
 * @throws ToolError where none can be made.
 */
export function openSpillFile(kind: Kept): { readonly path: string; readonly file: WriteStream } {
  const { path, fd } = newPrivateFile('output', `${randomUUID()}.${kind}.txt`);
  return { path, file: createWriteStream('', { fd, highWaterMark: 1024 * 1024 }) };
}

/** Writes such a file whole. @returns its path; undefined where there is no room for it. */
export async function saveText(content: string | Buffer, kind: Kept): Promise<string | undefined> {
  try {
    const { path, file } = openSpillFile(kind);
    file.end(content);
    await finished(file);
    return path;
  } catch {
    return undefined; // The half that was written goes with what is old.
  }
}

/** In a cache these are kept by rules of their own; what else is there belongs to others. */
const ofCalls: readonly PrivateKind[] = ['output', 'runs', 'plans'];
/** In the folder of one process: nobody else will ever use them. */
const ofProcesses: readonly PrivateKind[] = ['scripts', 'wheels', 'caches'];

/**
 * Removes what calls left in a folder of this user's own, once it is older than a day. Nothing is removed through a link.
 * Never throws: tidying must not fail a call.
 */
export async function removeOldFiles(
  root: string,
  { now = Date.now(), kinds = ofCalls, keptMs = dayMs } = {},
): Promise<void> {
  for (const kind of kinds) {
    const folder = join(root, kind);
    if (!(await factsOf(folder))?.isDirectory()) continue;
    for (const name of await readdir(folder).catch(() => [])) {
      const entry = join(folder, name);
      const facts = await factsOf(entry);
      if (facts && now - facts.mtimeMs > keptMs)
        await rm(entry, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

const factsOf = async (path: string) => await lstat(path).catch(() => undefined);

/** Removes what processes of this user left behind, wherever they may have, and is no longer of use. */
export async function tidyAll(): Promise<void> {
  const { inTemporary, lasting } = foldersToTidy();
  for (const folder of [...lasting, ...inTemporary]) await removeOldFiles(folder);
  // Each process has one of its own; what is empty goes, and is made again by who needs it.
  for (const folder of inTemporary) {
    await removeOldFiles(folder, { kinds: ofProcesses, keptMs: 14 * dayMs });
    for (const kind of [...ofCalls, ...ofProcesses]) await rmdir(join(folder, kind)).catch(() => undefined);
    await rmdir(folder).catch(() => undefined);
  }
}
