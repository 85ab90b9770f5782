import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const missing = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error !== undefined;

/** Installs Wine where it is missing and this user may. @returns whether it is there. */
export function installWine() {
  if (!missing('wine')) return true;
  if (process.platform !== 'linux' || process.getuid() !== 0 || missing('apt-get')) return false;
  console.log('\nInstalling Wine for the tests (once) …');
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      timeout: 600_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = () => apt('install', '-y', '--no-install-recommends', 'wine', 'wine64');
  return (install() || (apt('update') && install())) && !missing('wine');
}

/** @returns the environment in which Wine uses a prefix: no windows, no messages, no menu entries, nothing
 * of this user's Pythons. */
export function wineEnvironment(prefix, extra = {}) {
  const env = { ...process.env, ...extra, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEARCH: 'win64' };
  env.WINEDLLOVERRIDES = 'mscoree,mshtml=;winemenubuilder.exe=d';
  for (const variable of Object.keys(env)) if (/^(DISPLAY$|PYTHON(?!_TOOLS))/.test(variable)) delete env[variable];
  return env;
}

/**
 * Runs a Windows program to its end. Its streams are files: Wine hands no Unix pipe to a program for Windows.
 * @returns its exit code, null where it could not be started or took too long, and what it wrote.
 */
export function runInWine(prefix, program, args = [], { env = {}, cwd, timeout = 120_000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'wine-'));
  const path = join(folder, 'output');
  const output = openSync(path, 'w');
  try {
    const { status } = spawnSync('wine', [program, ...args], {
      cwd,
      env: wineEnvironment(prefix, env),
      stdio: ['ignore', output, output],
      timeout,
      killSignal: 'SIGKILL',
    });
    return { status, output: readFileSync(path, 'utf8') };
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a prefix (a folder with a C: drive and a registry) that calls itself Windows 10. @returns whether it worked. */
export function makePrefix(prefix) {
  const made = runInWine(prefix, 'wineboot', ['--init']).status === 0;
  const named = made && runInWine(prefix, 'winecfg', ['-v', 'win10']).status === 0;
  wineServer(prefix, '-w'); // It writes the registry when its last program has ended.
  return named && existsSync(join(prefix, 'system.reg'));
}

/** Ends every program of a prefix. */
export function endPrefix(prefix) {
  wineServer(prefix, '-k');
  wineServer(prefix, '-w');
}

function wineServer(prefix, flag) {
  spawnSync('wineserver', [flag], { env: wineEnvironment(prefix), stdio: 'ignore', timeout: 60_000 });
}
