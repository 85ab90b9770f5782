import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for one test, outside the project and without links in its path; disposing deletes it. */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder with these files: text by path, or JSON for anything else. */
export async function makeWorkspace(files: Record<string, unknown>): Promise<Workspace> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'workspace-')));
  await writeFiles(path, files);
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Writes files into a folder: text by path, or JSON for anything else. */
export async function writeFiles(folder: string, files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
