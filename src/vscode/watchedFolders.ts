import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename, join } from 'node:path';

export interface WatchOptions {
  /** Sees the absolute path of everything that appears, changes or goes directly in a watched folder, or below it. */
  readonly onPath: (path: string) => void;
  readonly onError: (folder: string, cause: unknown) => void;
  /** Watches the folders with all that is in them: one handle does that on Windows and macOS. */
  readonly recursive: boolean;
}

/**
 * A changing set of folders watched through the operating system. VS Code's own watchers tell of nothing that
 * `files.watcherExclude` names, not even to one that is on just that folder, and come 80 to 140 ms later (1.139).
 */
export class WatchedFolders {
  readonly #options: WatchOptions;
  readonly #watched = new Map<string, { readonly inode: bigint; readonly watcher: FSWatcher }>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /**
   * Watches exactly these folders, those of them that exist. One that was replaced by another of the same name is
   * watched anew, since a watch is on what was there when it began.
   * @returns whether a watch began.
   */
  set(folders: ReadonlySet<string>): boolean {
    for (const [folder, { inode, watcher }] of this.#watched) {
      if (folders.has(folder) && inodeOf(folder) === inode) continue;
      // Closed first: two watches of one inode are one to inotify.
      watcher.close();
      this.#watched.delete(folder);
    }
    const before = this.#watched.size;
    for (const folder of folders) if (!this.#watched.has(folder)) this.#open(folder);
    return this.#watched.size > before;
  }

  dispose(): void {
    this.set(new Set());
  }

  #open(folder: string): void {
    const inode = inodeOf(folder);
    if (inode === undefined) return;
    const { onPath, onError, recursive } = this.#options;
    try {
      const watcher = watch(folder, { persistent: false, recursive }, (_event, name) => {
        // Its own end is told by its own name.
        const isItself = name === null || (name === basename(folder) && inodeOf(folder) !== inode);
        onPath(isItself ? folder : join(folder, name));
      });
      watcher.on('error', (cause) => {
        // Windows: the folder was deleted.
        onPath(folder);
        onError(folder, cause);
      });
      this.#watched.set(folder, { inode, watcher });
    } catch (cause) {
      onError(folder, cause);
    }
  }
}

const inodeOf = (folder: string): bigint | undefined => {
  try {
    const facts = statSync(folder, { bigint: true });
    return facts.isDirectory() ? facts.ino : undefined;
  } catch {
    return undefined;
  }
};
