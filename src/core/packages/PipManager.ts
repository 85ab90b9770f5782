import { homeFolder } from '../files/homeFolder';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { quoted } from '../files/quoted';
import { freeze, type Frozen } from './freeze';
import { whatIsDone } from './installDiff';
import { InstallerChooser, type InstallerChooserOptions } from './installerChooser';
import { InstallerSupervisor, type CallControl, type SupervisorOptions } from './installerSupervisor';
import { checkRequest, compareWithRequest, planOrder, type InstallRequest, type NamedSources } from './installRequest';
import { refuseHeldEnvironment, refuseHeldProjects } from './heldInstaller';
import { listPackages, type ListedPackage } from './list';
import { normalizeName } from './normalizedName';
import { requirementName } from './resolveRequirement';
import type { InstallResult, UninstallResult } from './results';
import { missingAfterwards } from './missingAfterwards';
import { showPackages, type MissingPackage, type ShownPackage } from './show';
import { offerKeeper } from '../process/keeper';
import { refuseUnlessVenv } from './venvOnly';

export type PipManagerOptions = InstallerChooserOptions & SupervisorOptions;

/**
 * Installs into and uninstalls from the virtual environments of one folder. Its callers see to it that one
 * environment is changed by one call at a time.
 */
export class PipManager {
  readonly #options: PipManagerOptions;
  readonly #chooser: InstallerChooser;
  readonly #supervisor: InstallerSupervisor;

  constructor(options: PipManagerOptions) {
    this.#options = options;
    this.#chooser = new InstallerChooser(options);
    this.#supervisor = new InstallerSupervisor(options);
  }

  /**
   * Checks a request without starting anything, so that a caller need not create a venv for one that can't succeed.
   * @returns what it names that is not just a package of an index.
   * @throws ToolError as `install` does before it starts an installer.
   */
  async check(request: InstallRequest): Promise<NamedSources> {
    return (await checkRequest(this.#options.root, this.#home, request)).named;
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
    const planned = request.dryRun ? planOrder(checked) : undefined;
    await refuseUnlessVenv(environment);
    await refuseHeldProjects(checked.order, checked.requirementsFiles, root);
    await refuseHeldEnvironment(environment, root);
    offerKeeper(environment);
    const before = await this.#supervisor.snapshot(environment);
    const { installer, fallback, notes } = await this.#chooser.choose(environment, before, checked.fileOptions);

    const control = { ...request, outside: checked.outside };
    const change = planned
      ? await this.#supervisor.plan(environment, planned, [installer, ...fallback], before, control)
      : await this.#supervisor.change(environment, installer, 'Installing', before, control, (run) =>
          installer.install(environment, checked.order, run),
        );
    const after = request.dryRun ? before : change.after;
    const missing = request.dryRun ? [] : missingAfterwards(checked.wanted, environment, before, after);
    if (missing.length > 0)
      throw errors.notInstalled(change.installer, missing, environment.path, whatIsDone(change.diff));
    const changed = new Set(change.diff.installed.map(({ name }) => normalizeName(name)));
    const { satisfied, notes: skipped } = compareWithRequest(checked.wanted, environment, before, after);
    return {
      ...change.diff,
      already_satisfied: satisfied.filter((each) => !changed.has(normalizeName(each.replace(/==.*/, '')))),
      installer: change.installer,
      duration_ms: Math.round(performance.now() - started),
      ...(planned ? { dry_run: true as const, ...totalSize(change.diff.installed) } : {}),
      ...(planned && !planned.onlyBinary
        ? { builds: change.builds ?? checked.named.builds.map((text) => quoted(text)) }
        : {}),
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
    offerKeeper(environment);
    const before = await this.#supervisor.snapshot(environment);
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
    await refuseHeldEnvironment(environment, this.#options.root);
    const { installer } = await this.#chooser.choose(environment, before, new Set());
    const { diff, after } = await this.#supervisor.change(
      environment,
      installer,
      'Uninstalling',
      before,
      request,
      (run) => installer.uninstall(environment, present, run),
    );
    const left = present.flatMap((name) => after.get(name) ?? []).filter(({ inherited }) => !inherited);
    if (left.length > 0) {
      const copies = left.map(({ name, version, metadataPath }) => `${name} ${version} (${metadataPath})`);
      throw errors.notUninstalled(installer.name, copies, environment.path);
    }
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
    return this.#options.home ?? homeFolder();
  }
}

function totalSize(planned: InstallResult['installed']): Pick<InstallResult, 'download_bytes'> {
  const sizes = planned.map(({ download_bytes: bytes }) => bytes).filter((bytes) => bytes !== undefined);
  if (planned.length === 0 || sizes.length < planned.length) return {};
  return { download_bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}
