import { homeFolder } from './files/homeFolder';
import { folderAndFileErrors } from './failures/folderAndFileErrors';
import type { PythonFolder } from './folder';
import { isSameName, nameKey, placeKey, plainPath } from './pathIdentity';
import { absolutePath, isInside } from './paths';
import { pathRules } from './files/storage';

/** Makes the managers of a folder, given its absolute path and how to ask for those of the others. */
export type OpenFolder = (root: string, otherRoots: () => readonly string[]) => PythonFolder;

/** The folders that are open, and which of them a call means. */
export class Workspace {
  readonly #open: OpenFolder;
  readonly #platform: NodeJS.Platform;
  #folders: readonly PythonFolder[] = [];

  constructor(open: OpenFolder, platform = process.platform) {
    this.#open = open;
    this.#platform = platform;
  }

  get folders(): readonly PythonFolder[] {
    return this.#folders;
  }

  /**
   * Opens and closes folders so that exactly these are open; one that stays keeps its managers. Of several spellings of
   * one folder the first counts.
   */
  setFolders(roots: readonly string[]): void {
    const before = new Map(this.#folders.map((folder) => [this.#place(folder.root), folder]));
    const wanted = new Map<string, string>();
    for (const each of roots) {
      const root = pathRules(this.#platform).resolve(plainPath(each, this.#platform));
      const place = this.#place(root);
      if (!wanted.has(place)) wanted.set(place, root);
    }
    this.#folders = [...wanted].map(
      ([place, root]) =>
        before.get(place) ??
        this.#open(root, () => this.#folders.map((folder) => folder.root).filter((other) => other !== root)),
    );
    for (const [place, folder] of before) if (!wanted.has(place)) folder.dispose();
  }

  /** @returns the open folder at a path, by any of its spellings. */
  at(path: string): PythonFolder | undefined {
    const byName = this.#folders.find(({ root }) => isSameName(root, path, this.#platform));
    if (byName) return byName;
    const place = this.#place(path);
    return this.#folders.find(({ root }) => this.#place(root) === place);
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
    if (this.#folders.length === 0) throw folderAndFileErrors.noFolder();
    if (wanted.folder !== undefined && wanted.folder !== '') return this.#named(wanted.folder);
    const [only, ...others] = this.#folders;
    if (only && others.length === 0) return only;
    const byPath = wanted.paths.map((path) => this.#holding(path)).find((folder) => folder !== undefined);
    const current = wanted.current === undefined ? undefined : this.#holding(wanted.current);
    const folder = byPath ?? current;
    if (!folder) throw folderAndFileErrors.ambiguousFolder(this.names());
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
    const exactly = this.#folders.filter((folder) => folder.name === name);
    const byName = exactly.length > 0 ? exactly : this.#nearlyNamed(name);
    if (byName.length > 1) throw folderAndFileErrors.ambiguousFolder(byName.map(({ root }) => root));
    const path = absolutePath('/', name, homeFolder(), this.#platform);
    const found = byName[0] ?? this.at(path);
    if (!found) throw folderAndFileErrors.unknownFolder(name, this.names());
    return found;
  }

  /** Those whose name differs in case only: on Windows it is how the folder was typed. */
  #nearlyNamed(name: string): PythonFolder[] {
    if (this.#platform !== 'win32') return [];
    return this.#folders.filter((folder) => folder.name.toLowerCase() === name.toLowerCase());
  }

  /** The innermost folder that a path lies in, where it is absolute. */
  #holding(path: string): PythonFolder | undefined {
    const plain = plainPath(path, this.#platform);
    if (!pathRules(this.#platform).isAbsolute(plain)) return undefined;
    const key = (each: string): string => nameKey(each, this.#platform);
    return this.#innermost(plain, key) ?? this.#innermost(plain, (each) => this.#place(each));
  }

  #innermost(path: string, key: (path: string) => string): PythonFolder | undefined {
    const wanted = key(path);
    return this.#folders
      .map((folder) => ({ folder, root: key(folder.root) }))
      .filter(({ root }) => wanted === root || isInside(root, wanted, this.#platform))
      .sort((a, b) => b.root.length - a.root.length)[0]?.folder;
  }

  #place(path: string): string {
    return placeKey(path, this.#platform);
  }
}
