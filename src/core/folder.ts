import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import { homeFolder } from './files/homeFolder';
import type { Environment } from './environment';
import { EnvironmentWrites } from './environmentWrites';
import type { Finder } from './interpreters/finder';
import { environmentOf } from './interpreters/interpreter';
import type { Uv } from './interpreters/uv';
import type { FailedRun } from './hints/runHint';
import type { InstalledMetadata } from './packages/installedMetadata';
import type { InstallRequest } from './packages/installRequest';
import { countPackages, listPackages } from './packages/list';
import type { CallControl } from './packages/installerSupervisor';
import { lazily } from './lazily';
import type { PipManager } from './packages/PipManager';
import { absolutePath, relativeInside } from './paths';
import type { PythonRunner, RunOutcome, RunRequest } from './runner/PythonRunner';
import type { Program } from './runner/program';
import type { ScriptEnvironments } from './scripts/scriptEnvironments';
import type { Settings } from './settings';
import { VenvManager, type CreateRequest } from './venv/venvManager';

/** What happened to the environments of a folder; listeners need not ask again for what it carries. */
export interface EnvironmentChanged {
  readonly folder: PythonFolder;
  readonly reason: 'created' | 'deleted' | 'selected' | 'packages' | 'external';
  /** The active venv, as it is now; undefined where there is none that works. */
  readonly environment: Environment | undefined;
}

/** What all folders of a process share. */
export interface Machinery {
  readonly finder: Finder;
  readonly findUv: (signal?: AbortSignal) => Promise<Uv | undefined>;
  readonly metadata: InstalledMetadata;
}

export interface PythonFolderOptions extends Machinery {
  /** Absolute. */
  readonly root: string;
  /** Default: the last part of `root`. */
  readonly name?: string;
  /** The other folders that are open, which a delete must spare. */
  readonly otherRoots?: () => readonly string[];
  /** Read anew for each call, so that a change needs no restart. */
  readonly settings: () => Settings;
}

/** The Python that a call uses, as results name it. */
export interface EnvironmentInUse {
  readonly environment: Environment;
  /** The active venv relative to the folder, absolute outside, null for the base interpreter. */
  readonly venv: string | null;
  readonly notes: readonly string[];
  /** Whether it belongs to a script that names its dependencies: what is installed in the folder is not in it. */
  readonly ofScript?: true;
}

/** One workspace folder: its venvs, its packages, its runs, one queue for what changes them, one event. */
export class PythonFolder {
  readonly root: string;
  readonly name: string;
  readonly venvs: VenvManager;
  #runner: PythonRunner | undefined;
  // What is not needed to know which environment is active is loaded on first use.
  readonly #packages: () => Promise<PipManager>;
  readonly #scripts: () => Promise<ScriptEnvironments>;
  readonly #options: PythonFolderOptions;
  readonly #writes = new EnvironmentWrites();
  readonly #releases = new Set<(venv: string) => Promise<void>>();
  readonly #events = new EventEmitter<{ changed: [EnvironmentChanged] }>();

