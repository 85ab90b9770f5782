import { dirname } from 'node:path';
import type { PythonFolder } from '../../core/folder';
import type { FoundServer } from '../../core/languageServers/findServers';
import {
  ServerSlot,
  type RunningServer,
  type ServerPlan,
  type ServerState,
  type SlotChange,
} from '../../core/languageServers/serverSlot';
import { realPath } from '../../core/pathIdentity';
import { isInside } from '../../core/paths';
import { planFor, type FolderPlan, type Role } from './folderPlan';

export interface FolderServersOptions {
  readonly folder: PythonFolder;
  readonly start: (server: FoundServer, plan: ServerPlan, signal: AbortSignal) => Promise<RunningServer>;
  readonly onInfo: (message: string) => void;
  readonly onProblem: (message: string) => void;
  readonly onStatus: () => void;
}

/** What there is to tell of a folder's servers. */
export interface FolderStatus {
  readonly folder: PythonFolder;
  readonly states: Readonly<Record<Role, ServerState>>;
  /** Undefined until it was looked for servers. */
  readonly plan: FolderPlan | undefined;
}

/** The servers of one folder: one that knows the language, one that lints beside it. */
export class FolderServers {
  readonly #options: FolderServersOptions;
  readonly #slots: readonly ServerSlot[];
  readonly #releasing: { dispose: () => void };
  readonly #states: Record<Role, ServerState> = { language: { kind: 'none' }, lint: { kind: 'none' } };
  #plan: FolderPlan | undefined;
  #inner: string | undefined;
  #told: string | undefined;

  constructor(options: FolderServersOptions) {
    this.#options = options;
    this.#slots = [this.#slot('language'), this.#slot('lint')];
    this.#releasing = options.folder.onWillDelete(async (venv) => {
      await Promise.all(this.#slots.map((slot) => slot.release(async (...used) => await usesVenv(venv, ...used))));
    });
  }

  get status(): FolderStatus {
    return { folder: this.#options.folder, states: this.#states, plan: this.#plan };
  }

  change(what: SlotChange): void {
    for (const slot of this.#slots) slot.change(what);
  }

  /** Starts anew where other folders inside this one are open than before: their files are no longer this one's. */
  followInner(roots: readonly string[]): void {
    const inner = JSON.stringify(roots);
    if ((this.#inner ?? '[]') !== inner) this.change('restart');
    this.#inner = inner;
  }

  async dispose(): Promise<void> {
    this.#releasing.dispose();
    await Promise.all(this.#slots.map((slot) => slot.dispose()));
  }

  /** Says, once, why there is nothing to see of servers. */
  #tell({ noSearch, servers }: FolderPlan): void {
    const told =
      noSearch?.because === 'other'
        ? `${noSearch.extension} serves Python here, so no language server is started`
        : noSearch
          ? 'no language server is wanted'
          : servers.length === 0
            ? 'no language server was found'
            : undefined;
    if (told !== undefined && told !== this.#told) this.#options.onInfo(told);
    this.#told = told;
  }

  #slot(role: Role): ServerSlot {
    const { folder, start, onProblem, onStatus } = this.#options;
    return new ServerSlot({
      plan: async () => {
        const plan = await planFor(folder, role);
        if (role === 'language') this.#tell((this.#plan = plan));
        return plan;
      },
      start,
      onProblem,
      onState: (state) => {
        this.#states[role] = state;
        onStatus();
      },
    });
  }
}

/** Whether a server lies in a venv, given by its real path, or asks its Python, which it may have started. */
async function usesVenv(venv: string, { path }: FoundServer, { python }: ServerPlan): Promise<boolean> {
  for (const used of [path, python?.python]) {
    // The folders alone: a venv's python is a link that leads out of it.
    const folder = used === undefined ? undefined : await realPath(dirname(used)).catch(() => undefined);
    if (folder !== undefined && isInside(venv, folder)) return true;
  }
  return false;
}
