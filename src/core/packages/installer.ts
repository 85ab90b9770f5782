import type { Environment } from '../environment';
import type { ProcessOutcome } from '../process/request';

/** What to install, every part already in a form that can't be read as an option. */
export interface InstallOrder {
  readonly requirements: readonly string[];
  /** Requirements files, absolute. */
  readonly files: readonly string[];
  /** Projects to install in editable mode: absolute paths or `file:` URLs, extras behind them. */
  readonly editables: readonly string[];
  readonly upgrade: boolean;
  /** Only wheels: nothing is built, so no code of a package runs. */
  readonly onlyBinary?: boolean | undefined;
}

/** The circumstances of one run of an installer. */
export interface InstallerRun {
  /** Where relative paths in a requirements file start from, and where uv looks for its configuration. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((stream: 'stdout' | 'stderr', chunk: Buffer) => void) | undefined;
}

export interface PlannedDistribution {
  readonly name: string;
  readonly version: string;
  /** In a plan: the size of the wheel or archive that it comes in, where that is known. */
  readonly download_bytes?: number;
}

/** What an install would do; `changes` is undefined where the installer failed. */
export interface InstallPlan {
  readonly outcome: ProcessOutcome;
  readonly changes:
    | { readonly installed: readonly PlannedDistribution[]; readonly removed: readonly PlannedDistribution[] }
    | undefined;
  /** Names, normalized, of what is built from source, where the installer tells; undefined: it does not. */
  readonly builds?: readonly string[];
}

/** uv or pip. Neither judges its own outcome, and what changed is read from the metadata, not from what they print. */
export interface Installer {
  readonly name: 'uv' | 'pip';
  install(environment: Environment, order: InstallOrder, run: InstallerRun): Promise<ProcessOutcome>;
  /** Changes nothing. @returns undefined where this installer's version can't tell a plan. */
  plan(environment: Environment, order: InstallOrder, run: InstallerRun): Promise<InstallPlan | undefined>;
  /** @param names normalized, of distributions that the environment itself holds. */
  uninstall(environment: Environment, names: readonly string[], run: InstallerRun): Promise<ProcessOutcome>;
}
