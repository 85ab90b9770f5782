import { createHash, randomUUID } from 'node:crypto';
import { cp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../core/files/makeFolder';
import { makeFolders, ownAllLike } from '../core/files/ownership';
import { codeOf } from '../core/files/systemErrors';
import { readBytes, readText } from '../core/files/readFiles';
import { pathRules, readJson, replace, stateFolder, writeJson, type Machine } from '../core/files/storage';
import { at } from './jsonFormat';

/** What the server over stdio consists of, in the folder of the build. */
const parts = ['stdio.js', 'stdioServer.js', 'connect.js', 'toml.js', 'python'];

/** A server that was replaced may still run for an agent, and reads its files as it runs. */
const keptDays = 30;

/**
 * Agents are told of a file that stays where it is, while the extension's own folder is replaced by each update:
 *
 *     server/start.js          starts the current copy
 *     server/current.json      names it
 *     server/0.1.0-3f2a…/      a copy of the build
 */
const serverFolder = (machine: Machine): string => pathRules(machine.platform).join(stateFolder(machine), 'server');

/** @returns the file that starts the current copy, absolute; it need not exist yet. */
export const startFile = (machine: Machine): string =>
  pathRules(machine.platform).join(serverFolder(machine), 'start.js');

const launcher = `const { join } = require('node:path');
const { folder } = require('./current.json');
require(join(__dirname, folder, 'stdio.js'));
`;

/**
 * Copies the server of a build to where it outlives that build, unless that copy is there and current already. Servers
 * that run go on with the copy that they were started from.
 *
 * @throws what the file system throws.
 */
export async function keepServer(build: string, version: string, machine: Machine): Promise<void> {
  const home = serverFolder(machine);
  const start = startFile(machine);
  const folder = `${version}-${await fingerprint(build)}`;
  const current = await currentFolder(home);
  const owner = await makeFolders(home, 0o700);
  await copyOnce(build, join(home, folder));
  if ((await readText(start)) !== launcher) await writeWhole(start, launcher);
  if (current !== folder) {
    await writeJson(join(home, 'current.json'), { folder });
    await removeReplaced(home, folder, current);
  }
  await ownAllLike(home, owner);
}

/**
 * Brings the copy up to date with an extension that was updated, where agents were told of a copy at all. A newer one,
 * of another editor's extension, stays.
 *
 * @returns whether it had to. @throws what the file system throws.
 */
export async function refreshKeptServer(build: string, version: string, machine: Machine): Promise<boolean> {
  const current = await currentFolder(serverFolder(machine));
  if (current === undefined || !isOlder(current, version)) return false;
  await keepServer(build, version, machine);
  return true;
}

const isOlder = (folder: string, version: string): boolean =>
  (folder.split('-')[0] ?? '').localeCompare(version, 'en', { numeric: true }) < 0;

async function currentFolder(home: string): Promise<string | undefined> {
  const folder = at(await readJson(join(home, 'current.json')), ['folder']);
  if (typeof folder !== 'string') return undefined;
  const exists = await stat(join(home, folder, 'stdio.js')).catch(() => undefined);
  // A copy that is gone is made anew.
  return exists ? folder : '';
}

async function fingerprint(build: string): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) {
    const path = join(build, part);
    const files = (await stat(path)).isDirectory()
      ? (await readdir(path)).sort().map((name) => join(path, name))
      : [path];
    for (const file of files) if ((await stat(file)).isFile()) hash.update((await readBytes(file)) ?? '');
  }
  return hash.digest('hex').slice(0, 12);
}

async function copyOnce(build: string, target: string): Promise<void> {
  if (await stat(target).catch(() => undefined)) return;
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    await makeFolder(temporary, 0o700);
    const filter = (source: string): boolean => !source.endsWith('__pycache__');
    for (const part of parts) await cp(join(build, part), join(temporary, part), { recursive: true, filter });
    await replace(temporary, target);
  } catch (error) {
    // Another window was faster.
    if (
      !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '') ||
      !(await stat(target).catch(() => undefined))
    ) {
      throw error;
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text, { mode: 0o600 });
  await replace(temporary, file);
}

/** Removes what was replaced long ago; the time of a folder is from now on that of its replacement. */
async function removeReplaced(home: string, current: string, replaced: string | undefined): Promise<void> {
  const now = new Date();
  if (replaced) await utimes(join(home, replaced), now, now).catch(() => undefined);
  for (const entry of await readdir(home, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === current) continue;
    const folder = join(home, entry.name);
    const facts = await stat(folder).catch(() => undefined);
    if (!facts) continue; // Another window's draft, which has its place by now.
    if (now.getTime() - facts.mtimeMs <= keptDays * 24 * 60 * 60 * 1000) continue;
    // What is in use on Windows stays until the next time.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
