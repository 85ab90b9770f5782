import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '../files/storage';

const dayMs = 24 * 60 * 60 * 1000;
/** Without use for longer than this, an environment goes; what it held is likely outdated, too. */
const keptMs = 14 * dayMs;
/** More than these are kept only where they were used within a day: a run may be in them. */
const keptCount = 20;

/** Removes environments that nobody used for long, and what was left half-made. Never throws: tidying fails no call. */
export async function pruneScriptEnvironments(folder: string, now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const used = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => ({ note: join(folder, name), idle: now - (await lastChange(join(folder, name), now)) })),
  );
  used.sort((a, b) => a.idle - b.idle);
  const noted = new Set<string>();
  for (const [index, { note, idle }] of used.entries()) {
    if (idle > keptMs || (index >= keptCount && idle > dayMs)) await remove(note);
    else {
      const environment = await readJson(note);
      if (typeof environment === 'string') noted.add(environment);
    }
  }
  for (const name of names) {
    if (name.endsWith('.json') || noted.has(name)) continue;
    // Another process may be making it.
    if (now - (await lastChange(join(folder, name), now)) > dayMs) await remove(join(folder, name));
  }
}

const lastChange = async (path: string, otherwise: number): Promise<number> =>
  await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => otherwise,
  );

const remove = async (path: string): Promise<void> => {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
};
