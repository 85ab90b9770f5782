import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PythonFolder } from '../core/folder';
import { namesIn } from '../core/files/readFiles';
import { isInside } from '../core/paths';
import { stateFolder } from '../core/files/storage';
import { InstallBurst } from './installBurst';
import { readFolder } from './pythonProject';
import { WatchedFolders } from './watchedFolders';
import { interestIn, type Interest, type WatchedPaths } from './watchInterest';

export interface FolderWatcherOptions {
  readonly folder: Pick<PythonFolder, 'root' | 'venvs' | 'onDidChange' | 'noticeExternalChange'>;
  /** Whether the folder is being changed by this process, which tells of that itself. */
  readonly isBusy: () => boolean;
  readonly onError: (folder: string, cause: unknown) => void;
  readonly platform?: NodeJS.Platform;
}

/** After the last change of a venv: its files come within milliseconds of each other. */
const venvQuietMs = 60;
/** After the last change in site-packages: installers pause between packages. Still shown within 500 ms. */
const packagesQuietMs = 350;
/** How often an unfinished install is waited for, 42 s in all: one that was killed never finishes. */
const longestWait = 120;
/** Child folders in which a pyvenv.cfg is looked for. A new one is always among them. */
const childLimit = 100;

/**
 * Tells a folder what others changed in its venvs: made, deleted, moved, broken, installed into. Many changes in a row
 * are one. Watches single folders only, so that it costs the same whatever else lies in them.
 */
export class FolderWatcher {
  readonly #options: FolderWatcherOptions;
  readonly #watches: WatchedFolders;
  readonly #ownChanges: { dispose: () => void };
  readonly #install = new InstallBurst();
  /** Those that came while the folder was watched; they are within the limit always. */
  readonly #newChildren = new Set<string>();
  #children: ReadonlySet<string> = new Set();
  #paths: WatchedPaths;
  #state: string | undefined;
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #waits = 0;
  #disposed = false;

  constructor(options: FolderWatcherOptions) {
    const { folder, onError, platform = process.platform } = options;
    this.#options = options;
    this.#paths = { root: folder.root, venvs: [], libraries: [], selections: join(stateFolder(), 'selected') };
    this.#watches = new WatchedFolders({
      onPath: (path) => {
        this.#notice(path);
      },
      onError,
      recursive: platform !== 'linux',
    });
    // What this process did is known already: only the watches follow.
    this.#ownChanges = folder.onDidChange(({ reason }) => {
      if (reason !== 'external') void this.look({ tell: false });
    });
    void this.look({ tell: false });
  }

  /** Compares the folder with what it was, and tells of a difference. Also for when no watch can be relied on. */
  async look({ tell = true } = {}): Promise<void> {
    this.#looking = this.#looking
      .then(async () => {
        const before = this.#state;
        await this.#read();
        if (tell && !this.#disposed && before !== undefined && this.#state !== before) {
          await this.#options.folder.noticeExternalChange();
        }
      })
      .catch((cause: unknown) => {
        this.#options.onError(this.#paths.root, cause);
      });
    await this.#looking;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#ownChanges.dispose();
    this.#watches.dispose();
  }

  #notice(path: string): void {
    const interest = interestIn(path, this.#paths);
    if (interest === undefined) return;
    if (interest === 'child') {
      if (this.#children.has(basename(path)) || !isFolder(path)) return;
      this.#newChildren.add(basename(path));
    }
    if (interest === 'packages') this.#install.add(path);
    this.#waits = 0;
    this.#schedule(quietMs(interest));
  }

  #schedule(quiet: number): void {
    if (this.#disposed) return;
    this.#due = Math.max(this.#due, performance.now() + quiet);
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        const left = this.#due - performance.now();
        if (left > 1) this.#schedule(0);
        else if (this.#mustWait()) this.#schedule(packagesQuietMs);
        else {
          this.#install.clear();
          void this.look();
        }
      },
      Math.max(1, this.#due - performance.now()),
    );
  }

  /** While this process changes the folder, and while an installer is not done with a package. */
  #mustWait(): boolean {
    return this.#options.isBusy() || (!this.#install.isFinished() && this.#waits++ < longestWait);
  }

  /** Reads until nothing more has to be watched: what came before a watch began is read after it. */
  async #read(): Promise<void> {
    const { folder } = this.#options;
    const [{ venvs }, active] = await Promise.all([folder.venvs.list(), folder.venvs.active().catch(() => undefined)]);
    const { projectFiles, childFolders } = readFolder(folder.root);
    if (this.#disposed) return;
    const libraries = active?.environment?.libraries.own ?? [];
    this.#paths = { ...this.#paths, venvs: venvs.map(({ path }) => path), libraries };
    const names = libraries.map(metadataNames);
    this.#children = new Set(childFolders);
    this.#state = JSON.stringify([venvs, names, projectFiles]);
    if (this.#watches.set(this.#wanted(childFolders))) await this.#read();
  }

  #wanted(childFolders: readonly string[]): Set<string> {
    const { root, venvs, libraries, selections } = this.#paths;
    const children = [
      ...childFolders.filter((name) => this.#newChildren.has(name)),
      ...childFolders.slice(0, childLimit),
    ];
    const parts = venvs.flatMap((venv) => [venv, ...['bin', 'lib', 'Scripts', 'Lib'].map((name) => join(venv, name))]);
    const outside = venvs.filter((venv) => !isInside(root, venv)).map(dirname);
    const wanted = new Set([
      root,
      selections,
      ...children.map((name) => join(root, name)),
      ...parts,
      ...libraries,
      ...outside,
    ]);
    // Watching below the root needs no watch of its own, and on Windows it would keep the folder from being moved.
    return (this.#options.platform ?? process.platform) === 'linux'
      ? wanted
      : new Set([root, selections, ...venvs.filter((venv) => !isInside(root, venv))]);
  }
}

const quietMs = (interest: Interest): number => (interest === 'packages' ? packagesQuietMs : venvQuietMs);

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The names by which a library folder's packages differ from what they were before. */
const metadataNames = (library: string): string[] =>
  namesIn(library)
    .filter((name) => /\.(dist-info|egg-info|egg-link|egg)$/i.test(name))
    .sort();
