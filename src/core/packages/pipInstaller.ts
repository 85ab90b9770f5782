import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../environment';
import { readText } from '../files/readFiles';
import { newPrivateFolder } from '../files/privateFolder';
import { childEnvironment } from '../process/environment';
import { installerCaches } from '../process/installerCaches';
import type { ProcessOutcome } from '../process/request';
import { runProcess } from '../process/runProcess';
import { isTable, sizeOf } from './archiveSizes';
import type { Installer, InstallerRun, InstallOrder, InstallPlan, PlannedDistribution } from './installer';
import { pipIsAtLeast, type PipCommand } from './pipCommand';
import { devNull, redirectingOptions, type PipConfiguration } from './pipConfiguration';

/** The first pip that can write what it would do into a file. */
const firstWithReport = '22.2';

export interface PipInstallerOptions {
  /** The pips that can serve the environment, the preferred one first; not empty. */
  readonly pips: readonly PipCommand[];
  readonly configuration: PipConfiguration;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * @returns the host's variables with pip's configuration in them, its files switched off, and nothing that would send
 * an install out of the venv: an option in a file (`[install] target = …`) can be switched off in no other way.
 */
export function pipEnvironment(
  configuration: PipConfiguration,
  host: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    // What lies on PYTHONPATH is not installed.
    if (value !== undefined && !/^PIP_/i.test(name) && name !== 'PYTHONPATH') env[name] = value;
  }
  for (const [option, value] of configuration) {
    // Values of several lines are lists, which a variable separates by blanks.
    if (!redirectingOptions.has(option)) env[variableOf(option)] = onOneLine(value);
  }
  // Where pip is not to retry, it keeps a connection that failed to itself and says that nothing matched.
  if (env['PIP_RETRIES'] === '0') env['PIP_RETRIES'] = '1';
  return {
    ...env,
    PIP_CONFIG_FILE: devNull(platform),
    PIP_REQUIRE_VIRTUALENV: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PIP_NO_COLOR: '1',
    PIP_PROGRESS_BAR: 'off',
    PIP_ROOT_USER_ACTION: 'ignore',
  };
}

const onOneLine = (value: string): string =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');

const variableOf = (option: string): string => `PIP_${option.toUpperCase().replaceAll('-', '_')}`;

async function planned(item: unknown): Promise<PlannedDistribution[]> {
  if (!isTable(item) || !isTable(item['metadata'])) return [];
  const { name, version } = item['metadata'];
  if (typeof name !== 'string' || typeof version !== 'string') return [];
  const source = item['download_info'];
  // What an index has, it says to pip only, and not in the report.
  return [{ name, version, ...(isTable(source) ? await sizeOf({ url: source['url'] }) : {}) }];
}

/** A report has the metadata of all that would be installed, descriptions too. */
const largestReport = 256 * 1024 * 1024;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The report of `pip install --report` (version 1): what would be installed. pip removes only what it replaces. */
async function changesIn(json: string): Promise<InstallPlan['changes']> {
  const report = parsed(json);
  if (!isTable(report) || !Array.isArray(report['install'])) return undefined;
  return { installed: (await Promise.all(report['install'].map(planned))).flat(), removed: [] };
}

/** Installs through pip, run by the environment's own Python. */
export class PipInstaller implements Installer {
  readonly name = 'pip';
  readonly #options: PipInstallerOptions;

  constructor(options: PipInstallerOptions) {
    this.#options = options;
  }

  async install(environment: Environment, order: InstallOrder, run: InstallerRun): Promise<ProcessOutcome> {
    return await this.#run(environment, run, this.#options.pips[0], ['install', ...this.#arguments(order)]);
  }

  async plan(environment: Environment, order: InstallOrder, run: InstallerRun): Promise<InstallPlan | undefined> {
    const pip = this.#options.pips.find((candidate) => pipIsAtLeast(candidate, firstWithReport));
    if (!pip) return undefined;
    // A file, since other lines come to standard output too (PIP_VERBOSE, build backends).
    const folder = newPrivateFolder('plans', 'report-');
    try {
      const report = join(folder, 'report.json');
      const args = ['install', '--dry-run', `--report=${report}`, ...this.#arguments(order)];
      const outcome = await this.#run(environment, run, pip, args);
      if (outcome.exitCode !== 0) return { outcome, changes: undefined };
      return { outcome, changes: await changesIn((await readText(report, largestReport)) ?? '') };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async uninstall(environment: Environment, names: readonly string[], run: InstallerRun): Promise<ProcessOutcome> {
    return await this.#run(environment, run, this.#options.pips[0], ['uninstall', '--yes', '--', ...names]);
  }

  #arguments(order: InstallOrder): string[] {
    return [
      ...(order.upgrade ? ['--upgrade'] : []),
      ...(order.onlyBinary ? ['--only-binary=:all:'] : []),
      ...order.files.map((file) => `--requirement=${file}`),
      ...order.editables.map((project) => `--editable=${project}`),
      '--',
      ...order.requirements,
    ];
  }

  async #run(environment: Environment, run: InstallerRun, pip: PipCommand | undefined, args: readonly string[]) {
    const { configuration, hostEnv, platform } = this.#options;
    const host = pipEnvironment(configuration, hostEnv, platform);
    return await runProcess({
      command: environment.python,
      args: [...(pip?.args ?? ['-m', 'pip']), ...args],
      cwd: run.cwd,
      env: childEnvironment({ host, venv: environment, extra: installerCaches(host, platform), isTool: true }),
      timeoutMs: run.timeoutMs,
      signal: run.signal,
      onOutput: run.onOutput,
      spill: false,
    });
  }
}
