import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { connected, stdioServer, type ConnectedClient } from '../../support/mcpClient';
import { onWindows, skipped, type It } from '../../support/platform';
import { testPythons } from '../../support/pythons';
import { ProcessTransport } from './processTransport';
import { directStarter, relayStarter } from './starters';
import { toWindows } from './wine';
import type { Starter, WindowsProcess } from './windowsProcess';

/** A folder as this process names it, and as programs on Windows do. */
export interface WindowsFolder {
  readonly here: string;
  readonly there: string;
}

/** The Windows that the tests are run on: this one, or that of Wine. */
export interface Windows {
  /** Starts a program. */
  readonly start: (command: string, args: readonly string[]) => WindowsProcess;
  /** Runs a program to its end. @returns its exit code and its standard output. */
  readonly run: (command: string, args: readonly string[]) => Promise<{ code: number | null; stdout: string }>;
  /** Waits until a process is gone. @throws where that takes too long. */
  readonly ends: (pid: number) => Promise<void>;
  /** Makes a folder, which goes with the tests. */
  readonly makeFolder: () => WindowsFolder;
  /** Starts the stdio server. @param env is added to an environment without uv, and with the first Python on PATH. */
  readonly startServer: (args: readonly string[], env?: Readonly<Record<string, string>>) => WindowsProcess;
  /** Starts the stdio server and connects a client to it. */
  readonly connect: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<ConnectedClient>;
  readonly close: () => Promise<void>;
}

/** The base Pythons to test with, by their paths on Windows. */
export const pythonsAtHand: readonly string[] =
  process.env['PYTHON_TOOLS_TEST_WINDOWS_PYTHONS']?.split(';') ??
  (onWindows ? testPythons().map(({ path }) => path) : []);

/** uv, by its path on Windows. */
export const uvAtHand = process.env[onWindows ? 'PYTHON_TOOLS_TEST_UV' : 'PYTHON_TOOLS_TEST_WINE_UV'];

/** `it` for tests that need a Python. */
export const itWithPython: It =
  pythonsAtHand.length > 0 ? it : skipped('there is no Python; PYTHON_TOOLS_WINDOWS_PYTHON names one');

/** `it` for tests that need uv, too. */
export const itWithUv: It = uvAtHand === undefined ? skipped('there is no uv') : itWithPython;

/** @returns the Windows at hand. @throws where there is none: `npm run test:windows` sees to it. */
export async function openWindows(): Promise<Windows> {
  if (onWindows) {
    const drive = realpathSync.native(tmpdir());
    return windowsOf(directStarter(), { node: process.execPath, drive, name: (path) => path });
  }
  const { PYTHON_TOOLS_TEST_WINE_PREFIX: prefix, PYTHON_TOOLS_TEST_WINE_NODE: node } = process.env;
  if (!prefix || !node) throw new Error('These tests need Windows or Wine: npm run test:windows');
  const name = (path: string): string => toWindows(prefix, path);
  return windowsOf(await relayStarter(prefix, node), { node, drive: join(prefix, 'drive_c'), name });
}

interface Place {
  readonly node: string;
  /** The folder in which folders are made. */
  readonly drive: string;
  /** How Windows names a path of this process. */
  readonly name: (path: string) => string;
}

function windowsOf(starter: Starter, { node, drive, name }: Place): Windows {
  const folders: string[] = [];
  const makeFolder = (): WindowsFolder => {
    const here = mkdtempSync(join(drive, 'python-tools-'));
    folders.push(here);
    return { here, there: name(here) };
  };
  const state = makeFolder().there;
  const system = 'C:\\Windows\\System32;C:\\Windows';
  const startServer: Windows['startServer'] = (args, env = {}) => {
    const [python] = pythonsAtHand;
    const path = [...(python === undefined ? [] : [win32.dirname(python)]), system].join(';');
    const own = { PATH: path, LOCALAPPDATA: state, PIP_CONFIG_FILE: 'nul', UV_NO_CONFIG: '1' };
    return starter.start(node, [name(stdioServer), ...args], { env: { ...own, ...env } });
  };
  const start: Windows['start'] = (command, args) => starter.start(command, args);
  return {
    start,
    run: async (command, args) => {
      const started = start(command, args);
      let stdout = '';
      started.onStdout((data) => (stdout += data.toString()));
      started.endInput();
      return { code: await started.exited, stdout };
    },
    ends: async (pid) => {
      const deadline = performance.now() + 20_000;
      while (await starter.isAlive(pid)) {
        if (performance.now() > deadline) throw new Error(`process ${pid} goes on`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    makeFolder,
    startServer,
    connect: async (args, env) => {
      const client = new Client({ name: 'test', version: '1.0.0' });
      await client.connect(new ProcessTransport(startServer(args, env)));
      return connected(client);
    },
    close: async () => {
      await starter.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
