import { setTimeout as delay } from 'node:timers/promises';
import { Disposable, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import type { Environment } from '../core/environment';
import type { EnvironmentChanged, PythonFolder } from '../core/folder';
import { currentFolder } from './folders';
import type { Parts } from './parts';
import { readFolder } from './pythonProject';
import { statusTooltip } from './statusTooltip';
import { readStatus, statusText, type Status } from './status';

/** Just right of the language of the editor, whose priority is 100.1. */
const priority = 100.09999;
/** The size of a venv takes reading all of its folders: not while more is going to happen. */
const detailsDelayMs = 500;

/** Shows the active venv of the folder that the user is in; a click opens the picker. */
export function showStatus(parts: Parts): Disposable {
  return new StatusBar(parts);
}

class StatusBar extends Disposable {
  readonly #parts: Parts;
  readonly #item = window.createStatusBarItem('environment', StatusBarAlignment.Right, priority);
  readonly #listening: Disposable;
  #folder: PythonFolder | undefined;
  #status: Status = { kind: 'none' };
  /** Whether the folder has to do with Python. */
  #isPython = false;
  /** Ends what is being read for a state that is no longer shown. */
  #reading = new AbortController();

  constructor(parts: Parts) {
    super(() => {
      this.#reading.abort();
      this.#listening.dispose();
      this.#item.dispose();
    });
    this.#parts = parts;
    this.#item.name = 'Python Environment';
    this.#item.command = 'pythonTools.selectEnvironment';
    const follow = (): void => {
      this.#follow();
    };
    this.#listening = Disposable.from(
      parts.onDidChangeFolders(follow),
      window.onDidChangeActiveTextEditor(follow),
      workspace.onDidGrantWorkspaceTrust(() => void this.#refresh()),
      parts.onDidChangeEnvironment((event) => {
        if (event.folder === this.#folder) void this.#refresh(event);
      }),
      parts.busy.onDidChange((root) => {
        if (root === this.#folder?.root) this.#render();
      }),
      parts.theirs.onDidChange((root) => {
        if (root === this.#folder?.root) this.#render();
      }),
    );
    follow();
  }

  /** Goes to the folder of the active editor; where that has none, the folder shown before stays. */
  #follow(): void {
    const { workspace: open } = this.#parts;
    const before = this.#folder && open.folders.includes(this.#folder) ? this.#folder : open.folders[0];
    const folder = currentFolder(open) ?? before;
    // A Python file shows the item also where there is no venv.
    if (folder === this.#folder && this.#status.kind !== 'none') return;
    this.#folder = folder;
    void this.#refresh();
  }

  async #refresh(event?: EnvironmentChanged): Promise<void> {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    const folder = this.#folder;
    if (!folder) {
      this.#item.hide();
      return;
    }
    const known: Environment | undefined = event?.environment;
    const status = workspace.isTrusted ? await readStatus(folder, known) : { kind: 'untrusted' as const };
    const isPython = status.kind === 'venv' || status.kind === 'broken' || this.#lookForPython(folder);
    if (signal.aborted) return;
    this.#status = status;
    this.#isPython = isPython;
    this.#render();
    if (status.kind === 'venv' || status.kind === 'broken') await this.#addDetails(folder, status.path, signal);
  }

  #lookForPython(folder: PythonFolder): boolean {
    if (window.activeTextEditor?.document.languageId === 'python') return true;
    return readFolder(folder.root).projectFiles.length > 0;
  }

  #render(): void {
    const folder = this.#folder;
    if (!folder) return;
    const busy = this.#parts.busy.of(folder.root);
    const theirs = this.#parts.theirs.of(folder.root);
    const agrees = this.#status.kind === 'venv' && this.#status.path === theirs?.venv;
    const { text, label, warns } = statusText(this.#status, busy);
    this.#item.text = text;
    this.#item.accessibilityInformation = { label };
    this.#item.backgroundColor = warns ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.tooltip = statusTooltip(this.#status, {
      where: this.#where(folder),
      busy,
      follows: agrees && theirs.isFollowed,
    });
    // Two items that say the same are one too many; what only this one says is shown.
    if (this.#isPython && !(agrees && theirs.isShown && busy === undefined)) this.#item.show();
    else this.#item.hide();
  }

  /** What takes a while comes into the tooltip when it is known. */
  async #addDetails(folder: PythonFolder, path: string, signal: AbortSignal): Promise<void> {
    try {
      await delay(detailsDelayMs, undefined, { signal });
      const info = await folder.venvs.info(path, signal);
      signal.throwIfAborted();
      if (!info.exists || !('path' in this.#status)) return;
      this.#status = { ...this.#status, info };
      this.#render();
    } catch {
      // Another state is shown meanwhile, or the venv is going: the next change tells.
    }
  }

  #where(folder: PythonFolder): string | undefined {
    return this.#parts.workspace.folders.length > 1 ? folder.name : undefined;
  }
}
