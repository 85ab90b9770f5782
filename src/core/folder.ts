import { EventEmitter } from 'node:events';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { Environment } from './environment';
import { errors } from './errors';
import type { InterpreterFinder } from './interpreters/finder';
import { environmentOf } from './interpreters/interpreter';
import type { Uv } from './interpreters/uv';
import type { InstalledMetadata } from './packages/installedMetadata';
import { PipManager, type InstallRequest, type UninstallRequest } from './packages/PipManager';
import { absolutePath, nearestExisting, relativeInside } from './paths';
import { PythonRunner } from './runner/PythonRunner';
import type { Settings } from './settings';
import { VenvManager, type CreateRequest } from './venv/VenvManager';
import { WriteQueue } from './writeQueue';

/** What happened to the environments of a folder; listeners need not ask again for what it carries. */
export interface EnvironmentChanged {
  readonly folder: PythonFolder;
  readonly reason: 'created' | 'deleted' | 'selected' | 'packages' | 'external';
  /** The venv that it happened to, absolute; undefined where it is not known. */
  readonly path: string | undefined;
}

/** What all folders of a process share. */
export interface Machinery {
  readonly finder: InterpreterFinder;
  readonly findUv: (signal?: AbortSignal) => Promise<Uv | undefined>;
  readonly metadata: InstalledMetadata;
}

export interface PythonFolderOptions extends Machinery {
  /** Absolute. */
  readonly root: string;
  /** Default: the last part of `root`. */
  readonly name?: string;
  /** Read anew for each call, so that a change needs no restart. */
  readonly settings: () => Settings;
}

/** The Python that a call uses, as results name it. */
export interface EnvironmentInUse {
  readonly environment: Environment;
  /** The active venv relative to the folder, absolute outside, null for the base interpreter. */
  readonly venv: string | null;
  readonly notes: readonly string[];
}

/** One workspace folder: its venvs, its packages, its runs, one queue for what changes them, one event. */
export class PythonFolder {
  readonly root: string;
  readonly name: string;
  readonly venvs: VenvManager;
  readonly runner: PythonRunner;
  readonly #packages: PipManager;
  readonly #options: PythonFolderOptions;
  readonly #writes = new WriteQueue();
  readonly #events = new EventEmitter<{ changed: [EnvironmentChanged] }>();

  constructor(options: PythonFolderOptions) {
    const { root, finder, findUv, metadata, settings } = options;
    this.#options = options;
    this.root = root;
    this.name = options.name ?? (basename(root) || root);
    this.runner = new PythonRunner(root);
    this.venvs = new VenvManager({
      root,
      finder,
      findUv,
      countPackages: async (environment) => await metadata.count(environment),
      interpreterSetting: () => settings().interpreter,
      onChange: ({ reason, path }) => {
        this.#emit(reason, path);
      },
    });
    this.#packages = new PipManager({ root, metadata, findUv, installerSetting: () => settings().installer });
  }

  get settings(): Settings {
    return this.#options.settings();
  }

