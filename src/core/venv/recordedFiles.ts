import { posix } from 'node:path';
import { takingTurns } from '../eventLoop';
import { namesIn, readSmallText } from '../files/readFiles';

/** More text than the records of an environment hold (a thousand packages have 30 MB): the rest is not read. */
const mostText = 128 * 1024 * 1024;

/** What installers say they put into a venv. Paths are relative to it, with "/", as `pathKey` writes them. */
export interface RecordedFiles {
  readonly files: ReadonlySet<string>;
  /** The folders that hold such files, at any depth. */
  readonly folders: ReadonlySet<string>;
  /** Folders and files of which everything is an installer's, since older ones record the top-level names only. */
  readonly wholes: ReadonlySet<string>;
}

/** @returns one text for all spellings of a path in a venv. */
export function pathKey(path: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return path.replaceAll('\\', '/').toLowerCase();
  return platform === 'darwin' ? path.normalize('NFC').toLowerCase() : path;
}

/**
 * Reads the records of the distributions in a venv: RECORD (PEP 376, PEP 627), and what eggs have in its place. An entry
 * counts where it lies inside the venv.
 * @param venv its real path.
 * @param libraries its site-packages folders, relative to it, with "/".
 */
export async function recordedFiles(
  venv: string,
  libraries: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Promise<RecordedFiles> {
  const found = { files: new Set<string>(), folders: new Set<string>(), wholes: new Set<string>() };
  const turn = takingTurns();
  let left = mostText;
  for (const library of libraries) {
    for (const name of namesIn(`${venv}/${library}`)) {
      const metadata = `${library}/${name}`;
      const { list, relativeTo, wholes = [] } = recordOf(venv, library, name, (path) => readSmallText(path, left));
      left -= list.length;
      for (const top of wholes) found.wholes.add(pathKey(`${library}/${top}`, platform));
      if (/\.(dist-info|egg-info|egg|egg-link)$/i.test(name)) found.wholes.add(pathKey(metadata, platform));
      for (const path of pathsIn(list)) {
        const place = placeInVenv(venv, relativeTo, platform === 'win32' ? path.replaceAll('\\', '/') : path);
        if (place !== undefined) add(found, pathKey(place, platform));
        const due = turn();
        if (due) await due;
      }
    }
  }
  return found;
}

function recordOf(venv: string, library: string, name: string, read: (path: string) => string | undefined) {
  const metadata = `${library}/${name}`;
  if (/\.dist-info$/i.test(name)) {
    return { list: read(`${venv}/${metadata}/RECORD`) ?? '', relativeTo: library };
  }
  if (!/\.egg-info$/i.test(name)) return { list: '', relativeTo: library };
  const installed = read(`${venv}/${metadata}/installed-files.txt`);
  if (installed !== undefined) return { list: installed, relativeTo: metadata };
  const tops = (read(`${venv}/${metadata}/top_level.txt`) ?? '').split(/\r?\n/).filter((top) => /^\w+$/.test(top));
  return { list: '', relativeTo: metadata, wholes: tops.flatMap((top) => [top, `${top}.py`]) };
}

/** @returns the first field of each line of comma-separated values (RFC 4180); names with line breaks are passed over. */
export function* pathsIn(record: string): Generator<string> {
  for (let start = 0; start < record.length;) {
    const newline = record.indexOf('\n', start);
    const end = newline === -1 ? record.length : newline;
    const path = record.charAt(start) === '"' ? quotedField(record, start, end) : plainField(record, start, end);
    if (path !== undefined && path !== '') yield path;
    start = end + 1;
  }
}

function plainField(record: string, start: number, end: number): string {
  const line = record.slice(start, end);
  const comma = line.indexOf(',');
  return comma === -1 ? line.trimEnd() : line.slice(0, comma);
}

function quotedField(record: string, start: number, end: number): string | undefined {
  for (let at = start + 1; at < end; at++) {
    if (record.charAt(at) !== '"') continue;
    if (record.charAt(at + 1) === '"') at++;
    else return record.slice(start + 1, at).replaceAll('""', '"');
  }
  return undefined;
}

/** @returns a recorded path relative to the venv; undefined where it lies outside. */
function placeInVenv(venv: string, relativeTo: string, path: string): string | undefined {
  const isPlain = !path.startsWith('/') && !path.includes('./') && !path.includes('//');
  if (isPlain) return /^[A-Za-z]:\//.test(path) ? undefined : `${relativeTo}/${path}`;
  const root = venv.replaceAll('\\', '/');
  const absolute = path.startsWith('/') ? posix.normalize(path) : posix.join(root, relativeTo, path);
  return absolute.startsWith(`${root}/`) ? absolute.slice(root.length + 1) : undefined;
}

function add({ files, folders }: { files: Set<string>; folders: Set<string> }, path: string): void {
  files.add(path);
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}
