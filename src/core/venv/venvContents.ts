import { join } from 'node:path';
import { takingTurns } from '../eventLoop';
import { folderIdentity, type FolderIdentity } from '../files/heldFolder';
import type { FolderContents } from '../files/removeFolder';
import { isMissing } from '../files/systemErrors';
import { entriesToDelete } from './entriesToDelete';
import { pathKey, recordedFiles, type RecordedFiles } from './recordedFiles';
import { isLibrary, isStructural, isToolFile, isToolFolder, isToolText } from './toolFiles';

/** All that is in a venv, and what of it nobody but a person can have put there. */
export interface VenvContents {
  /** What is removed first. */
  readonly contents: FolderContents;
  /** What the rest is explained by: pyvenv.cfg and the metadata of the distributions. */
  readonly lastly: FolderContents;
  /** Relative to the venv, with "/", in the order of the file system: files, or the outermost folders that hold them. */
  readonly foreign: ReadonlySet<string>;
}

interface Folder extends FolderContents {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}

const emptyFolder = (identity: FolderIdentity): Folder => ({ identity, files: [], folders: new Map() });

/** By what rules the entries of a folder are judged. */
type Rule = 'each' | 'anything' | 'bytecode';

/**
 * Looks at all of a venv, following no link. What is no folder of the venv's own is foreign but for what an installer
 * recorded, what venv, virtualenv and uv put there, bytecode, and links, which lead to what stays. Once something in
 * a folder is foreign, the rest of that folder is not looked at.
 * @param path a real path.
 * @throws what the file system throws.
 */
export async function venvContents(
  path: string,
  platform: NodeJS.Platform = process.platform,
): Promise<VenvContents | undefined> {
  const identity = folderIdentity(path);
  if (!identity) return undefined;
  const recorded = await recordedFiles(path, librariesIn(path), platform);
  const walk = new Walk(path, recorded, platform);
  const contents = emptyFolder(identity);
  const lastly = emptyFolder(identity);
  await walk.folder('', { contents, lastly }, 'each', undefined);
  return { contents, lastly, foreign: walk.foreign };
}

/** @returns the site-packages folders, relative, whichever system the venv is for. */
function librariesIn(venv: string): string[] {
  const found: string[] = [];
  const look = (relative: string, depth: number): void => {
    for (const entry of entriesToDelete(join(venv, relative))) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (!entry.isDirectory()) continue;
      if (isLibrary(path)) found.push(path);
      else if (depth < 4 && isStructural(path) && /^(local|lib)/i.test(path)) look(path, depth + 1);
    }
  };
  look('', 0);
  return found;
}

interface Parts {
  readonly contents: Folder;
  readonly lastly: Folder;
}

class Walk {
  readonly foreign = new Set<string>();
  readonly #venv: string;
  readonly #recorded: RecordedFiles;
  readonly #platform: NodeJS.Platform;
  readonly #turn = takingTurns();

  constructor(venv: string, recorded: RecordedFiles, platform: NodeJS.Platform) {
    this.#venv = venv;
    this.#recorded = recorded;
    this.#platform = platform;
  }

  /**
   * @param relative '' for the venv itself. @param parts where the entries are added.
   * @param stranger the outermost folder around that nobody knows.
   */
  async folder(relative: string, { contents, lastly }: Parts, rule: Rule, stranger: string | undefined): Promise<void> {
    for (const entry of entriesToDelete(join(this.#venv, relative))) {
      const { name } = entry;
      const path = relative === '' ? name : `${relative}/${name}`;
      const isRecord = path === 'pyvenv.cfg' || (isMetadata(name) && isLibrary(relative));
      if (entry.isDirectory()) {
        const identity = this.#identityOf(path);
        if (!identity) continue;
        const inner = { contents: emptyFolder(identity), lastly: emptyFolder(identity) };
        const innerRule = this.#ruleFor(path, name, rule);
        await this.folder(path, inner, innerRule, innerRule === 'each' ? this.#strangerAt(path, stranger) : stranger);
        if (isRecord) lastly.folders.set(name, inner.contents);
        else contents.folders.set(name, inner.contents);
        if (!isRecord && inner.lastly.folders.size + inner.lastly.files.length > 0)
          lastly.folders.set(name, inner.lastly);
      } else {
        (isRecord ? lastly : contents).files.push(name);
        if (!entry.isSymbolicLink() && !this.#isExplained(path, name, rule)) this.foreign.add(stranger ?? path);
      }
      if (stranger !== undefined && this.foreign.has(stranger)) return;
      const due = this.#turn();
      if (due) await due;
    }
  }

  #identityOf(path: string): FolderIdentity | undefined {
    try {
      return folderIdentity(join(this.#venv, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #ruleFor(path: string, name: string, around: Rule): Rule {
    if (around !== 'each') return around;
    if (isToolFolder(path) || this.#recorded.wholes.has(pathKey(path, this.#platform))) return 'anything';
    return name === '__pycache__' ? 'bytecode' : 'each';
  }

  #strangerAt(path: string, around: string | undefined): string | undefined {
    const isKnown = isStructural(path) || this.#recorded.folders.has(pathKey(path, this.#platform));
    return around ?? (isKnown ? undefined : path);
  }

  #isExplained(path: string, name: string, rule: Rule): boolean {
    if (rule === 'anything') return true;
    const key = pathKey(path, this.#platform);
    if (this.#recorded.files.has(key) || this.#recorded.wholes.has(key)) return true;
    return isToolFile(path, name, rule === 'bytecode') || isToolText(path, join(this.#venv, path));
  }
}

const isMetadata = (name: string): boolean => /\.(dist-info|egg-info)$/i.test(name);
