import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npm } from './npm.mjs';

const fromPyPi = [
  'basedpyright==1.40.1',
  'ty==0.0.107',
  'python-lsp-server==1.15.0',
  'jedi-language-server==0.47.0',
  'ruff==0.17.6',
];
const fromNpm = ['pyright@1.1.414'];

/**
 * Installs the language servers for the tests, once, outside of the project: `venv` has those of the package index,
 * `npm` those of npm, `wheels` what installs basedpyright without an index.
 * @returns the folder, or undefined, with a message, where the registries are out of reach.
 */
export function installLanguageServers() {
  const cache =
    process.env.PYTHON_TOOLS_SERVERS_CACHE ?? join(homedir(), '.cache', 'python-tools-mcp', 'language-servers');
  const folder = join(cache, [...fromPyPi, ...fromNpm].join('_').replaceAll(/[^\w.]+/g, '-'));
  if (existsSync(join(folder, 'complete'))) return folder;
  console.log(`\nInstalling language servers for the tests into ${folder} (once, 400 MB) …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, stdio: 'ignore', timeout: 600_000 };
  const run = (command, args) => spawnSync(command, args, options).status === 0;
  const python = join(folder, 'venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const made = ['python3', 'python', 'py'].some((base) => run(base, ['-m', 'venv', 'venv']));
  const pip = (...args) => run(python, ['-m', 'pip', ...args, '--quiet', '--disable-pip-version-check']);
  writeFileSync(join(folder, 'package.json'), '{}');
  if (
    made &&
    pip('install', ...fromPyPi) &&
    pip('download', '--dest', 'wheels', fromPyPi[0]) &&
    npm(['install', '--ignore-scripts', '--prefix', folder, '--no-audit', '--no-fund', ...fromNpm], options).status ===
      0
  ) {
    writeFileSync(join(folder, 'complete'), '');
    return folder;
  }
  rmSync(folder, { recursive: true, force: true });
  console.log('They could not be installed: the tests that need them are skipped.');
  return undefined;
}
