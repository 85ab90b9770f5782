import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Runs npm and waits for it. On Windows npm is a batch file, for which Node.js needs a shell, and a shell takes paths with
 * blanks apart: there npm is run as the script that it is.
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
export function npm(args, options) {
  const script = process.platform === 'win32' ? npmScript() : undefined;
  return script === undefined
    ? spawnSync('npm', args, options)
    : spawnSync(process.execPath, [script, ...args], options);
}

/** @returns the script that started this process, where npm did, else the one that lies beside Node.js. */
function npmScript() {
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const found = [process.env.npm_execpath, beside].find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
  if (found === undefined) throw new Error('No npm was found: run this through npm.');
  return found;
}
