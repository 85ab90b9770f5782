import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs uv from the package index into the project's cache, for the tests that run the real one.
 * @returns its path, or undefined, with a message, where the index is out of reach.
 */
export function installUv(root) {
  const folder = join(root, '.cache', 'uv');
  // On Windows it is the version of pip that says which of the folders.
  const files = process.platform === 'win32' ? ['bin/uv.exe', 'Scripts/uv.exe'] : ['bin/uv'];
  const installed = () => files.map((file) => join(folder, file)).find((file) => existsSync(file));
  const before = installed();
  if (before !== undefined) return before;
  console.log('\nInstalling uv for the tests (once) …');
  for (const python of ['python3', 'python', 'py']) {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, 'uv'];
    const { status } = spawnSync(python, args, { stdio: 'ignore', timeout: 180_000 });
    const uv = installed();
    if (status === 0 && uv !== undefined) return uv;
  }
  console.log('uv could not be installed: the tests that need it are skipped.');
  return undefined;
}
