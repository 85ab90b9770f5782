import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Environment } from '../environment';
import { environmentErrors } from '../failures/environmentErrors';
import { processErrors } from '../failures/processErrors';
import type { Finder } from '../interpreters/finder';
import type { Interpreter } from '../interpreters/interpreter';
import { mayStartUnasked } from '../interpreters/mayStartUnasked';
import type { Uv } from '../interpreters/uv';
import { inTrueCase, isSameName, isSamePlace, realPath } from '../pathIdentity';
import { absolutePath, asOpened, relativeInside, resolveInside } from '../paths';
import type { Machine } from '../files/storage';
import { lastingState } from '../files/ownFolder';
import { thisMachine } from '../files/storage';
import { asToolError } from '../files/systemErrors';
import type { FoundActive } from './activeVenv';
import { findActive } from './activeVenv';
import { createdAt, venvsIn } from './detectVenvs';
import { folderSize } from './folderSize';
import { freePath } from './freePath';
import type { Venv } from './readVenv';
import { basePythonOf, readVenv } from './readVenv';
import { Selection } from './selection';
import type { CreatedVenv, DeletedVenv, ExistingVenv, ListedVenv, VenvInfo, VenvList } from './venvResults';

/** How long a create may take. */
const createLimitMs = 120_000;

export interface VenvManagerOptions {
  /** The workspace folder, absolute. */
  readonly root: string;
  readonly finder: Finder;
  /** @returns the number of distributions that `python.pip list` reports. */
  readonly countPackages: (environment: Environment) => Promise<number>;
  readonly findUv: (signal?: AbortSignal) => Promise<Uv | undefined>;
  /** @returns the interpreter for new venvs that the user has set. */
  readonly interpreterSetting: () => string;
  /** @returns other open folders, which a delete must spare. */
  readonly otherRoots?: () => readonly string[];
  readonly onChange?: (change: VenvChange) => void;
  /** Ends what this process runs in a venv that is about to be deleted, a real path. @returns once that has ended. */
  readonly release?: (venv: string) => Promise<void>;
  readonly machine?: Machine;
  /** Where the selection is remembered. */
  readonly stateFolder?: string;
  /** Where pip is kept unpacked. */
  readonly cacheFolder?: string;
  readonly createLimitMs?: number;
}

/** The venvs of a folder are others than before. */
export interface VenvChange {
  readonly reason: 'created' | 'deleted' | 'selected';
  /** The one that is active now. */
  readonly environment: Environment | undefined;
}

/** What code of the folder runs in. */
export interface ActiveVenv {
  /** Undefined where the folder has no venv that works. */
  readonly environment: Environment | undefined;
  /** As results name it: relative inside the folder, absolute outside, null for none. */
  readonly relative: string | null;
  readonly notes: readonly string[];
  /** Where there is none that works: the first that does not. */
  readonly broken: { readonly path: string; readonly reason: string } | undefined;
}

export interface CreateRequest {
  readonly path?: string | undefined;
  /** A command, version or path. Default: the user's setting. */
  readonly python?: string | undefined;
  readonly systemSitePackages?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/**
 * The virtual environments (PEP 405) of one folder. All but `create` read files only. Not a queue: whoever calls it
 * lets one `create` or `delete` run at a time.
 */
export class VenvManager {
  readonly #options: VenvManagerOptions;
  readonly #root: string;
  readonly #machine: Machine;
  readonly #selection: Selection;

  constructor(options: VenvManagerOptions) {
    this.#options = options;
    this.#root = options.root;
    this.#machine = options.machine ?? thisMachine();
    this.#selection = new Selection(options.root, options.stateFolder ?? lastingState(this.#machine));
  }

