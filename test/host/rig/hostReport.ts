/** What the extension host and the runner say to each other: JSON lines over a socket on loopback. */

/** The runner's first and only line. */
export interface HostPlan {
  /** Compiled mocha files, absolute. */
  readonly files: readonly string[];
  readonly grep?: string;
}

/** The extension host's lines, as mocha goes on; closing without an `end` means that the host died. */
export type HostEvent =
  | { readonly event: 'pass'; readonly title: string; readonly ms: number }
  | { readonly event: 'pending'; readonly title: string }
  | { readonly event: 'fail'; readonly title: string; readonly message: string }
  | { readonly event: 'console'; readonly text: string }
  | { readonly event: 'end' };

/** The environment variable through which the extension host learns the runner's port. */
export const portVariable = 'HOST_TESTS_PORT';

/** In desktop VS Code, which reports to the terminal: the folder of suite/ to run. */
export const suiteVariable = 'HOST_TESTS_SUITE';
