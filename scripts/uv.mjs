import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs uv from the package index into the project's cache, for the tests that run the real one.
 * @returns its path, or undefined, with a message, where the index is out of reach.
 */
export function installUv(root) {
  const folder = join(root, '.cache', 'uv');
  const uv = process.platform === 'win32' ? join(folder, 'bin', 'uv.exe') : join(folder, 'bin', 'uv');
  if (existsSync(uv)) return uv;
  console.log('\nInstalling uv for the tests (once) …');
  for (const python of ['python3', 'python', 'py']) {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, 'uv'];
    const { status } = spawnSync(python, args, { stdio: 'ignore', timeout: 180_000 });
    if (status === 0 && existsSync(uv)) return uv;
  }
  console.log('uv could not be installed: the tests that need it are skipped.');
  return undefined;
}
