import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { anyPython } from '../support/anyPython';
import { testServers } from '../support/testServers';
import { writeWheel } from '../support/wheels';
import { makeWorkspace } from './rig/workspace';
import type { Scenario } from './scenarios';

const run = promisify(execFile);

/** Imports what is not installed; basedpyright has more to say of it than that. */
const program = 'import lamp\n\nprint(lamp.__version__)\n';

/** Settings of a user who is asked only before something is deleted or removed. */
export const trusting = { 'pythonTools.chat.trustRuns': true, 'pythonTools.chat.trustInstalls': true };

async function makeVenv(folder: string, name: string): Promise<string> {
  const venv = join(folder, name);
  await run(anyPython(), ['-m', 'venv', '--without-pip', venv]);
  return venv;
}

/** The user's tools are those of the tests. PATH would not do: VS Code takes it from a login shell. */
const env = (tools?: string) => (): Record<string, string> => ({
  HOME: tmpdir(),
  ...(tools === undefined ? {} : { UV_TOOL_BIN_DIR: tools }),
});

const serversAsTools = (): Record<string, string> => env(testServers()?.scripts)();

export const serverScenarios: readonly Scenario[] = [
  {
    suite: 'languageServer',
    title: 'in a window with a language server among the installed tools',
    open: 'project',
    env: serversAsTools,
    settings: trusting,
    makeWorkspace: async () => {
      const workspace = await makeWorkspace({ 'project/main.py': program });
      for (const name of ['.venv', 'other']) await makeVenv(join(workspace.path, 'project'), name);
      await writeWheel(join(workspace.path, 'wheels'), { name: 'lamp', version: '1.0' });
      return workspace;
    },
  },
  {
    suite: 'languageServerInVenv',
    title: 'in a window with a language server in the environment',
    env: env(),
    settings: trusting,
    makeWorkspace: async () => {
      const workspace = await makeWorkspace({ 'main.py': program });
      const servers = testServers();
      if (!servers) return workspace;
      const venv = await makeVenv(workspace.path, '.venv');
      const wheels = (await readdir(servers.wheels)).map((name) => join(servers.wheels, name));
      const pip = join(servers.scripts, 'python');
      await run(pip, ['-m', 'pip', '--python', venv, 'install', '--quiet', '--no-index', '--no-deps', ...wheels]);
      return workspace;
    },
  },
  {
    suite: 'languageServerFolders',
    title: 'in a window with several folders and a language server among the installed tools',
    open: 'all.code-workspace',
    env: serversAsTools,
    settings: trusting,
    makeWorkspace: async () => {
      const workspace = await makeWorkspace({
        'one/main.py': program,
        'one/inner/main.py': program,
        'two/main.py': program,
        'all.code-workspace': {
          folders: [{ path: 'one' }, { path: 'one/inner', name: 'inner' }, { path: 'two' }],
        },
      });
      const wheel = await writeWheel(join(workspace.path, 'wheels'), { name: 'lamp', version: '1.0' });
      for (const folder of ['one', 'one/inner', 'two']) await makeVenv(join(workspace.path, folder), '.venv');
      const servers = testServers();
      if (!servers) return workspace;
      const pip = join(servers.scripts, 'python');
      const venv = join(workspace.path, 'one/.venv');
      await run(pip, ['-m', 'pip', '--python', venv, 'install', '--quiet', '--no-index', wheel]);
      return workspace;
    },
  },
  {
    suite: 'languageServerElsewhere',
    title: 'in a window with another Python language extension',
    env: serversAsTools,
    settings: trusting,
    extensions: ['pyright'],
    makeWorkspace: async () => await makeWorkspace({ 'main.py': program }),
  },
];
