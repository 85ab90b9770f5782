import { join } from 'node:path';
import { writeWheel } from '../support/wheels';
import { serverScenarios, trusting } from './languageServerScenarios';
import { makeVenvs } from './rig/venvs';
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
  /** Of the extension host, beside this process's. */
  readonly env?: () => Record<string, string>;
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Extensions of test/fixtures/extensions that are installed beside this one. */
  readonly extensions?: readonly string[];
  makeWorkspace(): Promise<Workspace>;
}

export const scenarios: readonly Scenario[] = [
  {
    suite: 'folder',
    title: 'in a window with one folder',
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
  {
    suite: 'commands',
    title: 'in a window in which commands run',
    makeWorkspace: async () => {
      const workspace = await makeWorkspace({
        'main.py': 'print("Hello")\n',
        'requirements-dev.txt': './wheels/lamp-1.0-py3-none-any.whl\n',
      });
      for (const version of ['1.0', '2.0']) await writeWheel(join(workspace.path, 'wheels'), { name: 'lamp', version });
      return workspace;
    },
  },
  {
    suite: 'status',
    title: 'that starts fast, follows settings and activates terminals',
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
  {
    suite: 'besidePython',
    title: 'beside the Python extension, with the environments one switched off',
    extensions: ['python', 'environments'],
    makeWorkspace: async () => {
      const python = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
      const settings = { 'standIn.selected': `second/${python}`, 'python.useEnvironmentsExtension': false };
      const workspace = await makeWorkspace({ 'main.py': 'print("Hello")\n', '.vscode/settings.json': settings });
      await makeVenvs(workspace, '.venv', 'second', 'third');
      return workspace;
    },
  },
  {
    suite: 'besideEnvironments',
    title: 'beside both Python extensions, with two folders',
    open: 'both.code-workspace',
    extensions: ['python', 'environments'],
    makeWorkspace: async () => {
      const workspace = await makeWorkspace({
        'both.code-workspace': { folders: [{ path: 'one' }, { path: 'two' }], settings: {} },
        'one/first.py': '',
        'two/second.py': '',
      });
      await makeVenvs(workspace, 'one/.venv', 'one/other', 'two/.venv', 'two/other');
      return workspace;
    },
  },
  {
    suite: 'untrusted',
    title: 'in a window that is not trusted',
    trusted: false,
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
  {
    suite: 'chat',
    title: 'in a window whose user trusts runs and installs',
    settings: trusting,
    makeWorkspace: () => makeWorkspace({ 'main.py': 'print("Hello")\n' }),
  },
  ...serverScenarios,
];
