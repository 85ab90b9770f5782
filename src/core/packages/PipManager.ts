import { homedir } from 'node:os';
import type { Environment } from '../environment';
import { errors, ToolError } from '../errors';
import { textOf } from '../process/capture';
import type { ProcessOutcome } from '../process/request';
import { freeze, type Frozen } from './freeze';
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
import { InstallerChooser, type InstallerChooserOptions } from './installerChooser';
import { installerFailure } from './installerFailure';
import { installProgress } from './installProgress';
import { checkRequest, compareWithRequest, type InstallRequest } from './installRequest';
import { findLeftovers, removeLeftovers } from './leftovers';
import { listPackages, type ListedPackage } from './list';
import { normalizeName } from './normalizedName';
import { requirementName } from './resolveRequirement';
import type { InstallResult, UninstallResult } from './results';
import { showPackages, type MissingPackage, type ShownPackage } from './show';
import { refuseUnlessVenv } from './venvOnly';

export interface PipManagerOptions extends InstallerChooserOptions {
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
}

const tenMinutes = 600_000;

/**
 * Installs into and uninstalls from the virtual environments of one folder. Its callers see to it that one
 * environment is changed by one call at a time.
 */
export class PipManager {
  readonly #options: PipManagerOptions;
  readonly #chooser: InstallerChooser;

  constructor(options: PipManagerOptions) {
    this.#options = options;
    this.#chooser = new InstallerChooser(options);
  }

  /**
   * Checks a request without starting anything, so that a caller need not create a venv for one that can't succeed.
   * @throws ToolError as `install` does before it starts an installer.
   */
  async check(request: InstallRequest): Promise<void> {
    await checkRequest(this.#options.root, this.#home, request);
  }

  /**
   * Installs what is asked for, or with `dryRun` tells what that would change.
   *
   * @returns what changed, by the installed metadata before and after.
   * @throws ToolError invalid_input, requirement_invalid, file_not_found, outside_workspace, refused before anything was
   * started; then the kinds of `installerFailure`, timeout and cancelled.
   */
  async install(
    environment: Environment,
    request: InstallRequest & CallControl & { readonly dryRun?: boolean },
  ): Promise<InstallResult> {
    const started = performance.now();
    const { root } = this.#options;
    const checked = await checkRequest(root, this.#home, request);
    await refuseUnlessVenv(environment);
    const before = await this.#snapshot(environment);
    const { installer, fallback, notes } = await this.#chooser.choose(environment, before, checked.fileOptions);

    const change = request.dryRun
      ? await this.#plan(environment, checked.order, [installer, ...fallback], before, request)
      : await this.#change(environment, installer, 'Installing', before, request, (run) =>
          installer.install(environment, checked.order, run),
        );
    const after = request.dryRun ? before : change.after;
    const planned = new Set(change.diff.installed.map(({ name }) => normalizeName(name)));
    const { satisfied, notes: skipped } = compareWithRequest(checked.wanted, environment, before, after);
    return {
      ...change.diff,
      already_satisfied: satisfied.filter((each) => !planned.has(normalizeName(each.replace(/==.*/, '')))),
      installer: change.installer,
      duration_ms: Math.round(performance.now() - started),
      ...(request.dryRun ? { dry_run: true as const } : {}),
      notes: [...notes, ...skipped],
    };
  }

  /**
   * Uninstalls by name what the environment itself holds.
   *
   * @throws ToolError requirement_invalid for what is more than a name; refused; the kinds of `installerFailure`,
   * timeout and cancelled.
   */
  async uninstall(
    environment: Environment,
    request: { readonly packages: readonly string[] } & CallControl,
  ): Promise<UninstallResult> {
    const started = performance.now();
    if (request.packages.length === 0) {
      throw errors.invalidInput(
        'There is nothing to uninstall.',
        'Name it, for example {"action": "uninstall", "packages": ["requests"]}.',
      );
    }
    const asked = new Map(request.packages.map((text) => [requirementName(text), text.trim()]));
    await refuseUnlessVenv(environment);
    const before = await this.#snapshot(environment);
    const present = [...asked.keys()].filter((name) => before.get(name)?.inherited === false);
    const missing = [...asked.keys()].filter((name) => !present.includes(name));
    const result = {
      not_installed: missing.map((name) => asked.get(name) ?? name),
      notes: missing
        .filter((name) => before.has(name))
        .map((name) => `"${name}" is inherited from the base Python, which is never modified.`),
    };
    if (present.length === 0) {
      return { uninstalled: [], ...result, duration_ms: Math.round(performance.now() - started) };
    }
    const { installer } = await this.#chooser.choose(environment, before, new Set());
    const { diff } = await this.#change(environment, installer, 'Uninstalling', before, request, (run) =>
      installer.uninstall(environment, present, run),
    );
    return {
      uninstalled: diff.removed,
      ...result,
      installer: installer.name,
      duration_ms: Math.round(performance.now() - started),
    };
  }

