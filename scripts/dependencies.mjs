import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';

/** Installs the npm packages of the lock file where they are missing or older than it. Exits where that fails. */
export function installDependencies(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  // `npm ci` empties the folder behind a link first, and that one is another checkout's.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing the npm packages (once) …');
  // None of them needs its install script, and a package's script is code that nobody here has read.
  const { status } = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