  constructor(options: PythonFolderOptions) {
    const { root, finder, findUv, metadata, settings } = options;
    this.#options = options;
    this.root = root;
    this.name = options.name ?? (basename(root) || root);
    this.venvs = new VenvManager({
      root,
      otherRoots: options.otherRoots ?? (() => []),
      finder,
      findUv,
      countPackages: async (environment) => await countPackages(metadata, environment),
      interpreterSetting: () => settings().interpreter,
      onChange: ({ reason, environment }) => {
        this.#emit(reason, environment);
      },
      release: async (venv) => {
        await this.#runner?.release();
        for (const release of this.#releases) await release(venv);
      },
    });
    const installers = { root, metadata, findUv, installerSetting: () => settings().installer };
    const newPipManager = async (onChange?: (environment: Environment) => void) =>
      new (await import('./packages/PipManager')).PipManager({ ...installers, ...(onChange ? { onChange } : {}) });
    this.#packages = lazily(
      async () =>
        await newPipManager((environment) => {
          this.#emit('packages', environment);
        }),
    );
    this.#scripts = lazily(async () => {
      const { ScriptEnvironments: Environments } = await import('./scripts/scriptEnvironments');
      return new Environments({ finder, findUv, packages: await newPipManager() });
    });
  }

  get settings(): Settings {
    return this.#options.settings();
  }

  /** Calls `listener` for each change. @returns what ends that. */
  onDidChange(listener: (event: EnvironmentChanged) => void): { dispose: () => void } {
    this.#events.on('changed', listener);
    return { dispose: () => this.#events.off('changed', listener) };
  }

  /**
   * Calls `release` before a venv is deleted, by its real path, and waits for what it returns: what runs in the venv is to
   * end first, since Windows deletes nothing that is in use. A `changed` event follows, whatever became of it.
   * @returns what ends that.
   */
  onWillDelete(release: (venv: string) => Promise<void>): { dispose: () => void } {
    this.#releases.add(release);
    return { dispose: () => void this.#releases.delete(release) };
  }

  /** Says that something outside of this process changed an environment, as a watcher saw it. */
  async noticeExternalChange(): Promise<void> {
    const active = await this.venvs.active().catch(() => undefined); // A selected venv that broke: none works.
    this.#emit('external', active?.environment);
  }

  dispose(): void {
    this.#runner?.dispose();
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

  /**
   * @returns what a program runs in: the environment of its own that a file's inline script metadata (PEP 723) asks for,
   * made on first use, else what `environmentToRun` returns. @throws ToolError
   */
  async environmentFor(program: Program, control: CallControl = {}): Promise<EnvironmentInUse> {
    const script = program.kind === 'file' ? await this.#environmentForScript(program.path, control) : undefined;
    if (script?.environment) {
      const { environment, notes } = script;
      return { environment, venv: environment.path, notes, ofScript: true };
    }
    const inUse = await this.environmentToRun(control.signal);
    return { ...inUse, notes: [...inUse.notes, ...(script?.notes ?? [])] };
  }

  /** Runs a program. @returns how it ended; no process outlives the call. @throws ToolError where it cannot start. */
  async run(environment: Environment, request: RunRequest): Promise<RunOutcome> {
    const { PythonRunner } = await import('./runner/PythonRunner');
    this.#runner ??= new PythonRunner(this.root, () => this.settings);
    return await this.#runner.run(environment, request);
  }

  async #environmentForScript(path: string, control: CallControl) {
    const { environmentForScript } = await import('./scripts/environmentForScript');
    const sources = {
      root: this.root,
      finder: this.#options.finder,
      environments: await this.#scripts(),
      writes: this.#writes,
      interpreterSetting: this.settings.interpreter,
    };
    return await environmentForScript(sources, path, control);
  }

  /** @returns the absolute path of a file that a call names. @throws ToolError file_not_found, invalid_input. */
  async existingFile(path: string): Promise<string> {
    return await (await import('./namedPaths')).existingFile(this.root, path);
  }

  /** @returns the absolute path of a directory that a call names. @throws ToolError file_not_found, invalid_input. */
  async existingDirectory(path: string): Promise<string> {
    return await (await import('./namedPaths')).existingDirectory(this.root, path);
  }

  /** @returns the next step after a run that failed, where one is known. */
  async runHint(run: FailedRun): Promise<string | undefined> {
    const { runHint } = await import('./hints/runHint');
    return await runHint(
      { root: this.root, maxTimeout: this.settings.maxTimeout, venvs: this.venvs, metadata: this.#options.metadata },
      run,
    );
  }

  /** @returns what `venvs.info` says of the active venv, and what else a caller needs to know at the start. @throws ToolError */
  async overview(signal?: AbortSignal) {
    const { finder, metadata } = this.#options;
    const { folderOverview } = await import('./overview');
    const [info, { notes = [], ...overview }] = await Promise.all([
      this.venvs.info(undefined, signal),
      folderOverview(
        { root: this.root, finder, venvs: this.venvs, metadata, interpreterSetting: this.settings.interpreter },
        signal,
      ),
    ]);
    return withNotes({ ...info, ...overview }, notes);
  }

  /** Creates a venv and makes it active. @returns the contract's fields. @throws ToolError */
  async createVenv(request: CreateRequest) {
    const named = request.path ?? '.venv';
    const path = absolutePath(this.root, named, homeFolder());
    return await this.#writes.run(path, named, request, async () => await this.venvs.create(request));
  }

  /** Deletes a venv of this folder. @returns the contract's fields. @throws ToolError */
  async deleteVenv(named: string, control: CallControl = {}) {
    const path = absolutePath(this.root, named, homeFolder());
    try {
      return await this.#writes.run(path, named, control, async () => await this.venvs.delete(named));
    } catch (error) {
      await this.noticeExternalChange(); // What was ended for it may start again.
      throw error;
    }
  }

  /** @returns what `pip list` reports, by default of the active venv, else of the base interpreter. @throws ToolError */
  async listPackages(signal?: AbortSignal, venv?: string) {
    return await this.#read(signal, venv, async (environment) => {
      const packages = await listPackages(this.#options.metadata, environment);
      return { packages, count: packages.length };
    });
  }

  /** @returns what `pip freeze` prints. @throws ToolError */
  async freezePackages(signal?: AbortSignal) {
    const { freeze } = await import('./packages/freeze');
    return await this.#read(
      signal,
      undefined,
      async (environment) => await freeze(this.#options.metadata, environment),
    );
  }

  /** @returns what `pip show` prints of each name. @throws ToolError */
  async showPackages(names: readonly string[], signal?: AbortSignal, venv?: string) {
    const { showPackages } = await import('./packages/show');
    return await this.#read(signal, venv, async (environment) => ({
      packages: await showPackages(this.#options.metadata, environment, names),
    }));
  }

  /** Installs into the active venv, which it creates first where there is none. @throws ToolError */
  async installPackages(request: InstallRequest & CallControl & { readonly dryRun?: boolean }) {
    // First, so that no venv is made for a request that cannot succeed.
    await (await this.#packages()).check(request);
    if (request.dryRun === true) {
      const active = await this.venvs.active();
      if (!active.environment && !active.broken && this.settings.autoCreateVenv)
        return await this.#planWithoutVenv(request);
    }
    return await this.#change(request, this.settings.autoCreateVenv, async (packages, environment) =>
      packages.install(environment, request),
    );
  }

  /** Uninstalls from the active venv. @throws ToolError */
  async uninstallPackages(request: { readonly packages: readonly string[] } & CallControl) {
    return await this.#change(request, false, async (packages, environment) =>
      packages.uninstall(environment, request),
    );
  }

  /** A plan changes nothing, so it makes no `.venv` either. */
  async #planWithoutVenv(request: InstallRequest & CallControl & { readonly dryRun?: boolean }) {
    const { finder, findUv } = this.#options;
    const options = {
      finder,
      findUv,
      interpreter: this.settings.interpreter,
      folder: this.root,
      signal: request.signal,
    };
    const { inTemporaryVenv } = await import('./venv/temporaryVenv');
    return await inTemporaryVenv(options, async (environment) => {
      const { notes, ...fields } = await (await this.#packages()).install(environment, request);
      const first = `there is no venv yet: install would create .venv with Python ${environment.version} first`;
      return withNotes({ ...fields, venv: null }, [first, ...notes]);
    });
  }

  async #read<Fields extends object>(
    signal: AbortSignal | undefined,
    named: string | undefined,
    read: (environment: Environment) => Promise<Fields>,
  ) {
    const { environment, venv, notes } =
      named === undefined ? await this.environmentToRun(signal) : await this.#environmentAt(named);
    return withNotes({ ...(await read(environment)), venv }, notes);
  }

  async #environmentAt(named: string): Promise<EnvironmentInUse> {
    const environment = await this.venvs.environmentAt(named);
    return { environment, venv: relativeInside(this.root, environment.path), notes: [] };
  }

  async #change<Result extends { readonly notes: readonly string[] }>(
    control: CallControl,
    autoCreate: boolean,
    work: (packages: PipManager, environment: Environment) => Promise<Result>,
  ) {
    const { changeActive } = await import('./changeActive');
    const parts = { root: this.root, venvs: this.venvs, writes: this.#writes };
    return await changeActive(parts, control, autoCreate, async ({ environment, venv, notes }) => {
      const { notes: more, ...fields } = await work(await this.#packages(), environment);
      return withNotes({ ...fields, venv }, [...notes, ...more]);
    });
  }

  #emit(reason: EnvironmentChanged['reason'], environment: Environment | undefined): void {
    this.#events.emit('changed', { folder: this, reason, environment });
  }
}

/** `notes` is there only where there is something to say. */
function withNotes<Fields extends object>(fields: Fields, notes: readonly string[]): Fields & { notes?: string[] } {
  return notes.length > 0 ? { ...fields, notes: [...notes] } : fields;
}
