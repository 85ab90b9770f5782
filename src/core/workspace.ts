import { resolve } from 'node:path';
import { homedir } from 'node:os';
import { errors } from './errors';
import type { PythonFolder } from './folder';
import { absolutePath, isInside } from './paths';

/** Makes the managers of a folder, given its absolute path and how to ask for those of the others. */
export type OpenFolder = (root: string, otherRoots: () => readonly string[]) => PythonFolder;

/** The folders that are open, and which of them a call means. */
export class Workspace {
  readonly #open: OpenFolder;
  #folders: readonly PythonFolder[] = [];

  constructor(open: OpenFolder) {
    this.#open = open;
  }

  get folders(): readonly PythonFolder[] {
    return this.#folders;
  }

  /** Opens and closes folders so that exactly these are open; one that stays keeps its managers. */
  setFolders(roots: readonly string[]): void {
    const wanted = [...new Set(roots.map((root) => resolve(root)))];
    const before = new Map(this.#folders.map((folder) => [folder.root, folder]));
    this.#folders = wanted.map(
      (root) =>
        before.get(root) ??
        this.#open(root, () => this.#folders.map((folder) => folder.root).filter((other) => other !== root)),
    );
    for (const folder of before.values()) if (!wanted.includes(folder.root)) folder.dispose();
  }

  /**
   * @param wanted the folder by name or path, the paths that the call names, and the folder that the user is in.
   * @returns the folder of a call: the one it names, else the one that an absolute path of it lies in, else the only
   * one, else the one that the user is in.
   * @throws ToolError no_folder, invalid_input for an unknown folder, ambiguous_folder.
   */
  pick(wanted: {
    readonly folder?: string | undefined;
    readonly paths: readonly string[];
    readonly current?: string | undefined;
  }): PythonFolder {
    if (this.#folders.length === 0) throw errors.noFolder();
    if (wanted.folder !== undefined && wanted.folder !== '') return this.#named(wanted.folder);
    const [only, ...others] = this.#folders;
    if (only && others.length === 0) return only;
    const byPath = wanted.paths.map((path) => this.#holding(path)).find((folder) => folder !== undefined);
    const current = wanted.current === undefined ? undefined : this.#holding(wanted.current);
    const folder = byPath ?? current;
    if (!folder) throw errors.ambiguousFolder(this.names());
    return folder;
  }

  /** @returns what to call each folder: its name, or its path where two share a name. */
  names(): string[] {
    return this.#folders.map(({ name, root }) =>
      this.#folders.filter((other) => other.name === name).length > 1 ? root : name,
    );
  }

  /** Closes all folders. */
  dispose(): void {
    this.setFolders([]);
  }

  #named(name: string): PythonFolder {
    const byName = this.#folders.filter((folder) => folder.name === name);
    if (byName.length > 1) throw errors.ambiguousFolder(byName.map(({ root }) => root));
    const path = absolutePath('/', name, homedir());
    const found = byName[0] ?? this.#folders.find(({ root }) => root === path);
    if (!found) throw errors.unknownFolder(name, this.names());
    return found;
  }

  /** The innermost folder that a path lies in, where it is absolute. */
  #holding(path: string): PythonFolder | undefined {
    return this.#folders
      .filter(({ root }) => path === root || isInside(root, path))
      .sort((a, b) => b.root.length - a.root.length)[0];
  }
}
