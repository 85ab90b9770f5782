import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { VsCode } from './installVsCode';

export interface ServerOptions {
  /** Merged into this process's; undefined takes a variable out. The extension host inherits all of it. */
  readonly env?: Record<string, string | undefined>;
  /** False: folders open untrusted, as they do for a person who has not said otherwise. Default true. */
  readonly trusted?: boolean;
  /**
   * Honour `extensionDevelopmentPath` and `extensionTestsPath` of a page. It also hides notification toasts: to see what
   * a person sees, leave it out and install the vsix.
   */
  readonly development?: boolean;
  /** User settings; those of a test are better put into its workspace. */
  readonly settings?: Record<string, unknown>;
  /** Extensions of test/fixtures/extensions that are installed. */
  readonly extensions?: readonly string[];
  /** The content of chatLanguageModels.json, VS Code's list of models that a user adds. */
  readonly chatModels?: unknown;
}

export interface Server extends AsyncDisposable {
  readonly vscode: VsCode;
  readonly url: string;
  readonly port: number;
  /** The server's data folder. */
  readonly home: string;
  readonly extensionsFolder: string;
  /** Logs of the server, its extension hosts and the log channels of extensions. */
  readonly logsFolder: string;
  /** Copies the logs there: an extension host's folder is gone with the server. */
  saveLogs(folder: string): Promise<void>;
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'git.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.byokUtilityModelDefault': 'mainAgent',
};

/** Starts a VS Code server on a free port with data folders of its own; disposing ends every process of its. */
export async function startServer(vscode: VsCode, options: ServerOptions = {}): Promise<Server> {
  const home = await mkdtemp(join(tmpdir(), 'vscode-server-'));
  const userFolder = join(home, 'data/User');
  const extensionsFolder = join(home, 'extensions');
  await mkdir(userFolder, { recursive: true });
  await copyExtensions(options.extensions ?? [], extensionsFolder);
  await writeFile(join(userFolder, 'settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }));
  if (options.chatModels !== undefined) {
    await writeFile(join(userFolder, 'chatLanguageModels.json'), JSON.stringify(options.chatModels));
  }

  const child = spawn(
    vscode.node,
    [
      vscode.serverMain,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--server-data-dir', home, '--extensions-dir', extensionsFolder, '--telemetry-level', 'off'],
      // Else the extension host of a closed window waits three hours for it to come back.
      ...['--reconnection-grace-time', '1'],
      ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
      ...(options.development === true ? ['--enable-smoke-test-driver'] : []),
    ],
    // A group of its own, so that the extension hosts and what they started can be ended together.
    { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const endNow = () => {
    signalGroup(child, 'SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  process.on('exit', endNow);

  const port = await listeningPort(child.stdout, child.stderr);
  const logsFolder = join(home, 'data/logs');
  return {
    vscode,
    url: `http://127.0.0.1:${port}`,
    port,
    home,
    extensionsFolder,
    logsFolder,
    saveLogs: (folder) => cp(logsFolder, folder, { recursive: true }),
    async [Symbol.asyncDispose]() {
      // Asked to end, the server is gone at once and its extension hosts deactivate their extensions, which takes about a
      // second; a group that is all zombies waits for init, so the bound is what often ends this.
      child.kill('SIGTERM');
      for (let waits = 0; waits < 30 && signalGroup(child, 0); waits++) await setTimeout(50);
      endNow();
      process.off('exit', endNow);
    },
  };
}

/** Installs extensions of test/fixtures/extensions into a folder, as VS Code itself lays them out. */
export async function copyExtensions(names: readonly string[], extensionsFolder: string): Promise<void> {
  for (const each of names) {
    const source = resolve('test/fixtures/extensions', each);
    const text = await readFile(join(source, 'package.json'), 'utf8');
    const { publisher, name, version } = JSON.parse(text) as { publisher: string; name: string; version: string };
    await cp(source, join(extensionsFolder, `${publisher}.${name}-${version}`), { recursive: true });
  }
}

/** Whether somebody in the process's group was there to receive it. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Reads the port from the line in which the server announces it; the rest of the output is drained. */
async function listeningPort(stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream): Promise<number> {
  let output = '';
  stderr.on('data', (data: Buffer) => (output = (output + data.toString()).slice(-4000)));
  return await new Promise((resolve, reject) => {
    createInterface(stdout)
      .on('line', (line) => {
        output = `${output}${line}\n`.slice(-4000);
        const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      })
      .on('close', () => {
        reject(new Error(`VS Code's server ended before it listened:\n${output}`));
      });
  });
}
