import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { realPathSync } from '../pathIdentity';
import { codeOf } from './systemErrors';

/** What stays the same of a folder that is renamed, and differs where another one took its place. */
export type FolderIdentity = Pick<BigIntStats, 'dev' | 'ino'>;

/** A folder is not the one any more that was looked at. */
export class ReplacedError extends Error {
  override readonly name = 'ReplacedError';

  constructor(path: string) {
    super(`"${path}" was replaced`);
  }
}

/**
 * How the entries of a folder are named to the system. `handle`: by the folder that is held open (Linux, macOS), so that
 * nothing put in the place of it or of a folder above it is ever reached. `path`: by its path, which is looked at
 * before each use (Windows, and where the other cannot be had); there a moment is left in which it can be replaced.
 */
export type Addressing = 'handle' | 'path';

/** @returns what a path is, no link followed; undefined where it is no folder. @throws what the file system throws. */
export function folderIdentity(path: string): FolderIdentity | undefined {
  const facts = lstatSync(path, { bigint: true });
  return facts.isDirectory() ? { dev: facts.dev, ino: facts.ino } : undefined;
}

const isSame = (a: FolderIdentity | undefined, b: FolderIdentity): boolean => a?.ino === b.ino && a.dev === b.dev;

/** Windows has neither flag; a FIFO would wait for a writer without the last. */
const openingFolder =
  constants.O_RDONLY |
  ((constants.O_DIRECTORY as number | undefined) ?? 0) |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** A folder whose entries are looked at, opened and removed without a link ever being followed. */
export class HeldFolder {
  /** As it was opened: a path to show. */
  readonly path: string;
  readonly #identity: FolderIdentity;
  readonly #descriptor: number | undefined;
  readonly #address: string | undefined;

  private constructor(path: string, identity: FolderIdentity, descriptor?: number, address?: string) {
    this.path = path;
    this.#identity = identity;
    this.#descriptor = descriptor;
    this.#address = address;
  }

  /**
   * @param within the folder that holds it, where that is held, too; `path` is then only its name.
   * @param expected what it has to be.
   * @throws ReplacedError where it is a link, no folder or another one; what the file system throws.
   */
  static open(
    path: string,
    {
      within,
      expected,
      addressing = process.platform === 'win32' ? 'path' : 'handle',
    }: {
      readonly within?: HeldFolder | undefined;
      readonly expected?: FolderIdentity | undefined;
      readonly addressing?: Addressing | undefined;
    } = {},
  ): HeldFolder {
    const shown = within ? join(within.path, path) : path;
    const address = within ? within.entry(path) : path;
    if (addressing === 'path') {
      const identity = folderIdentity(address);
      if (!identity || (expected && !isSame(expected, identity))) throw new ReplacedError(shown);
      return new HeldFolder(shown, identity);
    }
    const descriptor = openFolder(address, shown);
    try {
      const { dev, ino } = fstatSync(descriptor, { bigint: true });
      if (expected && !isSame(expected, { dev, ino })) throw new ReplacedError(shown);
      return new HeldFolder(shown, { dev, ino }, descriptor, addressOf(descriptor, { dev, ino }));
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Whether its address leads to it whatever becomes of its name. */
  get isHeld(): boolean {
    return this.#address !== undefined;
  }

  /** The folder itself, as the system takes it. @throws ReplacedError. */
  get address(): string {
    if (this.#address !== undefined) return this.#address;
    if (!isSame(identityOrNone(this.path), this.#identity)) throw new ReplacedError(this.path);
    return this.path;
  }

  /** @returns an entry of the folder, as the system takes it. @throws ReplacedError. */
  entry(name: string): string {
    return join(this.address, name);
  }

  /** @returns where it really is now. @throws what the file system throws. */
  realPath(): string {
    return this.#address?.startsWith('/proc/') ? readlinkSync(this.#address) : realPathSync(this.path);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

function openFolder(address: string, shown: string): number {
  try {
    return openSync(address, openingFolder);
  } catch (error) {
    throw ['ELOOP', 'ENOTDIR', 'EMLINK'].includes(codeOf(error) ?? '') ? new ReplacedError(shown) : error;
  }
}

const identityOrNone = (path: string): FolderIdentity | undefined => {
  try {
    return folderIdentity(path);
  } catch {
    return undefined;
  }
};

/** @returns a path that leads to the open folder itself, whatever becomes of its name: proc(5); macOS' volfs. */
function addressOf(descriptor: number, identity: FolderIdentity): string | undefined {
  const own = [`/proc/self/fd/${descriptor}`, `/.vol/${identity.dev}/${identity.ino}`];
  // What is in /proc is a link: only with the dot the system says what it leads to.
  return own.find((address) => isSame(identityOrNone(`${address}/.`), identity));
}
