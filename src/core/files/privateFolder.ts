import { mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { folderAndFileErrors } from '../failures/folderAndFileErrors';
import { becomesPrivate, lastingCache, madePrivate } from './ownFolder';
import { namesIn } from './readFiles';
import { application } from './storage';
import { asToolError, codeOf } from './systemErrors';
import { isPrivate, keepsNames, thisUser } from './trustedPath';

/**
 * What is kept outside of projects, a folder each: the files of a run while it lasts, output that was too long, what a
 * plan needs, the environments of scripts, unpacked wheels, the caches of installers that can have none of their own, and locks.
 */
export type PrivateKind = 'runs' | 'output' | 'plans' | 'scripts' | 'wheels' | 'caches' | 'locks';

/** What a place is given up for, and the next one tried. */
const ofThePlace = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOENT',
  'EEXIST',
  'ENOTDIR',
  'ELOOP',
  'EIO',
]);
let temporary: string | undefined;

/**
 * Lets `use` work in this user's own folder of a kind, which nobody else may enter or put another one in the place of.
 * That is looked at each time, and a folder that a cleaner removed is made again. It lies in the first of these that there
 * is, and that has room:
 *
 * - for runs, `$XDG_RUNTIME_DIR`, which is in memory and small;
 * - the user's cache: `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`;
 * - the system's folder for temporary files, in a folder of this process with a name that nobody can guess.
 *
 * @throws ToolError no_space, permission_denied; and what else `use` throws.
 */
export function inPrivateFolder<T>(kind: PrivateKind, use: (folder: string) => T): T {
  let failure: unknown = folderAndFileErrors.noPrivateFolder();
  for (const find of [...(kind === 'runs' ? [runtimeFolder] : []), lastingCache, temporaryFolder]) {
    // Twice: what was empty, another process may have tidied away a moment ago.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const folder = find();
        if (folder === undefined || !becomesPrivate(join(folder, kind))) break;
        return use(join(folder, kind));
      } catch (error) {
        const code = codeOf(error) ?? '';
        if (!ofThePlace.has(code)) throw error;
        failure = error;
        if (code !== 'ENOENT') break;
      }
    }
  }
  throw asToolError(failure, tmpdir(), 'making a folder outside the project');
}

/** @returns this user's own folder of a kind, absolute; see `inPrivateFolder`. @throws ToolError */
export const privateFolder = (kind: PrivateKind): string => inPrivateFolder(kind, (folder) => folder);

/** @returns a new folder in that of a kind, for the caller alone, absolute. @throws ToolError */
export const newPrivateFolder = (kind: PrivateKind, name: string): string =>
  inPrivateFolder(kind, (folder) => mkdtempSync(join(folder, name)));

/** @returns a new file in that of a kind, readable by this user only, and a descriptor to write to it. @throws ToolError */
export const newPrivateFile = (kind: PrivateKind, name: string): { readonly path: string; readonly fd: number } =>
  inPrivateFolder(kind, (folder) => {
    const path = join(folder, name);
    // Opened here, so that another place is tried where this one has no room.
    return { path, fd: openSync(path, 'wx', 0o600) };
  });

/** @returns the folders, each private now, in which processes of this user may have left what is to be tidied away. */
export function foldersToTidy(): { readonly lasting: readonly string[]; readonly inTemporary: readonly string[] } {
  const left = new RegExp(`^${application}-(\\w{6}|\\d+)$`);
  const inTemporary = temporaryParents().flatMap((parent) =>
    namesIn(parent).flatMap((name) => (left.test(name) && isPrivate(join(parent, name)) ? [join(parent, name)] : [])),
  );
  return { lasting: [runtimeFolder() ?? [], lastingCache() ?? []].flat(), inTemporary };
}

/** By the XDG specification it is the user's, with mode 0700. It goes when they log out. */
function runtimeFolder(): string | undefined {
  const folder = process.env['XDG_RUNTIME_DIR'] ?? '';
  if (thisUser() === undefined || !isAbsolute(folder) || !isPrivate(folder)) return undefined;
  return madePrivate(join(folder, application));
}

function temporaryFolder(): string | undefined {
  if (temporary !== undefined && isPrivate(temporary)) return temporary;
  let failure: unknown;
  for (const parent of temporaryParents()) {
    try {
      temporary = mkdtempSync(join(parent, `${application}-`));
      if (becomesPrivate(temporary)) return temporary;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure instanceof Error) throw failure;
  return undefined;
}

const temporaryParents = (): string[] =>
  [...new Set([tmpdir(), '/tmp', '/var/tmp'])].filter((folder) => isAbsolute(folder) && keepsNames(folder));
