import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { placeKey } from '../pathIdentity';
import { asOpened } from '../paths';
import { readJson, writeJson } from '../files/storage';

/**
 * Which venv the user chose for a folder. A file of its own for each folder, in the user's state folder: what several
 * servers write for several folders cannot be lost, and what one writes the others see.
 */
export class Selection {
  readonly #root: string;
  readonly #stateFolder: string | undefined;
  /** What could not be written is valid for this process at least. */
  #unwritten: string | undefined;

  /** @param stateFolder undefined where nothing can be remembered. */
  constructor(root: string, stateFolder: string | undefined) {
    this.#root = root;
    this.#stateFolder = stateFolder;
  }

  /**
   * @returns the absolute path that was chosen, in the folder under the name by which this one was opened; undefined for
   * none.
   */
  async read(): Promise<string | undefined> {
    if (this.#unwritten !== undefined) return this.#unwritten;
    const file = this.#file();
    const stored = file === undefined ? undefined : await readJson(file);
    if (typeof stored !== 'object' || stored === null || !('venv' in stored)) return undefined;
    return typeof stored.venv === 'string' ? await asOpened(this.#root, stored.venv) : undefined;
  }

  /** @returns whether it will be remembered after this process has ended. */
  async write(venv: string): Promise<boolean> {
    const file = this.#file();
    try {
      if (file === undefined) throw new Error('nothing can be remembered');
      await writeJson(file, { folder: this.#root, venv });
      this.#unwritten = undefined;
    } catch {
      this.#unwritten = venv;
    }
    return this.#unwritten === undefined;
  }

  async forget(): Promise<void> {
    this.#unwritten = undefined;
    const file = this.#file();
    if (file !== undefined) await rm(file, { force: true }).catch(() => undefined);
  }

  #file(): string | undefined {
    if (this.#stateFolder === undefined) return undefined;
    const hash = createHash('sha256').update(placeKey(this.#root)).digest('hex');
    return join(this.#stateFolder, 'selected', `${hash.slice(0, 32)}.json`);
  }
}