  /** Calls `listener` for each change. @returns what ends that. */
  onDidChange(listener: (event: EnvironmentChanged) => void): { dispose: () => void } {
    this.#events.on('changed', listener);
    return { dispose: () => this.#events.off('changed', listener) };
  }

  /** Says that something outside of this process changed an environment, as a watcher saw it. */
  noticeExternalChange(path?: string): void {
    this.#emit('external', path);
  }

  dispose(): void {
    this.#events.removeAllListeners();
  }

  /** @returns the active venv, else the base interpreter. @throws ToolError venv_broken, interpreter_not_found. */
  async environmentToRun(signal?: AbortSignal): Promise<EnvironmentInUse> {
    const { environment, relative: venv, notes } = await this.venvs.active();
    if (environment) return { environment, venv, notes };
    const found = await this.#options.finder.findDefault(this.settings.interpreter, { folder: this.root, signal });
    return {
      environment: environmentOf(found.interpreter),
      venv: null,
      notes: [...notes, ...(found.note === undefined ? [] : [found.note])],
    };
  }

  /** @returns the absolute path of a file that a call names. @throws ToolError file_not_found, invalid_input. */
  async existingFile(path: string): Promise<string> {
    const file = absolutePath(this.root, path, homedir());
    if ((await this.#existing(file, path)).isDirectory()) throw errors.notAFile(path);
    return file;
  }

  /** @returns the absolute path of a directory that a call names. @throws ToolError file_not_found, invalid_input. */
  async existingDirectory(path: string): Promise<string> {
    const directory = absolutePath(this.root, path, homedir());
    if (!(await this.#existing(directory, path)).isDirectory()) throw errors.notADirectory(path);
    return directory;
  }

  /** Creates a venv and makes it active. @returns the contract's fields. @throws ToolError */
  async createVenv(request: CreateRequest) {
    const path = absolutePath(this.root, request.path, homedir());
    return await this.#writes.run(path, request.signal, async () => await this.venvs.create(request));
  }

  /** Deletes a venv of this folder. @returns the contract's fields. @throws ToolError */
  async deleteVenv(path: string, signal?: AbortSignal) {
    const key = absolutePath(this.root, path, homedir());
    return await this.#writes.run(key, signal, async () => await this.venvs.delete(path));
  }

  async listPackages(signal?: AbortSignal) {
    const { environment, venv, notes } = await this.environmentToRun(signal);
    return withNotes({ ...(await this.#packages.list(environment)), venv }, notes);
  }

  async freezePackages(signal?: AbortSignal) {
    const { environment, venv, notes } = await this.environmentToRun(signal);
    return withNotes({ ...(await this.#packages.freeze(environment)), venv }, notes);
  }

  async showPackages(names: readonly string[], signal?: AbortSignal) {
    const { environment, venv, notes } = await this.environmentToRun(signal);
    return withNotes({ ...(await this.#packages.show(environment, names)), venv }, notes);
  }

  /** Installs into the active venv, which it creates first where there is none. @throws ToolError */
  async installPackages(request: InstallRequest) {
    await this.#packages.check(request);
    const { environment, venv, notes } = await this.#environmentToChange(request, this.settings.autoCreateVenv);
    return await this.#change(environment, request.signal, async () => {
      const { notes: more, ...fields } = await this.#packages.install(environment, request);
      return withNotes({ ...fields, venv }, [...notes, ...more]);
    });
  }

  /** Uninstalls from the active venv. @throws ToolError */
  async uninstallPackages(request: UninstallRequest) {
    const { environment, venv, notes } = await this.#environmentToChange(request, false);
    return await this.#change(environment, request.signal, async () => {
      const { notes: more, ...fields } = await this.#packages.uninstall(environment, request);
      return withNotes({ ...fields, venv }, [...notes, ...more]);
    });
  }

  /** @throws ToolError venv_broken, venv_not_found where none is there and none may be made. */
  async #environmentToChange(
    request: Pick<InstallRequest, 'signal' | 'onProgress'>,
    autoCreate: boolean,
  ): Promise<EnvironmentInUse> {
    const active = await this.venvs.active();
    if (active.environment) return { environment: active.environment, venv: active.relative, notes: active.notes };
    if (active.broken) throw errors.venvBroken(active.broken.path, active.broken.reason);
    if (!autoCreate) throw errors.noActiveVenv();
    return await this.#writes.run(join(this.root, '.venv'), request.signal, async () => {
      // Another call may have made it while this one waited.
      const made = (await this.venvs.active()).environment
        ? undefined
        : await this.venvs.create({ path: '.venv', ...request });
      const { environment, relative: venv, notes } = await this.venvs.active();
      if (!environment) throw errors.noActiveVenv();
      const created = made ? [`created ${venv} with Python ${environment.version}, since there was no venv`] : [];
      return { environment, venv, notes: [...created, ...(made?.notes ?? []), ...notes] };
    });
  }

  async #change<T>(environment: Environment, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#writes.run(environment.path, signal, work);
    } finally {
      // A failed install may have changed something too.
      this.#emit('packages', environment.path);
    }
  }

  async #existing(path: string, asWritten: string) {
    try {
      return await stat(path);
    } catch {
      const nearest = await nearestExisting(path);
      throw errors.fileNotFound(
        asWritten,
        nearest.map((found) => relativeInside(this.root, found)),
      );
    }
  }

  #emit(reason: EnvironmentChanged['reason'], path: string | undefined): void {
    this.#events.emit('changed', { folder: this, reason, path });
  }
}

/** `notes` is there only where there is something to say. */
function withNotes<Fields extends object>(fields: Fields, notes: readonly string[]): Fields & { notes?: string[] } {
  return notes.length > 0 ? { ...fields, notes: [...notes] } : fields;
}
