import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { errors } from '../errors';
import { compareVersions, versionParts } from '../interpreters/version';
import { readBytes, readText } from '../files/readFiles';
import type { Machine } from '../files/storage';
import { consoleScript, entryPointCode } from './consoleScript';
import { exeLauncher, launcherName } from './exeLauncher';
import type { Venv } from './readVenv';
import { executableArch } from './readVenv';
import { placeWheel } from './placeWheel';
import type { WheelEntry } from './wheelFile';
import { readWheel } from './wheelFile';

/** A wheel of pip whose files are in a venv's site-packages folder; scripts and records are not there yet. */
export interface PlacedPip {
  /** The site-packages folder, absolute. */
  readonly library: string;
  /** The name of the dist-info folder in it. */
  readonly metadata: string;
  readonly wheel: string;
}

/** Puts the files of a wheel of pip into a folder, which need not exist. @throws what the file system throws. */
export async function placePip(wheel: string, library: string, cacheFolder: string | undefined): Promise<PlacedPip> {
  return { library, wheel, metadata: await placeWheel(wheel, library, cacheFolder) };
}

/**
 * Makes of placed files what an installer would (PEP 427, PEP 376, PEP 627): scripts, INSTALLER, REQUESTED and a RECORD
 * of all files, so that pip can later replace or remove itself. What it leaves out is to compile, which Python does when
 * it first imports a file; ensurepip takes 2–6 s for all of it.
 * @throws interpreter_not_found where the wheel lacks the launcher that this Windows needs; what the file system
 * throws; Error where the wheel is not one of pip.
 */
export async function finishPip(
  { library, wheel, metadata: name }: PlacedPip,
  venv: Pick<Venv, 'python' | 'scripts' | 'version'>,
  platform: Machine['platform'],
): Promise<void> {
  const metadata = join(library, name);
  const entryPoints = (await readText(join(metadata, 'entry_points.txt'))) ?? '';
  const target = /^pip\s*=\s*([\w.]+:\w+)/m.exec(entryPoints)?.[1];
  if (target === undefined) throw new Error(`${wheel} is not a wheel of pip`);
  const record: string[] = [];
  const add = async (path: string, content: string | Buffer, mode: number): Promise<void> => {
    await writeFile(path, content, { mode });
    const hash = createHash('sha256').update(content).digest('base64url');
    record.push(`${relative(library, path).replaceAll(sep, '/')},sha256=${hash},${Buffer.byteLength(content)}`);
  };
  const isWindows = platform === 'win32';
  const script = isWindows ? await windowsScript(library, venv.python, target) : consoleScript(venv.python, target);
  const [major = 3, minor = 0] = versionParts(venv.version ?? '');
  for (const command of ['pip', `pip${major}`, `pip${major}.${minor}`]) {
    await add(join(venv.scripts, isWindows ? `${command}.exe` : command), script, 0o755);
  }
  await add(join(metadata, 'INSTALLER'), 'pip\n', 0o644);
  await add(join(metadata, 'REQUESTED'), '', 0o644);
  const recordFile = join(metadata, 'RECORD');
  const files = await readText(recordFile);
  if (files === undefined) throw new Error(`${recordFile} cannot be read`);
  // It is a link to the copy in the cache, which must stay as it is.
  await rm(recordFile);
  await writeFile(recordFile, [...record, files.trim(), ''].join('\n'));
}

/** A script that Windows can start is an .exe; pip brings what these are made of. */
async function windowsScript(library: string, python: string, target: string): Promise<Buffer> {
  const name = launcherName(executableArch(python)) ?? '';
  // A distribution's own wheel of pip (Debian's) has no launchers.
  const launcher = await readBytes(join(library, 'pip', '_vendor', 'distlib', name));
  if (!launcher) throw errors.noPipForVenv(python, 'win32');
  return exeLauncher(launcher, python, entryPointCode(target));
}

/**
 * @returns those of the wheels of pip that support a Python, newest first, by `Requires-Python`. What matters of it
 * is the lower bound: pip has dropped old Pythons, and never named an upper bound.
 * @param launcher the file of distlib that pip must bring along; a distribution's own wheel of pip may lack it (Debian's).
 */
export async function pipWheelsFor(version: string, wheels: readonly string[], launcher?: string): Promise<string[]> {
  const suitable: string[] = [];
  for (const wheel of new Set(wheels)) {
    const entries = await readWheel(wheel).catch(() => []);
    const bound = lowestPython(entries);
    if (!bound || compareVersions(versionParts(version), bound) < 0) continue;
    if (launcher === undefined || entries.some(({ name }) => name === `pip/_vendor/distlib/${launcher}`)) {
      suitable.push(wheel);
    }
  }
  const pipVersion = (wheel: string) => versionParts(basename(wheel).split('-')[1] ?? '');
  return suitable.sort((a, b) => compareVersions(pipVersion(b), pipVersion(a)));
}

function lowestPython(entries: readonly WheelEntry[]): readonly number[] | undefined {
  const metadata = entries.find(({ name }) => name.endsWith('.dist-info/METADATA'));
  if (!metadata) return undefined;
  return versionParts(/^Requires-Python:.*?>=\s*([\d.]+)/im.exec(metadata.read().toString())?.[1] ?? '');
}