  /** @returns the packages of any environment, a base Python's too, as `pip list` has them. */
  async list(
    environment: Environment,
  ): Promise<{ readonly packages: readonly ListedPackage[]; readonly count: number }> {
    const packages = await listPackages(this.#options.metadata, environment);
    return { packages, count: packages.length };
  }

  /** @returns the packages of any environment as requirements, line for line what `pip freeze` prints. */
  async freeze(environment: Environment): Promise<Frozen> {
    return await freeze(this.#options.metadata, environment);
  }

  /** @returns what the metadata says of each package, in the order asked for. @throws ToolError invalid_input for none. */
  async show(
    environment: Environment,
    names: readonly string[],
  ): Promise<{ readonly packages: readonly (ShownPackage | MissingPackage)[] }> {
    if (names.length === 0) {
      throw errors.invalidInput(
        'There is nothing to show.',
        'Name it, for example {"action": "show", "packages": ["requests"]}.',
      );
    }
    return { packages: await showPackages(this.#options.metadata, environment, names) };
  }

  get #home(): string {
    return this.#options.home ?? homedir();
  }

  async #snapshot(environment: Environment): Promise<Snapshot> {
    return await takeSnapshot(await this.#options.metadata.read(environment));
  }

  #run({ signal, onProgress }: CallControl): InstallerRun {
    return {
      cwd: this.#options.root,
      timeoutMs: this.#options.timeLimitMs ?? tenMinutes,
      signal,
      onOutput: onProgress && installProgress(onProgress),
    };
  }

  /** The plan of the first installer that can tell one. */
  async #plan(
    environment: Environment,
    order: InstallOrder,
    installers: readonly Installer[],
    before: Snapshot,
    control: CallControl,
  ) {
    for (const installer of installers) {
      const plan = await installer.plan(environment, order, this.#run(control));
      if (!plan) continue;
      if (!plan.changes) {
        throw this.#failure(installer, 'Planning', plan.outcome, 'Nothing was changed.');
      }
      return { diff: diffOfPlan(before, plan.changes), after: before, installer: installer.name };
    }
    throw errors.invalidInput(
      "This environment's pip is older than 22.2 and can't make a plan.",
      'Call without "dry_run", or upgrade it first with {"action": "install", "packages": ["pip"], "upgrade": true}.',
    );
  }

  /** Runs an installer, reads what it changed and tells of it, however it ended. */
  async #change(
    environment: Environment,
    installer: Installer,
    what: 'Installing' | 'Uninstalling',
    before: Snapshot,
    control: CallControl,
    start: (run: InstallerRun) => Promise<ProcessOutcome>,
  ) {
    const leftovers = await findLeftovers(environment);
    const outcome = await start(this.#run(control));
    const succeeded = outcome.ending === 'exited' && outcome.exitCode === 0;
    if (!succeeded) await removeLeftovers(environment, leftovers);
    const after = await this.#snapshot(environment);
    const diff = diffOf(before, after);
    if (diff.installed.length + diff.removed.length > 0) this.#options.onChange?.(environment, diff);
    if (!succeeded) throw this.#failure(installer, what, outcome, whatIsDone(diff));
    return { diff, after, installer: installer.name };
  }

  #failure(installer: Installer, what: string, outcome: ProcessOutcome, state: string): ToolError {
    if (outcome.ending === 'timed_out') {
      return errors.timedOut(what, this.#options.timeLimitMs ?? tenMinutes, state);
    }
    if (outcome.ending === 'cancelled') return errors.cancelled(what, state);
    const failure = installerFailure({
      installer: installer.name,
      exitCode: outcome.exitCode,
      stdout: textOf(outcome.stdout),
      stderr: textOf(outcome.stderr),
    });
    if (state === unchanged || what === 'Planning') return failure;
    return new ToolError(failure.kind, `${failure.message.replace(/\.$/, '')}. ${state}`, failure.hint);
  }
}
