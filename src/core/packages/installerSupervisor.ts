import type { Environment } from '../environment';
import { errors, ToolError } from '../errors';
import { exists } from '../paths';
import { textOf } from '../process/capture';
import type { ProcessOutcome } from '../process/request';
import { asToolError, codeOf, isMissing } from '../files/systemErrors';
import {
  diffOf,
  diffOfPlan,
  takeSnapshot,
  unchanged,
  whatIsDone,
  type InstallDiff,
  type Snapshot,
} from './installDiff';
import type { InstalledMetadata } from './installedMetadata';
import type { Installer, InstallerRun, InstallOrder } from './installer';
import { installerFailure } from './installerFailure';
import { installProgress } from './installProgress';
import { filesNamedOutside } from './unquotable';
import { findLeftovers, removeLeftovers } from './leftovers';

export interface SupervisorOptions {
  /** The folder that installers are started in, absolute. */
  readonly root: string;
  readonly metadata: InstalledMetadata;
  /** Called after every change of an environment, also where the call that made it failed. */
  readonly onChange?: (environment: Environment, diff: InstallDiff) => void;
  /** After this many milliseconds an installer is ended. Default: ten minutes. */
  readonly timeLimitMs?: number;
}

/** How a call is followed and ended. */
export interface CallControl {
  readonly signal?: AbortSignal | undefined;
  /** Hears what is going on, in short lines for people. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Files outside the folder that the installer reads: nothing of what it says of them is passed on. */
  readonly outside?: readonly string[];
}

/** What an installer did, or would do. */
export interface Change {
  readonly diff: InstallDiff;
  /** The environment afterwards; of a plan, as it is. */
  readonly after: Snapshot;
  readonly installer: 'uv' | 'pip';
}

const tenMinutes = 600_000;

/** Runs installers in bounds, and reads from the installed metadata what they did, however they ended. */
export class InstallerSupervisor {
  readonly #options: SupervisorOptions;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** @param before an earlier one of the same environment, where there is one. */
  async snapshot(environment: Environment, before?: Snapshot): Promise<Snapshot> {
    return await takeSnapshot(await this.#options.metadata.read(environment), before);
  }

  /** @returns the plan of the first of the installers that can tell one. @throws ToolError as `change` does. */
  async plan(
    environment: Environment,
    order: InstallOrder,
    installers: readonly Installer[],
    before: Snapshot,
    control: CallControl,
  ): Promise<Change> {
    for (const installer of installers) {
      const plan = await this.#start(environment, installer, 'Planning', control, (run) =>
        installer.plan(environment, order, run),
      );
      if (!plan) continue;
      if (!plan.changes) throw await this.#failure(installer, 'Planning', plan.outcome, unchanged, control);
      return { diff: diffOfPlan(before, plan.changes), after: before, installer: installer.name };
    }
    throw errors.invalidInput(
      "This environment's pip is older than 22.2 and can't make a plan.",
      'Call without "dry_run", or upgrade it first with {"action": "install", "packages": ["pip"], "upgrade": true}.',
    );
  }

  /**
   * Lets an installer change the environment.
   *
   * @throws ToolError timeout, cancelled, or of the kind that `installerFailure` tells; each says what was done until
   * then. What a half-done install left behind is removed first, so that another one can follow.
   */
  async change(
    environment: Environment,
    installer: Installer,
    what: 'Installing' | 'Uninstalling',
    before: Snapshot,
    control: CallControl,
    start: (run: InstallerRun) => Promise<ProcessOutcome>,
  ): Promise<Change> {
    const leftovers = findLeftovers(environment);
    const outcome = await this.#start(environment, installer, what, control, start);
    const succeeded = outcome.ending === 'exited' && outcome.exitCode === 0;
    if (!succeeded) await removeLeftovers(environment, leftovers);
    const after = await this.snapshot(environment, before);
    const diff = diffOf(before, after);
    if (diff.installed.length + diff.removed.length > 0) this.#options.onChange?.(environment, diff);
    if (!succeeded) throw await this.#failure(installer, what, outcome, whatIsDone(diff), control);
    return { diff, after, installer: installer.name };
  }

  async #start<T>(
    environment: Environment,
    installer: Installer,
    what: string,
    { signal, onProgress, outside = [] }: CallControl,
    start: (run: InstallerRun) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw errors.cancelled(what, unchanged);
    const { root, timeLimitMs: timeoutMs = tenMinutes } = this.#options;
    try {
      const onOutput = onProgress && outside.length === 0 ? installProgress(onProgress) : undefined;
      return await start({ cwd: root, timeoutMs, signal, onOutput });
    } catch (error) {
      if (!isMissing(error) && codeOf(error) !== 'EACCES') {
        throw asToolError(error, environment.path, what.toLowerCase());
      }
      if (!(await exists(root))) throw errors.folderMissing(root);
      if (installer.name === 'uv') throw errors.installerNotFound('uv');
      throw errors.venvBroken(environment.path, 'its Python cannot be started');
    }
  }

  async #failure(
    installer: Installer,
    what: string,
    outcome: ProcessOutcome,
    state: string,
    { outside = [] }: CallControl,
  ): Promise<ToolError> {
    if (outcome.ending === 'timed_out') {
      return errors.timedOut(what, this.#options.timeLimitMs ?? tenMinutes, state);
    }
    if (outcome.ending === 'cancelled') return errors.cancelled(what, state);
    const stderr = textOf(outcome.stderr);
    const failure = installerFailure({
      installer: installer.name,
      exitCode: outcome.exitCode,
      stdout: textOf(outcome.stdout),
      stderr,
      outside: [...outside, ...(await filesNamedOutside(this.#options.root, stderr))],
    });
    if (state === unchanged) return failure;
    return new ToolError(failure.kind, `${failure.message.replace(/\.$/, '')}. ${state}`, failure.hint);
  }
}