  /** @returns the venv that code of the folder runs in. @throws venv_broken where the selected one broke. */
  async active(): Promise<ActiveVenv> {
    const { venv, notes, broken } = await this.#findActive();
    if (venv?.broken !== undefined) throw environmentErrors.venvBroken(this.#name(venv), venv.broken);
    return {
      environment: venv && (await this.#environmentOf(venv)),
      relative: venv ? this.#name(venv) : null,
      notes,
      broken: broken && { path: this.#name(broken), reason: broken.broken ?? '' },
    };
  }

  /** @returns where the venv is that a change is for, absolute: the active one, a broken one, else where it would be made. */
  async placeToChange(): Promise<string> {
    const { venv, broken } = await this.#findActive();
    return (venv ?? broken)?.path ?? join(this.#root, '.venv');
  }

  /** @returns the venvs among the folder's children, and the selected one where it is elsewhere. */
  async list(): Promise<VenvList> {
    const venvs = await this.#all();
    const { venv: active, notes } = await this.#findActive(venvs);
    if (active && !venvs.some((venv) => isSame(venv, active))) venvs.push(active);
    const works = active?.broken === undefined ? active : undefined;
    const listed = await Promise.all(venvs.map(async (venv) => await this.#entryOf(venv, works)));
    return { venvs: listed, count: listed.length, active: works ? this.#name(works) : null, ...noted(notes) };
  }

  /** @returns what there is to know of a venv; by default of the active one, else of `.venv`. @throws invalid_input. */
  async info(path?: string, signal?: AbortSignal): Promise<VenvInfo> {
    const { venv: active } = await this.#findActive();
    const absolute = path === undefined && active ? active.path : await this.#absolute(path ?? '.venv');
    const venv = readVenv(absolute, this.#machine);
    return venv ? await this.#infoOf(venv, active, signal) : { exists: false, path: absolute };
  }

  /**
   * Makes a venv with pip inside and selects it.
   * @throws venv_exists, refused, outside_workspace, interpreter_not_found, timeout, cancelled, no_space and others;
   * nothing is left behind then.
   */
  async create(request: CreateRequest = {}): Promise<CreatedVenv> {
    const started = performance.now();
    const named = request.path ?? '.venv';
    const path = await freePath(this.#root, named, this.#machine.home);
    const limitMs = this.#options.createLimitMs ?? createLimitMs;
    const limit = AbortSignal.timeout(limitMs);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    try {
      const { interpreter: base, note } = await this.#baseFor(request, signal);
      const { finder, findUv } = this.#options;
      const { createVenv } = await import('./createVenv');
      const created_with = await createVenv({
        path,
        named,
        base,
        systemSitePackages: request.systemSitePackages ?? false,
        uv: await findUv(signal),
        finder,
        machine: this.#machine,
        cacheFolder: this.#options.cacheFolder,
        signal,
        onProgress: request.onProgress ?? (() => undefined),
      });
      const info = await this.#activate(path, 'created', note === undefined ? [] : [note]);
      return { ...info, created_with, duration_ms: Math.round(performance.now() - started) };
    } catch (error) {
      const what = `Creating "${named}"`;
      if (request.signal?.aborted) throw processErrors.cancelled(what, 'Nothing of it is left behind.');
      if (limit.aborted) throw processErrors.timedOut(what, limitMs, 'Nothing of it is left behind.');
      throw asToolError(error, named, `creating "${named}"`);
    }
  }

  /**
   * Removes a venv inside the folder, a broken one too. Where it was selected, the selection is forgotten.
   * @throws venv_not_found, not_a_venv, refused, outside_workspace, invalid_input, permission_denied.
   */
  async delete(named: string): Promise<DeletedVenv> {
    const { checkDeletable, deleteVenv } = await import('./deleteVenv');
    const { path, real } = await resolveInside(this.#root, named, this.#machine.home);
    const roots = [this.#root, ...(this.#options.otherRoots?.() ?? [])];
    const protectedFolders = await Promise.all(roots.map(async (root) => await realPath(root).catch(() => root)));
    if (!(await checkDeletable(real, named, protectedFolders)))
      throw environmentErrors.venvNotFound(named, await this.#names());
    const selected = await this.#selection.read();
    const wasSelected = selected !== undefined && isSamePlace(selected, real);
    await this.#options.release?.(real);
    // By one Python, Windows is asked what uses the venv. Not by the venv's base: a project may name any program as that.
    if (process.platform === 'win32')
      await this.#baseFor({}, AbortSignal.timeout(createLimitMs)).catch(() => undefined);
    const notes = await deleteVenv({ path: real, named });
    if (wasSelected) await this.#selection.forget();
    const { venv } = await this.#findActive();
    await this.#report('deleted', venv?.broken === undefined ? venv : undefined);
    return { success: true, path, deleted: true, ...noted(notes) };
  }

  /** Makes an existing venv the active one. @throws venv_not_found, not_a_venv, venv_broken, invalid_input. */
  async select(named: string): Promise<ExistingVenv> {
    return await this.#activate((await this.#working(named)).path, 'selected', []);
  }

  /** @returns the absolute path of the venv that was selected or created last; undefined where the active one was found. */
  async selected(): Promise<string | undefined> {
    return await this.#selection.read();
  }

  /** @returns a venv to look into, whichever is active. @throws venv_not_found, not_a_venv, venv_broken, invalid_input. */
  async environmentAt(named: string): Promise<Environment> {
    return await this.#environmentOf(await this.#working(named));
  }

  /** @returns the venvs among the folder's children that work, each as calls name it. */
  async environments(): Promise<{ readonly name: string; readonly environment: Environment }[]> {
    const working = (await this.#all()).filter(({ broken }) => broken === undefined);
    return await Promise.all(
      working.map(async (venv) => ({ name: this.#name(venv), environment: await this.#environmentOf(venv) })),
    );
  }

  async #working(named: string): Promise<Venv> {
    const path = await this.#absolute(named);
    const venv = readVenv(path, this.#machine);
    if (!venv && (await stat(path).catch(() => undefined))) throw environmentErrors.notAVenv(named);
    if (!venv) throw environmentErrors.venvNotFound(named, await this.#names());
    if (venv.broken !== undefined) throw environmentErrors.venvBroken(named, venv.broken);
    return venv;
  }

  async #baseFor({ python }: CreateRequest, signal: AbortSignal): Promise<{ interpreter: Interpreter; note?: string }> {
    const { finder, interpreterSetting } = this.#options;
    const options = { folder: this.#root, signal };
    return python === undefined
      ? await finder.findDefault(interpreterSetting(), options)
      : { interpreter: await finder.find(python, options) };
  }

  async #activate(path: string, reason: VenvChange['reason'], notes: readonly string[]): Promise<ExistingVenv> {
    const venv = readVenv(path, this.#machine);
    if (!venv) throw environmentErrors.venvNotFound(this.#name({ path }));
    const remembered = await this.#selection.write(path);
    await this.#report(reason, venv);
    const forgetful = 'The choice could not be saved, so it lasts until the server ends.';
    return { ...(await this.#infoOf(venv, venv)), ...noted(remembered ? notes : [...notes, forgetful]) };
  }

  async #report(reason: VenvChange['reason'], venv: Venv | undefined): Promise<void> {
    this.#options.onChange?.({ reason, environment: venv && (await this.#environmentOf(venv)) });
  }

  async #findActive(venvs?: readonly Venv[]): Promise<FoundActive> {
    return await findActive(this.#root, this.#selection, this.#machine, venvs);
  }

  async #all(): Promise<Venv[]> {
    const venvs: Venv[] = [];
    for await (const venv of venvsIn(this.#root, this.#machine)) venvs.push(venv);
    return venvs;
  }

  async #names(): Promise<string[]> {
    return (await this.#all()).map((venv) => this.#name(venv));
  }

  #name({ path }: { readonly path: string }): string {
    return relativeInside(this.#root, path);
  }

  /** @returns the path as results show it, under the root's name as it was opened also where it was named otherwise. */
  async #absolute(path: string): Promise<string> {
    const written = absolutePath(this.#root, path, this.#machine.home);
    return await inTrueCase(this.#root, await asOpened(this.#root, written));
  }

  async #environmentOf(venv: Venv): Promise<Environment> {
    const { path, python, scripts, libraries: own, config, version = '', mayBeBase } = venv;
    const base = config.systemSitePackages ? this.#baseToStart(venv) : undefined;
    const inherited = base === undefined ? [] : ((await this.#options.finder.identify(base))?.libraries.own ?? []);
    const libraries = { own, inherited };
    const environment = { path, python, version, isVenv: true, ...(mayBeBase && { mayBeBase }), scripts, libraries };
    const under = process.platform === 'win32' ? this.#baseToStart(venv) : undefined;
    return under === undefined ? environment : { ...environment, base: under };
  }

  /** A project may name any program as the base of its venv. */
  #baseToStart(venv: Venv): string | undefined {
    const base = basePythonOf(venv);
    return base !== undefined && mayStartUnasked(base, this.#root) ? base : undefined;
  }

  async #entryOf(venv: Venv, active: Venv | undefined): Promise<ListedVenv> {
    return {
      path: venv.path,
      python_version: venv.version ?? null,
      packages_count: await this.#options.countPackages(await this.#environmentOf(venv)),
      active: active !== undefined && isSame(venv, active),
      ...(venv.broken !== undefined && { broken: venv.broken }),
    };
  }

  async #infoOf(venv: Venv, active: Venv | undefined, signal?: AbortSignal): Promise<ExistingVenv> {
    return {
      exists: true,
      ...(await this.#entryOf(venv, active?.broken === undefined ? active : undefined)),
      size_mb: Number(((await folderSize(venv.path, signal)) / 2 ** 20).toFixed(1)),
      created: await createdAt(venv),
      prompt: venv.config.prompt ?? basename(venv.path),
      base_python: basePythonOf(venv) ?? null,
      system_site_packages: venv.config.systemSitePackages,
    };
  }
}

const isSame = (a: Venv, b: Venv): boolean => isSameName(a.path, b.path);

const noted = (notes: readonly string[]): { notes?: readonly string[] } => (notes.length > 0 ? { notes } : {});
