import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { errors } from '../errors';
import { inParallel } from '../eventLoop';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { runProcess } from '../process/runProcess';
import type { Machine } from '../storage';
import { cacheFolder, thisMachine } from '../storage';
import type { Candidate } from './candidates';
import { interpreterCandidates, launcherCandidates } from './candidates';
import { pathFolders } from './pathFolders';
import { executableFile, isInVenv, isShim } from './executableFile';
import type { IdentifyOptions } from './identification';
import { FolderNames } from './folderNames';
import { Identification } from './identification';
import type { Interpreter } from './interpreter';
import { newestFirst } from './interpreter';
import { parseInterpreterRequest } from './request';
import type { VersionParts } from './version';
import { compareVersions, isVersion, oldestSupported, preferredFrom, promisedVersion } from './version';

export interface DiscoverOptions {
  /** What a shim is asked about. */
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
  /** Sees each interpreter as soon as it has answered, in no order. */
  readonly onFound?: (interpreter: Interpreter) => void;
}

export interface FindOptions {
  /** Where a relative path starts, and what a shim is asked about. Default: the current folder. */
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What finds interpreters; see `InterpreterFinder`. */
export type Finder = Pick<InterpreterFinder, 'discover' | 'find' | 'findDefault' | 'identify'>;

/** Finds the Pythons of this machine: by name, version or path, or all of them. */
export class InterpreterFinder {
  readonly #machine: Machine;
  readonly #identification: Identification;
  readonly #names = new FolderNames();

  constructor(options: { readonly machine?: Machine; readonly cacheFolder?: string } = {}) {
    this.#machine = options.machine ?? thisMachine();
    const folder = options.cacheFolder ?? cacheFolder(this.#machine);
    this.#identification = new Identification(this.#machine, join(folder, 'interpreters.json'));
  }

  /** @returns every base interpreter from Python 3.8 on, newest first, each file once. @throws cancelled. */
  async discover(options: DiscoverOptions = {}): Promise<Interpreter[]> {
    const found = new Map<string, { readonly interpreter: Interpreter; readonly rank: number }>();
    const candidates = [...this.#distinct([...this.#candidates(), ...(await this.#fromLauncher(options.signal))])];
    await inParallel(candidates.entries(), Math.min(8, 2 * availableParallelism()), async ([rank, candidate]) => {
      const interpreter = await this.#identification.identifyBase(candidate, options);
      if (!interpreter || !isSupported(interpreter)) return;
      const file = this.#realFile(interpreter.executable);
      const earlier = found.get(file);
      if (!earlier) options.onFound?.(interpreter);
      if (!earlier || earlier.rank > rank) found.set(file, { interpreter, rank });
    });
    await this.#identification.save();
    return [...found.values()]
      .sort((a, b) => newestFirst(a.interpreter, b.interpreter) || a.rank - b.rank)
      .map(({ interpreter }) => interpreter);
  }

  /**
   * @returns the base interpreter that a command name ("python3.12"), a version ("3.12", "3.12.1") or a path (of a
   * python, a venv, an installation) stands for; of several, the first in the order of `interpreterCandidates`.
   * @throws interpreter_not_found, which lists those there are; cancelled.
   */
  async find(wanted: string, { folder = process.cwd(), signal }: FindOptions = {}): Promise<Interpreter> {
    const options = { folder, signal };
    const interpreter = await this.#search(wanted, options);
    if (interpreter && isSupported(interpreter)) return interpreter;
    const versions = [...new Set((await this.discover(options)).map(({ version }) => version))];
    throw interpreter
      ? errors.interpreterTooOld(wanted, interpreter.version, versions)
      : errors.interpreterNotFound(wanted, versions);
  }

  /**
   * @returns the interpreter that a setting names; where that is missing the newest, if it is 3.12 or later, else the
   * newest, with a note that says so. @throws interpreter_not_found where there is none at all; cancelled.
   */
  async findDefault(
    setting: string,
    { folder = process.cwd(), signal }: FindOptions = {},
  ): Promise<{ readonly interpreter: Interpreter; readonly note?: string }> {
    const options = { folder, signal };
    const wanted = await this.#search(setting, options);
    if (wanted && isSupported(wanted)) return { interpreter: wanted };
    const all = await this.discover(options);
    const interpreter = all.find(({ versionInfo }) => compareVersions(versionInfo, preferredFrom) >= 0) ?? all[0];
    if (!interpreter) throw errors.noInterpreter();
    return {
      interpreter,
      note: `The interpreter "${setting}" was not found; Python ${interpreter.version} (${interpreter.executable}) is used.`,
    };
  }

  /** @returns what an executable is, a venv's own too; undefined where it is no Python that answers. @throws cancelled. */
  async identify(executable: string, signal?: AbortSignal): Promise<Interpreter | undefined> {
    const interpreter = await this.#identification.identify({ path: executable, source: 'named' }, { signal });
    await this.#identification.save();
    return interpreter;
  }

  /** Identifies every interpreter anew from now on. */
  async forget(): Promise<void> {
    await this.#identification.forget();
  }

  /** @returns the interpreter wanted, also one that is too old where just that version was asked for. */
  async #search(wanted: string, options: FindOptions & { folder: string }): Promise<Interpreter | undefined> {
    if (wanted.trim() === '' || wanted.includes('\0')) return undefined;
    const { platform, home } = this.#machine;
    const { folder } = options;
    const request = parseInterpreterRequest(wanted, { folder, home, platform });
    if (request.kind === 'path') return await this.#firstOf(this.#executablesAt(request.path), [], options);
    const { name, version } = request;
    // "python3.12" and "3.12": what promises that version by its name or folder, before anything else is run.
    const promising = version.length >= 2 ? this.#candidates(version) : this.#onPath(name);
    const first = await this.#firstOf(this.#distinct(promising), version, options);
    if (first) return first;
    if (version.length === 0 && !/^python$/i.test(name)) {
      return await this.#firstOf(this.#executablesAt(join(folder, name)), [], options);
    }
    return (await this.discover(options)).find(({ versionInfo }) => isVersion(versionInfo, version));
  }

  async #firstOf(
    candidates: Iterable<Candidate>,
    version: VersionParts,
    options: IdentifyOptions,
  ): Promise<Interpreter | undefined> {
    for (const candidate of candidates) {
      const interpreter = await this.#identification.identifyBase(candidate, options);
      if (!interpreter || !isVersion(interpreter.versionInfo, version)) continue;
      await this.#identification.save();
      return interpreter;
    }
    return undefined;
  }

