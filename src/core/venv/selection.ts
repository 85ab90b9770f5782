import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, writeJson } from '../storage';

/**
 * Which venv the user chose for a folder. A file of its own for each folder, in the user's state folder: what several
 * servers write for several folders cannot be lost, and what one writes the others see.
 */
export class Selection {
  readonly #root: string;
  readonly #stateFolder: string;
  /** What could not be written is valid for this process at least. */
  #unwritten: string | undefined;

  constructor(root: string, stateFolder: string) {
    this.#root = root;
    this.#stateFolder = stateFolder;
  }

  /** @returns the absolute path that was chosen; undefined for none. */
  async read(): Promise<string | undefined> {
    if (this.#unwritten !== undefined) return this.#unwritten;
    const stored = await readJson(await this.#file());
    if (typeof stored !== 'object' || stored === null || !('venv' in stored)) return undefined;
    return typeof stored.venv === 'string' ? stored.venv : undefined;
  }

  /** @returns whether it will be remembered after this process has ended. */
  async write(venv: string): Promise<boolean> {
    try {
      await writeJson(await this.#file(), { folder: this.#root, venv });
      this.#unwritten = undefined;
    } catch {
      this.#unwritten = venv;
    }
    return this.#unwritten === undefined;
  }

  async forget(): Promise<void> {
    this.#unwritten = undefined;
    await rm(await this.#file(), { force: true }).catch(() => undefined);
  }

  async #file(): Promise<string> {
    const folder = await realpath(this.#root).catch(() => this.#root);
    return join(
      this.#stateFolder,
      'selected',
      `${createHash('sha256').update(folder).digest('hex').slice(0, 32)}.json`,
    );
  }
}
