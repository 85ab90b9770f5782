import { type Dirent, type Stats, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { takingTurns } from '../eventLoop';
import { entriesIn, isNullDevice, readText, sizeText } from '../files/readFiles';
import type { InstallOrder } from './installer';
import type { PipConfiguration } from './pipConfiguration';

// An installer reads files as it finds them: a FIFO among them keeps it waiting until its time limit, and a file of 5 GB
// exhausts it. What it reads before anything is built is looked at first.

/** In bytes, of a file that is read as a whole; the largest RECORD has some MB. */
const largestRead = 64 * 1024 * 1024;
const metadataFolder = /\.(dist|egg)-info$/i;
/** Metadata without a folder is read, too. */
const readWhole = /\.(py|pth|egg-link|egg-info|dist-info)$/i;
/** What is read of a project before anything of it is built. */
const projectFiles = ['pyproject.toml', 'setup.py', 'setup.cfg', 'MANIFEST.in', 'uv.toml'];
/** Options of pip whose values name files that it reads or writes. */
const fileOptions = ['constraint', 'build-constraint', 'cert', 'client-cert', 'log', 'find-links'];

/**
 * Looks at what Python reads of an environment as it starts, and installers: the entries of its site-packages folders (.pth
 * files, sitecustomize.py), and the metadata in them.
 *
 * @param root the folder that messages name files relative to.
 * @throws ToolError invalid_input, which names what is no regular file or too large.
 */
export async function refuseHeldEnvironment({ libraries }: Environment, root: string): Promise<void> {
  const turn = takingTurns();
  for (const library of libraries.own) {
    for (const entry of entriesIn(library)) {
      const path = `${library}${sep}${entry.name}`;
      refuse(path, root, readWhole.test(entry.name) ? largestRead : undefined, entry);
      if (!metadataFolder.test(entry.name)) continue;
      for (const part of entriesIn(path)) refuse(`${path}${sep}${part.name}`, root, largestRead, part);
      const due = turn();
      if (due) await due;
    }
  }
}

/**
 * Looks at the local projects and archives that an installer is given, by itself or in a requirements file.
 * @throws ToolError as `refuseHeldEnvironment`.
 */
export async function refuseHeldProjects(
  { editables, requirements }: Pick<InstallOrder, 'editables' | 'requirements'>,
  requirementsFiles: readonly string[],
  root: string,
): Promise<void> {
  const listed = await Promise.all(requirementsFiles.map(async (file) => await localsIn(file, root)));
  for (const path of [...[...editables, ...requirements].flatMap(localOf), ...listed.flat()]) {
    refuse(path, root);
    for (const name of projectFiles) refuse(`${path}${sep}${name}`, root, largestRead);
  }
  // Old versions of distutils look for it in the folder that they are started in.
  refuse(`${root}${sep}setup.cfg`, root, largestRead);
}

/** Looks at the files that pip's configuration names. @throws ToolError as `refuseHeldEnvironment`. */
export function refuseHeldOptions(configuration: PipConfiguration, root: string): void {
  for (const option of fileOptions) {
    for (const value of (configuration.get(option) ?? '').split(/\s+/)) {
      if (value !== '' && !/^[a-z][a-z0-9+.-]+:/i.test(value)) refuse(resolve(root, value), root);
    }
  }
}

/** @returns the local folder or file that an installer is given: a `file:` URL, alone or behind a name, or a path with extras. */
function localOf(argument: string): string[] {
  const url = /^(?:[^@:]*@\s*)?(file:[^\s#]+)/.exec(argument)?.[1];
  if (url === undefined) return /^([A-Za-z]:)?[\\/]/.test(argument) ? [argument.replace(/\[[^[\]]*\]$/, '')] : [];
  try {
    return [fileURLToPath(url)];
  } catch {
    return []; // For the installer to complain of.
  }
}

/** @returns what lines of a requirements file name by a path, which pip takes from where it is started and uv from the file. */
async function localsIn(file: string, root: string): Promise<string[]> {
  const lines = ((await readText(file)) ?? '').split(/\r\n|\r|\n/);
  return lines.flatMap((line) => {
    const words = line.trim().split(/[\s=]+/, 2);
    const option = /^(-e|--editable|-f|--find-links)$/.test(words[0] ?? '');
    const word = (words[option ? 1 : 0] ?? '').replace(/\[[^[\]]*\]$/, '');
    if (!/[\\/]|^\.|\.(whl|zip|tar\.gz|tgz|tar\.bz2)$/i.test(word)) return [];
    return /^[a-z][a-z0-9+.-]+:/i.test(word) ? localOf(word) : [resolve(root, word), resolve(dirname(file), word)];
  });
}

function refuse(path: string, root: string, limit = Number.POSITIVE_INFINITY, entry?: Dirent): void {
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
