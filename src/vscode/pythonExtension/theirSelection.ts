import { EventEmitter } from 'vscode';

/** What one of Microsoft's Python extensions has selected for a folder. */
export interface Theirs {
  /** The venv that it selected, absolute; undefined where it selected something else: a base Python, a conda environment. */
  readonly venv: string | undefined;
  /** Whether what it selects becomes active here. */
  readonly isFollowed: boolean;
  /** Whether it shows what it selected in the status bar now. */
  readonly isShown: boolean;
}

/** What Microsoft's Python extensions have selected: nothing before one of them is active, and where the user wants no sync. */
export class TheirSelection {
  readonly #selections = new Map<string, Theirs>();
  readonly #changed = new EventEmitter<string>();
  /** Fires with the root of the folder. */
  readonly onDidChange = this.#changed.event;

  of(root: string): Theirs | undefined {
    return this.#selections.get(root);
  }

  set(root: string, theirs: Theirs | undefined): void {
    const before = this.#selections.get(root);
    if (theirs) this.#selections.set(root, theirs);
    else this.#selections.delete(root);
    const isSame =
      before?.venv === theirs?.venv && before?.isFollowed === theirs?.isFollowed && before?.isShown === theirs?.isShown;
    if (!isSame) this.#changed.fire(root);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
