import { createHash, randomUUID } from 'node:crypto';
import { link, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Environment } from '../environment';
import { errors, isToolError } from '../errors';
import type { Finder } from '../interpreters/finder';
import type { Interpreter } from '../interpreters/interpreter';
import type { Uv } from '../interpreters/uv';
import type { CallControl } from '../packages/installerSupervisor';
import type { PipManager } from '../packages/PipManager';
import { privateFolder } from '../files/privateFolder';
import { readJson, thisMachine, type Machine } from '../files/storage';
import { asToolError, codeOf } from '../files/systemErrors';
import { createVenv } from '../venv/createVenv';
import { readVenv } from '../venv/readVenv';
import { pruneScriptEnvironments } from './pruneScriptEnvironments';

/** How long the venv may take, before anything is installed into it. */
const createLimitMs = 120_000;

export interface ScriptEnvironmentsOptions {
  readonly finder: Finder;
  readonly findUv: (signal?: AbortSignal) => Promise<Uv | undefined>;
  readonly packages: Pick<PipManager, 'install'>;
  readonly machine?: Machine;
  /** Where the environments are kept, absolute. Default: this user's own folder for them. */
  readonly folder?: string;
}

/** What decides which environment a script gets. */
export interface WantedEnvironment {
  /** The script, as errors name it. */
  readonly name: string;
  readonly interpreter: Interpreter;
  readonly dependencies: readonly string[];
}

/**
 * Environments for scripts that name their dependencies, kept outside of every project. A venv cannot be moved, so each
 * is made at a place of its own, and counts once a small file called after what it is for names it: that file appears
 * whole or not at all, and of two processes that make the same environment, one wins.
 */
export class ScriptEnvironments {
  readonly #options: ScriptEnvironmentsOptions;
  readonly #machine: Machine;

  constructor(options: ScriptEnvironmentsOptions) {
    this.#options = options;
    this.#machine = options.machine ?? thisMachine();
  }

  get #folder(): string {
    return this.#options.folder ?? privateFolder('scripts');
  }

  /** @returns where an environment of these is noted: one call at a time should make it. */
  keyOf({ interpreter, dependencies }: WantedEnvironment): string {
    const parts = [interpreter.executable, interpreter.version, ...new Set([...dependencies].sort())];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
    return join(this.#folder, `${hash}.json`);
  }

  /** @returns the environment of an earlier call; undefined where there is none that works. */
  async find(wanted: WantedEnvironment): Promise<Environment | undefined> {
    const note = this.keyOf(wanted);
    const noted = await readJson(note);
    if (typeof noted !== 'string') return undefined;
    const environment = this.#environmentAt(join(this.#folder, basename(noted)));
    if (!environment) {
      await rm(note, { force: true });
      return undefined;
    }
    // The time of its last use, by which it is kept.
    await utimes(note, new Date(), new Date()).catch(() => undefined);
    return environment;
  }

  /**
   * Makes the environment; where that fails or is cancelled, nothing of it stays.
   * @throws ToolError of the kinds of a create and an install; timeout and cancelled.
   */
  async make(wanted: WantedEnvironment, control: CallControl): Promise<Environment> {
    const note = this.keyOf(wanted);
    const path = `${note.slice(0, -'.json'.length)}-${randomUUID().slice(0, 8)}`;
    try {
      await pruneScriptEnvironments(this.#folder);
      await this.#create(path, wanted.interpreter, control);
      const environment = this.#environmentAt(path);
      if (!environment) throw new Error(`no venv at ${path} after its creation`);
      if (wanted.dependencies.length > 0) {
        await this.#options.packages.install(environment, { packages: wanted.dependencies, ...control });
      }
      if (await noteOnce(note, basename(path))) return environment;
      const other = await this.find(wanted);
      if (!other) return environment; // The other one broke at once; this one works, and is made anew the next time.
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      return other;
    } catch (error) {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      const cause = asToolError(error, path, `making the environment of "${wanted.name}"`);
      throw isToolError(cause) && cause.kind !== 'cancelled' ? errors.scriptDependencies(wanted.name, cause) : cause;
    }
  }

  async #create(path: string, base: Interpreter, { signal, onProgress = () => undefined }: CallControl): Promise<void> {
    const { finder, findUv } = this.#options;
    const limit = AbortSignal.timeout(createLimitMs);
    const either = signal ? AbortSignal.any([signal, limit]) : limit;
    try {
      await createVenv({
        path,
        named: path,
        base,
        systemSitePackages: false,
        uv: await findUv(either),
        finder,
        machine: this.#machine,
        signal: either,
        onProgress,
      });
    } catch (error) {
      const what = "Making the script's environment";
      if (signal?.aborted) throw errors.cancelled(what, 'Nothing of it is left behind.');
      if (limit.aborted) throw errors.timedOut(what, createLimitMs, 'Nothing of it is left behind.');
      throw error;
    }
  }

  #environmentAt(path: string): Environment | undefined {
    const venv = readVenv(path, this.#machine);
    if (!venv || venv.broken !== undefined) return undefined;
    const { python, scripts, libraries: own, version = '' } = venv;
    return { path, python, scripts, version, isVenv: true, libraries: { own, inherited: [] } };
  }
}

/** Writes a note, whole, unless there is one. @returns whether this call wrote it. */
async function noteOnce(path: string, value: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, JSON.stringify(value), { mode: 0o600 });
    await link(temporary, path).catch(async (error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw error;
      await rename(temporary, path); // A file system without links: the last one wins.
    });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(temporary, { force: true });
  }
}
