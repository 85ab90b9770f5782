import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Other MCP servers that the benchmarks compare with, as they were when that was written. */
const fromPyPI = ['mcp-python-interpreter==1.2.3', 'uv-mcp==0.3.0', 'mcp-run-python==0.0.22'];
const fromNpm = ['mcp-server-code-runner@0.1.8'];

/**
 * Installs the servers, each on its own, into a cache of the user's; PYTHON_TOOLS_TEST_PEERS names another folder.
 * @returns the folder; what could not be installed is not in it.
 */
export function installPeers() {
  const cache = process.env.PYTHON_TOOLS_TEST_PEERS ?? join(homedir(), '.cache', 'python-tools-mcp-peers');
  mkdirSync(cache, { recursive: true });
  for (const peer of fromPyPI) installOnce(cache, peer.split('==')[0], (folder) => pipInstall(folder, peer));
  for (const peer of fromNpm) installOnce(cache, peer.split('@')[0], (folder) => npmInstall(folder, peer));
  return cache;
}

function installOnce(cache, name, install) {
  const folder = join(cache, name);
  if (existsSync(folder)) return;
  console.error(`Installing ${name} (once) …`);
  if (!install(folder)) rmSync(folder, { recursive: true, force: true });
}

const succeeds = (command, args, options = {}) =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 300_000, ...options }).status === 0;

function pipInstall(folder, requirement) {
  const windows = process.platform === 'win32';
  const python = windows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  return (
    ['python3', 'python', 'py'].some((base) => succeeds(base, ['-m', 'venv', folder])) &&
    succeeds(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement])
  );
}

function npmInstall(folder, requirement) {
  mkdirSync(folder, { recursive: true });
  const windows = process.platform === 'win32';
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, requirement];
  return succeeds(windows ? 'npm.cmd' : 'npm', args, { shell: windows });
}
