import { dirname } from 'node:path';
import { errors } from '../errors';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { offerKeeper } from '../process/keeper';
import { runProcess } from '../process/runProcess';
import type { Machine } from '../files/storage';
import { AnswerCache } from './answerCache';
import { executableFile, isInVenv, isShim, startsPython } from './executableFile';
import type { Interpreter } from './interpreter';
import type { Candidate } from './places';
import type { SelfDescription } from './selfDescription';
import { interpreterFrom, isSelfDescription, parseSelfDescription, selfDescriptionProgram } from './selfDescription';

/** A Python answers within some 50 ms, a shim within 300; what takes longer hangs. */
const answerLimitMs = 2000;

export interface IdentifyOptions {
  /** The folder that a shim is asked about. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a candidate once to let it say what it is, and remembers the answer for as long as its file stays the same. */
export class Identification {
  readonly #machine: Machine;
  readonly #cache: AnswerCache<SelfDescription>;

  constructor(machine: Machine, cacheFile: string | undefined) {
    this.#machine = machine;
    this.#cache = new AnswerCache(cacheFile, isSelfDescription);
  }

  /** @returns what the candidate is; undefined where it is no Python that answers in time. @throws cancelled. */
  async identify(candidate: Candidate, options: IdentifyOptions, follows = true): Promise<Interpreter | undefined> {
    const { path, source } = candidate;
    const file = executableFile(path, this.#machine.platform);
    if (!file || !startsPython(path, file, this.#machine.platform)) return undefined;
    const shim = isShim(file.real);
    // A shim's success is not remembered, since it may choose another Python next time; that Python's is.
    const key = shim ? `${path} in ${options.folder ?? ''}` : this.#keyOf(path, file.identity);
    const known = await this.#cache.get(key, file.stamp);
    const answer = known === undefined ? await this.#ask(path, shim, options) : known;
    if (known === undefined && (!answer || !shim)) this.#cache.set(key, file.stamp, answer);
    if (!answer) return undefined;
    const actual = executableFile(answer.executable, this.#machine.platform);
    const other = actual !== undefined && actual.identity !== file.identity;
    // A program that starts an interpreter elsewhere (Chocolatey's, uv's) stays the same when that is replaced.
    if (other && known && follows) return await this.identify({ path: answer.executable, source }, options, false);
    if (actual && (shim || other)) {
      this.#cache.set(this.#keyOf(answer.executable, actual.identity), actual.stamp, answer);
    }
    const interpreter = interpreterFrom(
      answer,
      { executable: other ? answer.executable : path, source },
      this.#machine,
    );
    if (!interpreter.isVenv) offerKeeper({ base: interpreter.executable });
    return interpreter;
  }

  /** @returns the interpreter; the one beneath it where it is a venv's. */
  async identifyBase(candidate: Candidate, options: IdentifyOptions): Promise<Interpreter | undefined> {
    const interpreter = await this.identify(candidate, options);
    if (!interpreter?.isVenv) return interpreter;
    return await this.identify({ path: interpreter.baseExecutable, source: candidate.source }, options);
  }

  /** Writes what was learnt to disk. */
  async save(): Promise<void> {
    await this.#cache.save();
  }

  async forget(): Promise<void> {
    await this.#cache.forget();
  }

  /** All names of a file share its answer, but for a venv's, which is told by the folder it is in (PEP 405). */
  #keyOf(path: string, identity: string): string {
    return isInVenv(path) ? path : identity;
  }

  async #ask(path: string, shim: boolean, { folder, signal }: IdentifyOptions): Promise<SelfDescription | null> {
    const outcome = await runProcess({
      command: path,
      args: ['-I', '-c', selfDescriptionProgram],
      cwd: (shim ? folder : undefined) ?? dirname(path),
      env: childEnvironment({ host: this.#machine.env, isTool: true }),
      timeoutMs: answerLimitMs,
      signal,
      spill: false,
      isQuestion: true,
    }).catch(() => undefined);
    if (signal?.aborted || outcome?.ending === 'cancelled') {
      throw errors.cancelled('The search for a Python', 'Nothing was changed.');
    }
    if (outcome?.ending !== 'exited' || outcome.exitCode !== 0) return null;
    return parseSelfDescription(textOf(outcome.stdout)) ?? null;
  }
}
