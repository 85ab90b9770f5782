import { lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the tests run on Windows. */
export const onWindows = process.platform === 'win32';

/** Whether this Windows is Wine's. */
export const onWine = onWindows && process.env['WINEPREFIX'] !== undefined;

/** As mocha's `it` is called. */
export type It = (title: string, test: Mocha.AsyncFunc | Mocha.Func) => void;

/** @returns an `it` that leaves its tests out, and says why. */
export const skipped =
  (reason: string): It =>
  (title) => {
    it.skip(`${title} (skipped: ${reason})`);
  };

/** `it` for what only Linux and macOS have. @param reason what Windows lacks, as in "signals". */
export const itOnUnix = (reason: string): It => (onWindows ? skipped(`Windows has no ${reason}`) : it);

/** `it` for what Linux alone has. @param reason why it is none elsewhere. */
export const itOnLinux = (reason: string): It => (process.platform === 'linux' ? it : skipped(reason));

/** `it` for what only Windows has. @param reason why it is none elsewhere. */
export const itOnWindows = (reason: string): It => (onWindows ? it : skipped(reason));

/** `it` for what takes a second user: root can act as any, and make files for them. */
export const itAsRoot: It = process.getuid?.() === 0 ? it : skipped('only root can act as another user');

/** `it` for what Wine does otherwise than Windows. @param reason such as "Wine starts it all the same". */
export const itButOnWine = (reason: string): It => (onWine ? skipped(reason) : it);

/** Makes a link to a folder, which on Windows (a junction) takes no privilege. */
export function linkFolder(target: string, path: string): void {
  symlinkSync(target, path, 'junction');
}

/** Whether links to folders can be made: Wine makes none, and says that it did. */
export const linksFolders = makesLinks((target, path) => {
  linkFolder(target, path);
});

/** Whether links to files can be made: on Windows that takes a privilege. */
export const linksFiles = makesLinks((target, path) => {
  symlinkSync(join(target, 'file'), path);
});

/** `it` for tests that link folders. */
export const itWithFolderLinks: It = linksFolders ? it : skipped('no link to a folder can be made here');

/** `it` for tests that link files. */
export const itWithFileLinks: It = linksFiles ? it : skipped('no link to a file can be made here');

function makesLinks(make: (target: string, path: string) => void): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'links-'));
  try {
    writeFileSync(join(folder, 'file'), '');
    make(folder, join(folder, 'link'));
    return lstatSync(join(folder, 'link')).isSymbolicLink();
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
