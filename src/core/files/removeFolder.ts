import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { rm, rmdir, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { takingTurns } from '../eventLoop';
import { HeldFolder, type Addressing, type FolderIdentity } from './heldFolder';
import { codeOf, isMissing } from './systemErrors';

/** What was in a folder when it was looked at. */
export interface FolderContents {
  readonly identity: FolderIdentity;
  /** Names of what is no folder: files, links, sockets. */
  readonly files: readonly string[];
  readonly folders: ReadonlyMap<string, FolderContents>;
}

export interface Removal {
  /** What is removed. Default: all that is there. */
  readonly contents?: FolderContents | undefined;
  /** Of the same folder what is removed after that, and stays where a part of that stays. */
  readonly lastly?: FolderContents | undefined;
  readonly addressing?: Addressing | undefined;
  /** Called before each removal, with the path; for tests. */
  readonly onRemove?: ((path: string) => void) | undefined;
}

/**
 * Removes a folder. Of links in it the link goes, and nothing that it leads to, also where a folder is swapped for a link
 * meanwhile (see `Addressing`).
 * @throws the first failure, after the rest was removed all the same; of the code ENOTEMPTY where something was put into
 * it since it was looked at.
 */
export async function removeFolder(path: string, removal: Removal = {}): Promise<void> {
  const { contents, lastly, addressing } = removal;
  const walk = new Walk(removal);
  const folder = HeldFolder.open(path, { expected: contents?.identity, addressing });
  try {
    await walk.empty(folder, contents, lastly);
    if (lastly && walk.failures.length === 0) await walk.empty(folder, lastly);
  } finally {
    folder.close();
  }
  if (walk.failures.length === 0)
    await walk.attempt(path, async () => {
      await rmdir(path);
    });
  if (walk.failures.length > 0) throw walk.failures[0];
}

/**
 * Removes whatever has a name, as `removeFolder` does; nothing where there is nothing.
 * @throws what the file system throws.
 */
export async function removeEntry(path: string): Promise<void> {
  try {
    if (lstatSync(path).isDirectory()) await removeFolder(path);
    else await rm(path, { force: true, maxRetries: windowsAttempts });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Windows does not remove what a virus scanner, or a process that just ended, has open for a moment more. */
const windowsAttempts = 6;
const heldOnWindows = new Set(['EBUSY', 'EPERM', 'EACCES', 'ENOTEMPTY']);

/** Removals at a time: on a busy disk each waits long. */
const atOnce = 4;

class Walk {
  readonly failures: unknown[] = [];
  readonly #turn = takingTurns();
  readonly #addressing: Addressing | undefined;
  readonly #onRemove: ((path: string) => void) | undefined;
  #working = 1;

  constructor({ addressing, onRemove }: Removal) {
    this.#addressing = addressing;
    this.#onRemove = onRemove;
  }

  /** @param kept what is left for later: the folders on the way to it stay. */
  async empty(folder: HeldFolder, contents?: FolderContents, kept?: FolderContents): Promise<void> {
    const { files, folders } = contents ?? this.#everythingIn(folder);
    const others: Promise<void>[] = [];
    /** Beside the rest where there is a place, else at once: never more than `atOnce` in the whole walk. */
    const start = async (work: () => Promise<void>): Promise<void> => {
      if (this.#working >= atOnce) {
        await work();
        return;
      }
      this.#working++;
      others.push(work().finally(() => this.#working--));
    };
    for (const [name, inner] of folders) {
      await start(async () => {
        await this.#emptyInner(folder, name, inner, kept?.folders.get(name));
        if (!kept?.folders.has(name)) await this.#remove('rmdir', folder, name);
      });
    }
    for (const name of files)
      await start(async () => {
        await this.#remove('unlink', folder, name);
      });
    await Promise.all(others);
  }

  async #remove(how: 'rmdir' | 'unlink', folder: HeldFolder, name: string): Promise<void> {
    await this.attempt(`${folder.path}/${name}`, async () => {
      // Where a folder is looked at before each use, nothing must come between.
      if (folder.isHeld) await (how === 'rmdir' ? rmdir : unlink)(folder.entry(name));
      else (how === 'rmdir' ? rmdirSync : unlinkSync)(folder.entry(name));
    });
  }

  async attempt(path: string, remove: () => Promise<void>): Promise<void> {
    this.#onRemove?.(path);
    for (let attempt = 1; ; attempt++) {
      try {
        await remove();
        break;
      } catch (error) {
        if (isMissing(error)) break;
        const mayPass = process.platform === 'win32' && heldOnWindows.has(codeOf(error) ?? '');
        if (!mayPass || attempt === windowsAttempts) {
          this.failures.push(error);
          break;
        }
        await delay(100);
      }
    }
    const due = this.#turn();
    if (due) await due;
  }

  async #emptyInner(
    folder: HeldFolder,
    name: string,
    contents: FolderContents | undefined,
    kept: FolderContents | undefined,
  ): Promise<void> {
    try {
      const options = { within: folder, expected: contents?.identity, addressing: this.#addressing };
      const inner = HeldFolder.open(name, options);
      try {
        await this.empty(inner, contents, kept);
      } finally {
        inner.close();
      }
    } catch (error) {
      if (!isMissing(error)) this.failures.push(error);
    }
  }

  #everythingIn(folder: HeldFolder) {
    const files: string[] = [];
    const folders = new Map<string, undefined>();
    for (const entry of readdirSync(folder.address, { withFileTypes: true })) {
      if (entry.isDirectory()) folders.set(entry.name, undefined);
      else files.push(entry.name);
    }
    return { files, folders };
  }
}
