import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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
  if (walk.failures.length === 0) await walk.remove(rmdirSync, () => path, path);
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

class Walk {
  readonly failures: unknown[] = [];
  readonly #turn = takingTurns();
  readonly #addressing: Addressing | undefined;
  readonly #onRemove: ((path: string) => void) | undefined;

  constructor({ addressing, onRemove }: Removal) {
    this.#addressing = addressing;
    this.#onRemove = onRemove;
  }

  /** @param kept what is left for later: the folders on the way to it stay. */
  async empty(folder: HeldFolder, contents?: FolderContents, kept?: FolderContents): Promise<void> {
    const { files, folders } = contents ?? this.#everythingIn(folder);
    for (const [name, inner] of folders) {
      await this.#emptyInner(folder, name, inner, kept?.folders.get(name));
      if (!kept?.folders.has(name)) await this.#removeEntry(rmdirSync, folder, name);
    }
    for (const name of files) await this.#removeEntry(unlinkSync, folder, name);
  }

  async #removeEntry(how: (path: string) => void, folder: HeldFolder, name: string): Promise<void> {
    await this.remove(how, () => folder.entry(name), `${folder.path}/${name}`);
  }

  async remove(how: (path: string) => void, address: () => string, shown: string): Promise<void> {
    this.#onRemove?.(shown);
    for (let attempt = 1; ; attempt++) {
      try {
        how(address());
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
