/** What is known of a venv; the names are those of the contract. */
export interface ExistingVenv {
  readonly exists: true;
  /** Absolute. */
  readonly path: string;
  /** Null where a broken venv does not tell. */
  readonly python_version: string | null;
  /** As many as `python.pip list` reports. */
  readonly packages_count: number;
  /** Mebibytes, to one decimal; files with several names counted once, links not followed. */
  readonly size_mb: number;
  /** UTC, such as "2025-01-06T10:00:00Z". */
  readonly created: string;
  readonly active: boolean;
  readonly prompt: string;
  /** Absolute; null where the base interpreter is gone. */
  readonly base_python: string | null;
  readonly system_site_packages: boolean;
  /** Why it cannot run; only where it cannot. */
  readonly broken?: string;
  readonly notes?: readonly string[];
}

export type VenvInfo = ExistingVenv | { readonly exists: false; readonly path: string };

export interface ListedVenv {
  readonly path: string;
  readonly python_version: string | null;
  readonly packages_count: number;
  readonly active: boolean;
  readonly broken?: string;
}

export interface VenvList {
  readonly venvs: readonly ListedVenv[];
  readonly count: number;
  /** Relative inside the folder, absolute outside, null for none. */
  readonly active: string | null;
  readonly notes?: readonly string[];
}

export interface CreatedVenv extends ExistingVenv {
  readonly created_with: 'uv' | 'venv';
  readonly duration_ms: number;
}

export interface DeletedVenv {
  readonly success: true;
  readonly path: string;
  readonly deleted: true;
  readonly notes?: readonly string[];
}