  /** @returns all candidates, or those that promise a version, as exactly as both say it. */
  *#candidates(version?: VersionParts): Generator<Candidate> {
    for (const candidate of interpreterCandidates(this.#machine, this.#names.in)) {
      const promised = version && (promisedVersion(candidate.path) ?? []);
      const both = Math.min(promised?.length ?? 0, version?.length ?? 0);
      if (!promised || (both >= 2 && isVersion(promised, version.slice(0, both)))) yield candidate;
    }
  }

  #onPath(name: string): Candidate[] {
    const file = this.#machine.platform === 'win32' ? `${name}.exe` : name;
    return pathFolders(this.#machine).map((folder) => ({ path: join(folder, file), source: 'path' }));
  }

  /** @returns the python that a path names, or those that a venv or an installation has at their usual places. */
  #executablesAt(path: string): Candidate[] {
    const names = ['bin/python', 'bin/python3', 'Scripts/python.exe', 'python.exe'];
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const paths = isFolder ? names.map((name) => join(path, name)) : [path, `${path}.exe`];
    return paths.map((each) => ({ path: each, source: 'named' }));
  }

  /** @yields the first candidate for each file. A venv's link and a shim's name mean more than the file behind them. */
  *#distinct(candidates: Iterable<Candidate>): Generator<Candidate> {
    const seen = new Set<string>();
    for (const candidate of candidates) {
      const file = executableFile(candidate.path, this.#machine.platform);
      if (!file) continue;
      const key = isShim(file.real) || isInVenv(candidate.path) ? candidate.path : file.real;
      if (seen.has(key)) continue;
      seen.add(key);
      yield candidate;
    }
  }

  #realFile(path: string): string {
    return executableFile(path, this.#machine.platform)?.real ?? path;
  }

  /** @returns what the `py` launcher knows (PEP 397, PEP 514): installations at unusual places are in the registry only. */
  async #fromLauncher(signal: AbortSignal | undefined): Promise<Candidate[]> {
    if (this.#machine.platform !== 'win32') return [];
    const launcher = [...this.#onPath('py').map(({ path }) => path), 'C:\\Windows\\py.exe'].find(
      (path) => executableFile(path, 'win32') !== undefined,
    );
    if (launcher === undefined) return [];
    const env = childEnvironment({ host: this.#machine.env });
    const request = { command: launcher, args: ['-0p'], cwd: this.#machine.home, env, timeoutMs: 2000, signal };
    const outcome = await runProcess({ ...request, spill: false }).catch(() => undefined);
    return outcome ? launcherCandidates(textOf(outcome.stdout)) : [];
  }
}

const isSupported = ({ versionInfo }: Interpreter): boolean => compareVersions(versionInfo, oldestSupported) >= 0;
