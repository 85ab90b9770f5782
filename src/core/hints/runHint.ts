import type { Environment } from '../environment';
import type { InstalledMetadata } from '../packages/installedMetadata';
import type { RunOutcome, RunRequest } from '../runner/PythonRunner';
import type { VenvManager } from '../venv/venvManager';
import { failureHint } from './failureHint';
import { importHint } from './importHint';
import { missingModuleHint } from './missingModule';
import { relativeImportHint } from './relativeImport';

/** What hints may look at: reading files only, so that a hint costs milliseconds and changes nothing. */
export interface HintSources {
  /** The folder, absolute. */
  readonly root: string;
  /** The highest time limit of a run, in seconds. */
  readonly maxTimeout: number;
  readonly venvs: VenvManager;
  readonly metadata: InstalledMetadata;
}

/** A run that did not end with exit code 0. */
export interface FailedRun {
  readonly request: RunRequest;
  readonly environment: Environment;
  readonly outcome: RunOutcome;
}

/**
 * @returns the next step after a run that failed, with the call that takes it where there is one; undefined where none
 * is known. Never throws: a run's result does not depend on its hint.
 */
export async function runHint(sources: HintSources, run: FailedRun): Promise<string | undefined> {
  try {
    return (
      importHint(sources, run) ??
      (await missingModuleHint(sources, run)) ??
      relativeImportHint(sources, run) ??
      (await failureHint(sources, run))
    );
  } catch {
    return undefined;
  }
}
