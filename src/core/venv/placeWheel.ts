import { linkSync, lstatSync, type Stats, writeFileSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { takingTurns } from '../eventLoop';
import { namesIn, readSmallText } from '../files/readFiles';
import { makeFolderSync } from '../files/makeFolder';
import { removeEntry } from '../files/removeFolder';
import { readWheel } from './wheelFile';

/**
 * Puts the files of a pure-Python wheel into a folder. They are hard links to a copy that is unpacked once into the
 * cache folder, which on a busy disk takes a tenth of the time of writing 500 files; where links cannot be made
 * (another file system, a cache that cannot be written), they are written.
 * @param cacheFolder one that only this user can change; undefined where there is none.
 * @returns the name of the wheel's dist-info folder.
 */
export async function placeWheel(wheel: string, folder: string, cacheFolder: string | undefined): Promise<string> {
  if (cacheFolder === undefined) return await unpack(wheel, folder);
  const { size, mtimeMs } = await stat(wheel);
  const copy = join(cacheFolder, 'wheels', `${basename(wheel, '.whl')}-${size}-${Math.round(mtimeMs)}`);
  const linked =
    (await linkFiles(copy, folder)) ?? ((await renew(copy, wheel)) ? await linkFiles(copy, folder) : undefined);
  return linked ?? (await unpack(wheel, folder));
}

/** Makes the copy anew; in another place first, so that nobody ever sees half of it. */
async function renew(copy: string, wheel: string): Promise<boolean> {
  try {
    makeFolderSync(dirname(copy), 0o700);
    const fresh = await mkdtemp(`${copy}.`);
    try {
      await unpack(wheel, fresh);
      await rm(copy, { recursive: true, force: true });
      await rename(fresh, copy);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    return true;
  } catch {
    return false;
  }
}

/** @returns undefined, with nothing linked, where the copy is missing, lacks a file or has one of another size. */
async function linkFiles(copy: string, folder: string): Promise<string | undefined> {
  const turn = takingTurns();
  let made: readonly string[] = [];
  try {
    made = namesIn(copy);
    const metadata = made.find((name) => name.endsWith('.dist-info')) ?? '';
    const folders = new Set<string>();
    const record = readSmallText(join(copy, metadata, 'RECORD'));
    if (record === undefined) return undefined;
    for (const line of record.trim().split('\n')) {
      const [name = '', , size] = line.split(',');
      const file = join(copy, name);
      const facts = lstatSync(file);
      if (!facts.isFile() || (size && !isAsWritten(facts, Number(size)))) throw new Error(`${file} was changed`);
      const target = join(folder, name);
      if (!folders.has(dirname(target))) makeFolderSync(dirname(target));
      folders.add(dirname(target));
      linkSync(file, target);
      const due = turn();
      if (due) await due;
    }
    return metadata;
  } catch {
    for (const name of made) await removeEntry(join(folder, name));
    return undefined;
  }
}

/** A link shares its mode with the copy: who may write to a file of one environment could change that of all. */
const isAsWritten = (facts: Stats, size: number): boolean =>
  facts.size === size && (process.platform === 'win32' || (facts.mode & 0o022) === 0);

async function unpack(wheel: string, folder: string): Promise<string> {
  const turn = takingTurns();
  const folders = new Set<string>();
  let metadata = '';
  for (const { name, read } of await readWheel(wheel)) {
    const path = join(folder, name);
    if (!folders.has(dirname(path))) makeFolderSync(dirname(path));
    folders.add(dirname(path));
    writeFileSync(path, read(), { mode: 0o644 });
    if (/^[^/]+\.dist-info\/RECORD$/.test(name)) metadata = dirname(name);
    const due = turn();
    if (due) await due;
  }
  if (metadata === '') throw new Error(`${wheel} is not a wheel`);
  return metadata;
}
