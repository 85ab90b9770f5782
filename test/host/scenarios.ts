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
    suite: 'chat',
    title: 'in a window whose user trusts runs and installs',
    makeWorkspace: () =>
      makeWorkspace({
        'main.py': 'print("Hello")\n',
        '.vscode/settings.json': { 'pythonTools.chat.trustRuns': true, 'pythonTools.chat.trustInstalls': true },
      }),
  },
];
