import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { constants, link, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders, ownFileLike } from '../core/files/ownership';
import { replace } from '../core/files/storage';
import { codeOf } from '../core/files/systemErrors';
import { realPathOf } from '../core/paths';
import { isProtected, readConfig } from './configFile';
import { ConnectError, type ConnectionPlan } from './connection';

type Change = Pick<ConnectionPlan, 'file' | 'target' | 'before' | 'after'>;

/**
 * Writes a configuration as it was planned, whole or not at all. A file that exists keeps its owner, mode, hard links and
 * the links that lead to it; a new one belongs to whoever owns its folder, and nobody else reads it.
 *
 * @throws ConnectError where the file is no longer what it was when the plan was made, or cannot be written.
 */
export async function writeConfig(change: Change): Promise<void> {
  try {
    // Before the text is read: what changes after that is seen at the end.
    const facts = await stat(change.target).catch(() => undefined);
    await checkUnchanged(change);
    if (facts) await overwrite(change, facts);
    else await create(change);
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof ConnectError || code === undefined) throw error;
    throw new ConnectError(`${change.file} cannot be written (${code}). It was not changed.`);
  }
}

const hasChanged = (file: string): ConnectError => new ConnectError(`${file} has changed in the meantime: try again.`);

/** @throws ConnectError where the file is another one, or holds another text, than when the plan was made. */
async function checkUnchanged({ file, target, before }: Change): Promise<void> {
  const now = { file, target, text: before };
  if ((await realPathOf(file)) !== target || (await readConfig(file, target)) !== before) throw hasChanged(file);
  const reason = await isProtected(now);
  if (reason !== undefined) throw new ConnectError(reason);
}

async function create({ file, target, after }: Change): Promise<void> {
  const folder = dirname(target);
  const owner = await makeFolders(folder);
  // What was made meanwhile: a link in the place of a folder.
  if ((await realPathOf(folder)) !== folder) throw hasChanged(file);
  await withDraft(target, after, async (draft, handle) => {
    await ownFileLike(handle, owner);
    try {
      // Unlike a rename, it replaces nothing.
      await link(draft, target);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw hasChanged(file);
      await replace(draft, target); // A file system without hard links.
    }
  });
}

async function overwrite(change: Change, facts: Stats): Promise<void> {
  const { file, target, after } = change;
  // A rename makes another file of it: on Windows one with the access rights of the folder.
  const isAlone = facts.nlink === 1 && process.platform !== 'win32';
  await withDraft(target, after, async (draft, handle) => {
    if (!isAlone || !(await takesAfter(handle, facts))) {
      await overwriteInPlace(change, draft);
      return;
    }
    const now = await stat(target);
    if (now.ino !== facts.ino || now.mtimeMs !== facts.mtimeMs || now.size !== facts.size) throw hasChanged(file);
    await replace(draft, target);
  });
}

/** The file is half old and half new, and the draft beside it is all that is whole. */
class HalfWritten extends ConnectError {}

/** Writes into the file itself. The draft is beside it meanwhile: what a crash leaves half written is whole there. */
async function overwriteInPlace({ file, target, before = '', after }: Change, draft: string): Promise<void> {
  const handle = await open(target, constants.O_RDWR | ((constants.O_NOFOLLOW as number | undefined) ?? 0));
  try {
    if ((await handle.readFile('utf8')) !== before) throw hasChanged(file);
    try {
      await writeWhole(handle, after);
    } catch (error) {
      await writeWhole(handle, before).catch(() => {
        throw new HalfWritten(`${file} was written only in part. All of it is in ${draft}: copy that over it.`);
      });
      throw error;
    }
  } finally {
    await handle.close();
  }
}

async function writeWhole(handle: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten;
  await handle.truncate(bytes.length);
  await handle.sync();
}

/** @returns whether the draft has the owner, the group and the mode of the file that it is to replace. */
async function takesAfter(draft: FileHandle, { uid, gid, mode }: Stats): Promise<boolean> {
  try {
    const own = await draft.stat();
    if (own.uid !== uid || own.gid !== gid) await draft.chown(uid, gid);
    await draft.chmod(mode & 0o7777);
    return true;
  } catch {
    return false;
  }
}

/** Writes a text beside the file that it is for, where it is gone again afterwards. */
async function withDraft(
  target: string,
  text: string,
  use: (path: string, handle: FileHandle) => Promise<void>,
): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`;
  const handle = await open(draft, 'wx', 0o600);
  let isKept = false;
  try {
    await writeWhole(handle, text);
    await use(draft, handle);
  } catch (error) {
    isKept = error instanceof HalfWritten;
    throw error;
  } finally {
    await handle.close();
    if (!isKept) await rm(draft, { force: true });
  }
}
