import { EventEmitter } from 'vscode';

/** Which folders are being worked on, and at what, for the spinner in the status bar. */
export class Busy {
  readonly #works = new Map<string, string[]>();
  readonly #changed = new EventEmitter<string>();
  /** Fires with the root of the folder. */
  readonly onDidChange = this.#changed.event;

  /** @returns what is being done in a folder, such as "Creating .venv"; undefined for nothing. */
  of(root: string): string | undefined {
    return this.#works.get(root)?.at(-1);
  }

  /** Marks a folder for as long as `work` takes. */
  async during<T>(root: string, what: string, work: () => Promise<T>): Promise<T> {
    this.#set(root, [...(this.#works.get(root) ?? []), what]);
    try {
      return await work();
    } finally {
      const rest = [...(this.#works.get(root) ?? [])];
      rest.splice(rest.lastIndexOf(what), 1);
      this.#set(root, rest);
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #set(root: string, works: string[]): void {
    this.#works.set(root, works);
    this.#changed.fire(root);
  }
}
