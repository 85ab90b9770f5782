import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { errors } from '../errors';
import { inParallel } from '../eventLoop';
import { isBatchFile } from '../process/windows/batchFile';
import type { Machine } from '../files/storage';
import { currentFolder } from '../files/currentFolder';
import { homeFolder } from '../files/homeFolder';
import { lastingCache } from '../files/ownFolder';
import { thisMachine } from '../files/storage';
import { interpreterCandidates } from './candidates';
import { executableFile, isInVenv, isShim } from './executableFile';
import { pathFolders } from './pathFolders';
import type { Candidate, Disk } from './places';
import type { IdentifyOptions } from './identification';
import { FolderNames } from './folderNames';
import { Identification } from './identification';
import type { Interpreter } from './interpreter';
import { newestFirst } from './interpreter';
import { Registered } from './windows/registered';
import { parseInterpreterRequest } from './request';
import { smallTextOf } from './smallText';
import type { VersionParts } from './version';
import { compareVersions, isVersion, oldestSupported, preferredFrom, promisedVersion } from './version';
import { behindBatch, windowsCommand } from './windows/windowsCandidates';

export interface DiscoverOptions {
  /** What a shim is asked about. */
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
  /** Commands, versions and paths (see `find`) whose interpreters are listed too, wherever they are. */
  readonly named?: readonly string[];
  /** Sees each interpreter as soon as it has answered, in no order. */
  readonly onFound?: (interpreter: Interpreter) => void;
}

export interface FindOptions {
  /** Where a relative path starts, and what a shim is asked about. Default: the current folder. */
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
}

interface Found {
  readonly interpreter: Interpreter;
  /** Its place in the order in which candidates are preferred. */
  readonly rank: number;
}

/** What finds interpreters; see `InterpreterFinder`. */
export type Finder = Pick<InterpreterFinder, 'discover' | 'find' | 'findDefault' | 'identify'>;

/** Finds the Pythons of this machine: by name, version or path, or all of them. */
export class InterpreterFinder {
  readonly #machine: Machine;
  readonly #identification: Identification;
  readonly #disk: Disk = { names: new FolderNames().in, text: smallTextOf };
  readonly #registered: Registered;

