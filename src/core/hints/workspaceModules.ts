import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { takingTurns } from '../eventLoop';
import { entriesIn } from '../files/readFiles';

/** Folders looked into, at most, and how deep. */
const mostFolders = 200;
/** Of a folder; the time it takes to list more would be the hint's whole time. */
const mostEntries = 20_000;
const mostDepth = 6;
/** Milliseconds after which the search ends with what it has. */
const longestSearchMs = 100;

const passedOver = /^(\.|node_modules$|__pycache__$|site-packages$|.*\.(egg-info|dist-info)$)/;

/**
 * Looks for a module among a folder's own sources; venvs, hidden folders and node_modules are passed over.
 *
 * @param module dotted, as far as it must be there.
 * @param options.regular whether a package without `__init__.py` (PEP 420) does not count.
 * @returns the folders from which it can be imported, absolute, the nearest to the root first.
 */
export async function foldersWithModule(
  root: string,
  module: string,
  { regular }: { readonly regular: boolean },
): Promise<string[]> {
  const [top = ''] = module.split('.');
  const found: string[] = [];
  const queue = [{ folder: root, depth: 0 }];
  const until = performance.now() + longestSearchMs;
  const turn = takingTurns();
  for (let index = 0; index < Math.min(queue.length, mostFolders); index++) {
    const due = turn();
    if (due) await due;
    if (performance.now() > until) break;
    const { folder, depth } = queue[index] ?? { folder: root, depth: mostDepth };
    const entries = entriesIn(folder, mostEntries).sort(byName);
    if (depth > 0 && entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
    if (entries.some(({ name }) => name === top || name === `${top}.py`) && has(folder, module, regular)) {
      found.push(folder);
    }
    if (depth === mostDepth) continue;
    for (const entry of entries) {
      if (entry.isDirectory() && !passedOver.test(entry.name)) {
        queue.push({ folder: join(folder, entry.name), depth: depth + 1 });
      }
    }
  }
  return found;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

/** @returns whether a folder, were it on the path, had a module. */
function has(folder: string, module: string, regular: boolean): boolean {
  const [first = '', ...rest] = module.split('.');
  const place = join(folder, first);
  if (rest.length === 0 && existsSync(`${place}.py`)) return true;
  const isPackage = existsSync(join(place, '__init__.py'));
  if (!isPackage && regular) return false;
  if (rest.length > 0) return has(place, rest.join('.'), false);
  return isPackage || entriesIn(place, mostEntries).some(({ name }) => name.endsWith('.py'));
}
