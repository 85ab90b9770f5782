import { copyFile, link, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../core/files/makeFolder';
import { textOf } from '../core/process/capture';
import { childEnvironment } from '../core/process/environment';
import { runProcess } from '../core/process/runProcess';
import { readBeginning } from '../core/files/readFiles';
import { pathRules, stateFolder, type Machine } from '../core/files/storage';
import type { Launch, LaunchableServer } from './connection';
import { nodesOnPath } from './launch';

const oldestMajor = 20;
const probeMs = 5000;

/** The program that runs an extension: the editor itself, or a Node.js that is part of it. */
export interface ExtensionHost {
  readonly execPath: string;
  /** Whether that program is an Electron, which is a Node.js only if told so. */
  readonly isElectron: boolean;
}

/**
 * @returns the Node.js that agents start the server with: the first on PATH that is new enough, else the one that runs
 * the extension. That of a remote editor lies in a folder which its next update replaces, and is kept beside the
 * server's copy.
 */
export async function nodeOfExtension(
  { execPath, isElectron }: ExtensionHost,
  machine: Machine,
): Promise<LaunchableServer> {
  for (const file of nodesOnPath(machine)) {
    const command = await usableNode(file, machine);
    if (command !== undefined) return { launch: nodeAt(command), prepare: () => Promise.resolve() };
  }
  if (isElectron) return { launch: electronAt(execPath), prepare: () => Promise.resolve() };
  const name = machine.platform === 'win32' ? 'node.exe' : 'node';
  const kept = pathRules(machine.platform).join(stateFolder(machine), 'server', name);
  return {
    launch: nodeAt(kept),
    prepare: async () => {
      await keepFile(execPath, kept);
    },
  };
}

const nodeAt = (command: string): Launch => ({ command, args: [], env: {} });

/** A snap's folder has its revision in its name, and another one that always leads to the current one. */
const electronAt = (execPath: string): Launch => ({
  command: execPath.replace(/^(\/snap\/[^/]+)\/x?\d+\//, '$1/current/'),
  args: [],
  env: { ELECTRON_RUN_AS_NODE: '1' },
});

/** @returns how to start it; undefined where it is too old or does not run. */
async function usableNode(file: string, machine: Machine): Promise<string | undefined> {
  try {
    const { stdout, exitCode } = await runProcess({
      command: file,
      args: ['-p', 'process.versions.node + " " + process.execPath'],
      cwd: machine.home,
      env: childEnvironment({ host: machine.env, isTool: true }),
      timeoutMs: probeMs,
    });
    const [, major, path] = /^(\d+)\.\S+ (.+)$/m.exec(textOf(stdout)) ?? [];
    if (exitCode !== 0 || path === undefined || Number(major) < oldestMajor) return undefined;
    // A script that chooses a version (asdf, mise, nodenv) chooses by folder, and needs a PATH that agents may not have.
    const isScript = readBeginning(file, 2) === '#!';
    return isScript ? path : file;
  } catch {
    return undefined;
  }
}

/** A second name of the file, which stays when the first goes; a copy where the disk is another one. */
async function keepFile(file: string, kept: string): Promise<void> {
  if (await stat(kept).catch(() => undefined)) return;
  await makeFolder(dirname(kept), 0o700);
  await link(file, kept).catch(async () => {
    await copyFile(file, kept);
  });
}