  constructor(options: { readonly machine?: Machine; readonly cacheFolder?: string } = {}) {
    this.#machine = options.machine ?? thisMachine();
    this.#registered = new Registered(this.#machine);
    const folder = options.cacheFolder ?? lastingCache(this.#machine);
    this.#identification = new Identification(this.#machine, folder && join(folder, 'interpreters.json'));
  }

  /** @returns every base interpreter from Python 3.8 on, newest first, each file once. @throws cancelled. */
  async discover(options: DiscoverOptions = {}): Promise<Interpreter[]> {
    const found = new Map<string, Found>();
    const seen = new Set<string>();
    let ranks = 0;
    const identifyAll = async (candidates: Iterable<Candidate>): Promise<void> => {
      const distinct = [...this.#distinct(candidates, seen)].map((candidate) => ({ candidate, rank: ranks++ }));
      await inParallel(distinct, Math.min(8, 2 * availableParallelism()), async ({ candidate, rank }) => {
        const interpreter = await this.#identification.identifyBase(candidate, options);
        if (!interpreter || !isSupported(interpreter)) return;
        const file = this.#identityOf(interpreter.executable);
        const earlier = found.get(file);
        if (!earlier) options.onFound?.(interpreter);
        if (!earlier || earlier.rank > rank) found.set(file, { interpreter, rank });
      });
    };
    const registered = this.#registered.candidates();
    await identifyAll([...this.#named(options), ...this.#candidates()]);
    await identifyAll(await registered);
    await this.#identification.save();
    this.#markVersions(options.named ?? [], found);
    return [...found.values()]
      .sort((a, b) => newestFirst(a.interpreter, b.interpreter) || a.rank - b.rank)
      .map(({ interpreter }) => interpreter);
  }

  /** What is asked for by its version is the first that has it. */
  #markVersions(named: readonly string[], found: Map<string, Found>): void {
    const { platform, home } = this.#machine;
    const byRank = [...found].sort(([, a], [, b]) => a.rank - b.rank);
    for (const wanted of named) {
      const request = parseInterpreterRequest(wanted, { folder: home, home, platform });
      if (request.kind === 'path' || request.version.length === 0) continue;
      const first = byRank.find(([, { interpreter }]) => isVersion(interpreter.versionInfo, request.version));
      if (first) found.set(first[0], { ...first[1], interpreter: { ...first[1].interpreter, source: 'named' } });
    }
  }

  /**
   * @returns the base interpreter that a command name ("python3.12"), a version ("3.12", "3.12.1") or a path (of a
   * python, a venv, an installation) stands for; of several, the first in the order of `interpreterCandidates`.
   * @throws interpreter_not_found, which lists those there are; cancelled.
   */
  async find(
    wanted: string,
    { folder = currentFolder() ?? homeFolder(), signal }: FindOptions = {},
  ): Promise<Interpreter> {
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
    { folder = currentFolder() ?? homeFolder(), signal }: FindOptions = {},
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
    this.#registered.forget();
    await this.#identification.forget();
  }

  /** @returns the interpreter wanted, also one that is too old where just that version was asked for. */
  async #search(wanted: string, options: FindOptions & { folder: string }): Promise<Interpreter | undefined> {
    if (!isUsable(wanted)) return undefined;
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
      return await this.#firstOf(this.#inFolder(join(folder, name)), [], options);
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
    for (const candidate of interpreterCandidates(this.#machine, this.#disk)) {
      const promised = version && (promisedVersion(candidate.path) ?? []);
      const both = Math.min(promised?.length ?? 0, version?.length ?? 0);
      if (!promised || (both >= 2 && isVersion(promised, version.slice(0, both)))) yield candidate;
    }
  }

  #onPath(name: string): Iterable<Candidate> {
    if (this.#machine.platform === 'win32') return windowsCommand(name, this.#machine, this.#disk);
    return pathFolders(this.#machine).map((folder) => ({ path: join(folder, name), source: 'path' }));
  }

  /** @yields what requests name that the places of `interpreterCandidates` may not hold: paths, and commands of any name. */
  *#named({ named = [], folder = currentFolder() ?? homeFolder() }: DiscoverOptions): Generator<Candidate> {
    const { platform, home } = this.#machine;
    for (const wanted of named.filter(isUsable)) {
      const request = parseInterpreterRequest(wanted, { folder, home, platform });
      if (request.kind === 'name' && request.version.length > 0) continue;
      const candidates =
        request.kind === 'path'
          ? this.#executablesAt(request.path)
          : [...this.#onPath(request.name), ...this.#inFolder(join(folder, request.name))];
      const first = candidates.find(({ path }) => executableFile(path, platform) !== undefined);
      if (first) yield { path: first.path, source: 'named' };
    }
  }

  /** A bare name is never a file of the project: that would be a command looked up in the current folder. */
  #inFolder(path: string): Candidate[] {
    return isFolder(path) ? this.#executablesAt(path) : [];
  }

  /** @returns the python that a path names, or those that a venv or an installation has at their usual places. */
  #executablesAt(path: string): Candidate[] {
    if (isBatchFile(path, this.#machine.platform)) return behindBatch(path, this.#disk);
    const names = ['bin/python', 'bin/python3', 'Scripts/python.exe', 'python.exe'];
    const paths = isFolder(path) ? names.map((name) => join(path, name)) : [path, `${path}.exe`];
    return paths.map((each) => ({ path: each, source: 'named' }));
  }

  /** @yields the first candidate for each file. A venv's link and a shim's name mean more than the file behind them. */
  *#distinct(candidates: Iterable<Candidate>, seen = new Set<string>()): Generator<Candidate> {
    for (const candidate of candidates) {
      const file = executableFile(candidate.path, this.#machine.platform);
      if (!file) continue;
      const key = isShim(file.real) || isInVenv(candidate.path) ? candidate.path : file.identity;
      if (seen.has(key)) continue;
      seen.add(key);
      yield candidate;
    }
  }

  #identityOf(path: string): string {
    return executableFile(path, this.#machine.platform)?.identity ?? path;
  }
}

const isUsable = (wanted: string): boolean => wanted.trim() !== '' && !wanted.includes('\0');

const isSupported = ({ versionInfo }: Interpreter): boolean => compareVersions(versionInfo, oldestSupported) >= 0;

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false; // Such as an alias of the Windows Store, which cannot be opened.
  }
}
