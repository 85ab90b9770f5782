import type { Environment } from '../environment';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { installerCaches } from '../process/installerCaches';
import type { ProcessOutcome } from '../process/request';
import { runProcess } from '../process/runProcess';
import { sizesInLock } from './archiveSizes';
import type { Installer, InstallerRun, InstallOrder, InstallPlan, PlannedDistribution } from './installer';
import { normalizeName } from './normalizedName';
import type { UvSettings } from './uvSettings';

/** Variables that would send an install elsewhere, change the folder it starts from, or change the output. */
const redirecting =
  /^UV_(PYTHON|SYSTEM_PYTHON|BREAK_SYSTEM_PACKAGES|TARGET|PREFIX|PROJECT|PROJECT_ENVIRONMENT|WORKING_DIR|WORKING_DIRECTORY|DRY_RUN|MANAGED_PYTHON|NO_MANAGED_PYTHON)$/i;

/** The plan's metadata is in uv's cache by then; what takes longer is not worth the wait. */
const sizesLimitMs = 5000;

export interface UvInstallerOptions {
  /** Absolute path of uv. */
  readonly uv: string;
  readonly settings: UvSettings;
  /** Whether uv.toml and `[tool.uv]` are read. */
  readonly readConfig: boolean;
  /** Whether a requirements file names further indexes, which pip takes as equals. */
  readonly equalIndexes: boolean;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
}

/** The JSON of `--output-format json`; undefined where it is not that. */
function changesIn(json: string): InstallPlan['changes'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || !('changes' in parsed) || !Array.isArray(parsed.changes)) {
    return undefined;
  }
  const installed: PlannedDistribution[] = [];
  const removed: PlannedDistribution[] = [];
  for (const change of parsed.changes as unknown[]) {
    if (typeof change !== 'object' || change === null) return undefined;
    if (!('name' in change && 'version' in change && 'action' in change)) return undefined;
    const { name, version, action } = change;
    if (typeof name !== 'string' || typeof version !== 'string') return undefined;
    if (action === 'uninstalled') removed.push({ name, version });
    else installed.push({ name, version });
  }
  return { installed, removed };
}

/** Installs through `uv pip`, with pip's configuration handed on. */
export class UvInstaller implements Installer {
  readonly name = 'uv';
  readonly #options: UvInstallerOptions;

  constructor(options: UvInstallerOptions) {
    this.#options = options;
  }

  async install(environment: Environment, order: InstallOrder, run: InstallerRun): Promise<ProcessOutcome> {
    return await this.#run(environment, run, 'install', this.#arguments(order, []));
  }

  async plan(environment: Environment, order: InstallOrder, run: InstallerRun): Promise<InstallPlan | undefined> {
    const options = ['--dry-run', '--output-format=json'];
    const outcome = await this.#run(environment, run, 'install', this.#arguments(order, options));
    if (outcome.exitCode === 0) {
      const changes = changesIn(textOf(outcome.stdout));
      if (!changes) return undefined;
      const installed = await this.#withSizes(environment, order, changes.installed, run);
      return { outcome, changes: { ...changes, installed } };
    }
    return textOf(outcome.stderr).includes("unexpected argument '--output-format'")
      ? undefined
      : { outcome, changes: undefined };
  }

  /** A lock (PEP 751) of just these names the wheels that the plan found, with the sizes that the index gives. */
  async #withSizes(
    environment: Environment,
    { onlyBinary }: InstallOrder,
    planned: readonly PlannedDistribution[],
    run: InstallerRun,
  ) {
    if (planned.length === 0) return planned;
    const builds = onlyBinary ? ['--only-binary=:all:'] : [];
    const options = ['--quiet', '--no-deps', '--format=pylock.toml', ...builds, ...this.#options.settings.flags, '-'];
    const stdin = planned.map(({ name, version }) => `${name}==${version}\n`).join('');
    const bounded = { ...run, timeoutMs: Math.min(run.timeoutMs, sizesLimitMs), onOutput: undefined };
    const outcome = await this.#run(environment, bounded, 'compile', options, stdin);
    if (outcome.ending !== 'exited' || outcome.exitCode !== 0) return planned; // An older uv, or a local project.
    const sizes = await sizesInLock(textOf(outcome.stdout));
    return planned.map((each) => ({ ...each, ...sizes.get(normalizeName(each.name)) }));
  }

  async uninstall(environment: Environment, names: readonly string[], run: InstallerRun): Promise<ProcessOutcome> {
    return await this.#run(environment, run, 'uninstall', ['--', ...names]);
  }

  #arguments(order: InstallOrder, options: readonly string[]): string[] {
    return [
      ...options,
      ...this.#options.settings.flags,
      ...(order.upgrade ? ['--upgrade'] : []),
      ...(order.onlyBinary ? ['--only-binary=:all:'] : []),
      ...order.files.map((file) => `--requirements=${file}`),
      ...order.editables.map((project) => `--editable=${project}`),
      '--',
      ...order.requirements,
    ];
  }

  async #run(environment: Environment, run: InstallerRun, verb: string, args: readonly string[], stdin = '') {
    const { uv, settings, readConfig, equalIndexes, hostEnv } = this.#options;
    const host = Object.fromEntries(
      Object.entries(hostEnv).filter(([name]) => !redirecting.test(name) && name !== 'PYTHONPATH'),
    );
    return await runProcess({
      command: uv,
      args: [
        'pip',
        verb,
        `--python=${environment.python}`,
        '--no-python-downloads',
        '--no-progress',
        '--color=never',
        ...(readConfig ? [] : ['--no-config']),
        ...args,
      ],
      cwd: run.cwd,
      env: childEnvironment({
        host,
        venv: environment,
        isTool: true,
        extra: {
          ...(equalIndexes && host['UV_INDEX_STRATEGY'] === undefined
            ? { UV_INDEX_STRATEGY: 'unsafe-best-match' }
            : {}),
          ...settings.env,
          ...installerCaches({ ...host, ...settings.env }),
        },
      }),
      stdin,
      timeoutMs: run.timeoutMs,
      signal: run.signal,
      onOutput: run.onOutput,
      spill: false,
    });
  }
}
