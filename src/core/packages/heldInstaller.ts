import { type Dirent, type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { takingTurns } from '../eventLoop';
import { entriesIn, isNullDevice, sizeText } from '../files/readFiles';
import type { InstallOrder } from './installer';

/** In bytes, of a file in site-packages that is read as a whole; the largest RECORD has some MB. */
const largestMetadata = 64 * 1024 * 1024;
const metadataFolder = /\.(dist|egg)-info$/i;
const readWhole = /\.(pth|egg-link|egg-info)$/i;
/** What is read of a project before anything of it is built. */
const projectFiles = ['pyproject.toml', 'setup.py', 'setup.cfg', 'MANIFEST.in', 'uv.toml'];

/**
 * Looks at what an installer, and the Python that it is run by, read of an environment and of local projects as they
 * start: the entries of site-packages (.pth files, sitecustomize.py), the metadata in them, a project's configuration. A
 * FIFO among them would keep the installer waiting until its time limit.
 *
 * @throws ToolError invalid_input, which names what is no regular file or too large; nothing was started then.
 */
export async function refuseWhatHolds(
  environment: Environment,
  { editables, requirements }: Pick<InstallOrder, 'editables' | 'requirements'>,
  root: string,
): Promise<void> {
  const turn = takingTurns();
  for (const library of environment.libraries.own) {
    for (const entry of entriesIn(library)) {
      const path = `${library}${sep}${entry.name}`;
      refuse(path, root, entry, readWhole.test(entry.name) ? largestMetadata : undefined);
      if (!metadataFolder.test(entry.name)) continue;
      for (const part of entriesIn(path)) refuse(`${path}${sep}${part.name}`, root, part, largestMetadata);
      const due = turn();
      if (due) await due;
    }
  }
  for (const project of [...editables, ...requirements].flatMap(folderOf)) {
    for (const name of projectFiles) refuse(`${project}${sep}${name}`, root);
  }
  // Old versions of distutils look for it in the folder that they are started in.
  refuse(`${root}${sep}setup.cfg`, root);
}

/** @returns the local folder or file that an installer is given, by a `file:` URL or a path with extras. */
function folderOf(argument: string): string[] {
  if (argument.startsWith('file:')) return [fileURLToPath(argument)];
  return /^([A-Za-z]:)?[\\/]/.test(argument) ? [argument.replace(/\[[^\]]*\]$/, '')] : [];
}

function refuse(path: string, root: string, entry?: Dirent, limit = Number.POSITIVE_INFINITY): void {
  // The kind of an entry comes with its name: only a link, and where the size matters a file, has to be looked at.
  if (entry?.isDirectory() || (entry?.isFile() && limit === Number.POSITIVE_INFINITY)) return;
  const facts = statOf(path);
  if (!facts || facts.isDirectory() || isNullDevice(facts)) return;
  if (!facts.isFile()) throw errors.notARegularFile(relative(root, path));
  if (facts.size > limit) throw errors.fileTooLarge(relative(root, path), sizeText(limit));
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // Not permitted, or a link to itself: no installer waits for it.
  }
}
