import { Uri, workspace } from 'vscode';
import type { Environment } from '../../core/environment';
import { isToolError } from '../../core/errors';
import type { PythonFolder } from '../../core/folder';
import { isSamePlace } from '../../core/pathIdentity';
import type { Parts } from '../parts';
import { heed } from './heed';
import type { PythonSelection } from './pythonSelection';
import { venvFolders } from './venvFolders';

/** Keeps the active venv of one folder and what a Python extension has selected for it in step. */
export class FolderSync {
  readonly #parts: Parts;
  readonly #folder: PythonFolder;
  readonly #selection: () => PythonSelection | undefined;
  readonly #uri: Uri;
  /** One look after the other, so that none acts on what another one is changing. */
  #looking: Promise<void> = Promise.resolve();
  /** Whether a look is still to begin: it will see what changes until then. */
  #isWaiting = false;
  #mode: 'follow' | 'push' | 'off' | undefined;
  #isSettled = false;
  /** The venv that was set there last: once, whatever becomes of it there. */
  #pushed: string | undefined;
  #venv: string | undefined;
  #ended = false;

  constructor(parts: Parts, folder: PythonFolder, selection: () => PythonSelection | undefined) {
    this.#parts = parts;
    this.#folder = folder;
    this.#selection = selection;
    this.#uri = workspace.getWorkspaceFolder(Uri.file(folder.root))?.uri ?? Uri.file(folder.root);
  }

  /** Compares the two, and does what the setting says. To be called when one of them may be another. */
  look(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#looking = this.#looking.then(async () => {
      this.#isWaiting = false;
      try {
        if (!this.#ended) await this.#look();
      } catch (cause) {
        const { log } = this.#parts;
        log.warn(`${this.#folder.root}: no step with the Python extension: ${String(cause)}`);
      }
    });
  }

  /** Tells what the extension has selected, and whether it shows that. */
  show(): void {
    const { settings, theirs } = this.#parts;
    const { root } = this.#folder;
    const mode = settings(root).syncWithPythonExtension;
    const selection = mode === 'off' || this.#ended ? undefined : this.#selection();
    theirs.set(
      root,
      selection && { venv: this.#venv, isFollowed: mode === 'follow', isShown: selection.isShown(this.#uri) },
    );
  }

  dispose(): void {
    this.#ended = true;
    this.show();
  }

  async #look(): Promise<void> {
    const selection = this.#selection();
    const mode = this.#parts.settings(this.#folder.root).syncWithPythonExtension;
    const isNewMode = this.#mode !== undefined && this.#mode !== mode;
    this.#mode = mode;
    if (isNewMode) this.#pushed = undefined;
    if (selection && mode !== 'off') {
      const theirs = await this.#venvOf(selection);
      // A selected venv that broke: none is active.
      const active = (await this.#folder.venvs.active().catch(() => undefined))?.environment;
      const isSame = typeof theirs === 'string' && active !== undefined && isSamePlace(theirs, active.path);
      this.#venv = isSame ? active.path : (theirs ?? undefined);
      this.show();
      if (mode === 'push') await this.#push(selection, active, isSame);
      else if (theirs !== undefined) await this.#follow(theirs, isSame, isNewMode);
    } else this.show();
  }

  /**
   * @returns the venv that is selected there; null for a base Python or another environment; undefined where what is
   * selected is gone or broken, which may be for as long as it is being made anew.
   */
  async #venvOf(selection: PythonSelection): Promise<string | null | undefined> {
    const kinds: string[] = [];
    for (const path of venvFolders(await selection.pathsOf(this.#uri))) {
      try {
        return (await this.#folder.venvs.environmentAt(path)).path;
      } catch (cause) {
        if (!isToolError(cause)) throw cause;
        kinds.push(cause.kind);
      }
    }
    // The first is the interpreter itself.
    const isGone = kinds[0] === 'venv_not_found' || kinds.includes('venv_broken');
    return isGone ? undefined : null;
  }

  /** @param anyway whether theirs counts even if it is no other than before: the user just chose to follow it. */
  async #follow(theirs: string | null, isSame: boolean, anyway: boolean): Promise<void> {
    const { memory, log } = this.#parts;
    const { root, venvs } = this.#folder;
    const key = `theirVenv:${root}`;
    const remembered = memory.get<string | null>(key);
    const isChosen = !anyway && (await venvs.selected()) !== undefined;
    const last = anyway ? undefined : remembered;
    const next = heed(theirs, { last, isSettled: this.#isSettled }, { isSame, isChosen });
    this.#isSettled = next.isSettled;
    if (next.last !== remembered) await memory.update(key, next.last);
    if (!next.adopts || theirs === null) return;
    log.info(`${root}: the Python extension has ${theirs} selected`);
    await venvs.select(theirs);
  }

  async #push(selection: PythonSelection, active: Environment | undefined, isSame: boolean): Promise<void> {
    if (!active || active.path === this.#pushed) return;
    this.#pushed = active.path;
    if (isSame) return;
    this.#parts.log.info(`${this.#folder.root}: selecting ${active.path} in the Python extension`);
    await selection.select(this.#uri, active.python);
  }
}
