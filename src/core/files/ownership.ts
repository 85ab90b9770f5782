import { lchown, readdir, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from './makeFolder';

/** Who owns a file, as the system numbers users and groups. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Only root makes files for somebody else: under sudo, in a user's own folders. */
const isForOther = ({ uid }: Owner): boolean => uid !== 0 && process.getuid?.() === 0;

/** Gives a file that root made to an owner, such as that of its folder; for others it does nothing. */
export async function ownFileLike(file: FileHandle, owner: Owner): Promise<void> {
  // By its handle: whoever owns the folder can put another file in its place.
  if (isForOther(owner)) await file.chown(owner.uid, owner.gid);
}

/** As `ownFileLike`, for a folder and all that is in it. */
export async function ownAllLike(folder: string, owner: Owner): Promise<void> {
  if (!isForOther(owner)) return;
  await lchown(folder, owner.uid, owner.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await ownAllLike(path, owner);
    else await lchown(path, owner.uid, owner.gid);
  }
}

/**
 * Makes a folder and those above it, as far as they are missing. They belong to the owner of the folder that was there.
 *
 * @param mode of each folder that is made, less the umask of the process.
 * @returns that owner.
 * @throws what the file system throws.
 */
export async function makeFolders(folder: string, mode?: number): Promise<Owner> {
  const first = await makeFolder(folder, mode);
  if (first === undefined) return await stat(folder);
  const owner = await stat(dirname(first));
  if (!isForOther(owner)) return owner;
  for (let made = folder; made !== dirname(first); made = dirname(made)) await lchown(made, owner.uid, owner.gid);
  return owner;
}
