import { chmodSync, createWriteStream, lstatSync, mkdirSync, mkdtempSync, type WriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

const dayMs = 24 * 60 * 60 * 1000;
let root: string | undefined;

/**
 * @returns this user's own folder for what must not lie in a project: spilled output and the files of a run. It is
 * private: a folder of that name that belongs to somebody else, or that others may enter, is not used.
 */
export function temporaryRoot(): string {
  root ??= ownTemporaryRoot();
  mkdirSync(root, { recursive: true, mode: 0o700 });
  return root;
}

function ownTemporaryRoot(): string {
  if (process.platform === 'win32') return join(tmpdir(), 'python-tools-mcp');
  const { uid } = userInfo();
  const path = join(tmpdir(), `python-tools-mcp-${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const facts = lstatSync(path);
  if (!facts.isDirectory() || facts.uid !== uid) return mkdtempSync(join(tmpdir(), 'python-tools-mcp-'));
  if ((facts.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
}

/** @returns the path of a new file for a stream's output or a whole result; it stays for a day. */
export function newSpillPath(kind: 'stdout' | 'stderr' | 'text'): string {
  const folder = join(temporaryRoot(), 'output');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${randomUUID()}.${kind}.txt`);
}

/** @returns a stream into a new spill file that is readable by this user only. */
export function openSpillFile(path: string): WriteStream {
  return createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1024 * 1024 });
}

/** Removes spilled output and files of runs that are older than a day. Never throws: tidying must not fail a call. */
export async function removeOldFiles(root: string, now = Date.now()): Promise<void> {
  for (const folder of ['output', 'runs']) {
    const path = join(root, folder);
    const names = await readdir(path).catch(() => []);
    for (const name of names) {
      const entry = join(path, name);
      const facts = await stat(entry).catch(() => undefined);
      if (facts && now - facts.mtimeMs > dayMs)
        await rm(entry, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** Does so now and every six hours, for as long as the process lives or until what is returned is disposed. */
export function keepTidy(): { readonly dispose: () => void } {
  const tidy = (): void => void removeOldFiles(temporaryRoot());
  tidy();
  const timer = setInterval(tidy, dayMs / 4);
  timer.unref();
  return {
    dispose: () => {
      clearInterval(timer);
    },
  };
}
