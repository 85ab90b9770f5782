import type { InstallDiff } from './installDiff';

/** What `install` answers. */
export interface InstallResult extends InstallDiff {
  /** "name==version" of what was asked for and was there. */
  readonly already_satisfied: readonly string[];
  readonly installer: 'uv' | 'pip';
  readonly duration_ms: number;
  readonly dry_run?: true;
  /** Of a plan that built: normalized names of what it took from source; as written where no name is known. */
  readonly builds?: readonly string[];
  /** Of a plan, where the sizes of all that it would install are known: their sum. */
  readonly download_bytes?: number;
  readonly notes: readonly string[];
}

/** What `uninstall` answers. */
export interface UninstallResult {
  readonly uninstalled: readonly { readonly name: string; readonly version: string }[];
  /** As asked for. */
  readonly not_installed: readonly string[];
  readonly installer?: 'uv' | 'pip';
  readonly duration_ms: number;
  readonly notes: readonly string[];
}
