import { makeWorkspace } from './rig/workspace';
import type { Workspace } from './rig/workspace';

/** A window in which a folder of suite/ runs, in the npm rig as well as in desktop VS Code. */
export interface Scenario {
  /** A folder of suite/. */
  readonly suite: string;
  readonly title: string;
  /** What is open: the workspace's folder, or this file of it. */
  readonly open?: string;
  readonly trusted?: boolean;
  makeWorkspace(): Promise<Workspace>;
}

export const scenarios: readonly Scenario[] = [
  {
    suite: 'folder',
    title: 'in a window with one folder',
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
  {
    suite: 'status',
    title: 'that starts fast, follows settings and activates terminals',
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
  {
    suite: 'untrusted',
    title: 'in a window that is not trusted',
    trusted: false,
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
];
