import { createWriteStream, type WriteStream } from 'node:fs';
import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { foldersToTidy, privateFolder, type PrivateKind } from '../files/privateFolder';

const dayMs = 24 * 60 * 60 * 1000;

/** @returns the path of a new file for a stream's output or a whole result; it stays for a day. @throws ToolError */
export const newSpillPath = (kind: 'stdout' | 'stderr' | 'text'): string =>
  join(privateFolder('output'), `${randomUUID()}.${kind}.txt`);

/** @returns a stream into a new spill file that is readable by this user only. */
export function openSpillFile(path: string): WriteStream {
  return createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1024 * 1024 });
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

/** Does so now and every six hours, for as long as the process lives or until what is returned is disposed. */
export function keepTidy(): { readonly dispose: () => void } {
  const tidy = (): void => void tidyAll().catch(() => undefined);
  tidy();
  const timer = setInterval(tidy, dayMs / 4);
  timer.unref();
  return {
    dispose: () => {
      clearInterval(timer);
    },
  };
}

async function tidyAll(): Promise<void> {
  const { inTemporary, lasting } = foldersToTidy();
  for (const folder of [...lasting, ...inTemporary]) await removeOldFiles(folder);
  // Each process has one of its own; what is empty goes, and is made again by who needs it.
  for (const folder of inTemporary) {
    await removeOldFiles(folder, { kinds: ofProcesses, keptMs: 14 * dayMs });
    for (const kind of [...ofCalls, ...ofProcesses]) await rmdir(join(folder, kind)).catch(() => undefined);
    await rmdir(folder).catch(() => undefined);
  }
}
