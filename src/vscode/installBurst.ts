import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSmallText } from '../core/files/readFiles';

/**
 * What an installer that someone else started has touched in site-packages, and whether it is done with it. Unpacking a
 * large package takes seconds in which nothing happens at the top; without this, each package would be an event.
 */
export class InstallBurst {
  readonly #touched = new Set<string>();
  /** First parts of the paths in the RECORD of a finished package (PEP 376), by its metadata folder. */
  readonly #recorded = new Map<string, ReadonlySet<string>>();

  /** @param path of something directly in site-packages. */
  add(path: string): void {
    this.#touched.add(path);
  }

  clear(): void {
    this.#touched.clear();
    this.#recorded.clear();
  }

  /** @returns whether every folder that came is that of a package whose metadata is complete. */
  isFinished(): boolean {
    const there = [...this.#touched].filter(isFolder);
    const metadata = there.filter((path) => path.endsWith('.dist-info') && !isAside(path));
    if (!metadata.every((path) => this.#isComplete(path))) return false;
    const owned = new Set([...this.#recorded.values()].flatMap((names) => [...names]));
    return there.every((path) => owned.has(basename(path)) || isUnowned(path));
  }

  /** Installers write INSTALLER and RECORD when all else of a package is there. */
  #isComplete(metadata: string): boolean {
    if (this.#recorded.has(metadata)) return true;
    if (!existsSync(join(metadata, 'INSTALLER'))) return false;
    const record = readSmallText(join(metadata, 'RECORD'));
    if (record === undefined) return false;
    const firstParts = record.split('\n').map((line) => line.replace(/^"/, '').replace(/[/,].*$/s, ''));
    this.#recorded.set(metadata, new Set([...firstParts, basename(metadata)]));
    return true;
  }
}

/** pip moves what it replaces aside to "~ame" until it knows that all went well. */
const isAside = (path: string): boolean => basename(path).startsWith('~');

/** Of no wheel: caches, and the metadata of old tools. */
const isUnowned = (path: string): boolean => /^__pycache__$|\.(egg-info|egg)$/i.test(basename(path));

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
