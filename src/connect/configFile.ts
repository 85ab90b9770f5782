import { access, constants, stat } from 'node:fs/promises';
import { attemptReading, reasonOf } from '../core/files/readFiles';
import { pathRules } from '../core/files/storage';
import { codeOf } from '../core/files/systemErrors';
import { isInside, realPathOf } from '../core/paths';
import type { Place } from './agents';
import { ConnectError } from './connection';

/** An agent's configuration as it is. */
export interface ConfigFile {
  /** As the agent names it, absolute. */
  readonly file: string;
  /** The file behind it, links followed. */
  readonly target: string;
  /** Undefined where there is no file yet. */
  readonly text: string | undefined;
}

/**
 * @returns the first of an agent's files that exists, else the first.
 * @throws ConnectError where one is no regular file of a bounded size, or cannot be read.
 */
export async function findConfigFile(files: readonly string[]): Promise<ConfigFile> {
  const found = await Promise.all(
    files.map(async (file) => {
      const target = await realPathOf(file).catch((error: unknown) => {
        throw new ConnectError(`${file} cannot be read (${codeOf(error) ?? String(error)}).`);
      });
      return { file, target, text: await readConfig(file, target) };
    }),
  );
  const first = found.find(({ text }) => text !== undefined) ?? found[0];
  if (!first) throw new Error('no file');
  return first;
}

/** One agent keeps its whole history beside its servers. */
const largestConfiguration = 64 * 1024 * 1024;

/** @returns the text of a configuration; undefined where there is none. @throws ConnectError as `findConfigFile`. */
export async function readConfig(file: string, target: string): Promise<string | undefined> {
  const reading = await attemptReading(target, largestConfiguration);
  if ('unread' in reading) {
    const { unread } = reading;
    if (unread.kind === 'missing') return undefined;
    const reason = unread.kind === 'failed' ? (codeOf(unread.error) ?? String(unread.error)) : reasonOf(unread);
    throw new ConnectError(`${file} cannot be read: ${reason}. It was not touched.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reading.bytes);
  } catch {
    throw new ConnectError(`${file} cannot be read: it is not UTF-8.`);
  }
}

/**
 * @returns why a project's configuration must not be written: through a link it lies elsewhere, where whoever made the
 * project decides what is changed. Undefined where it lies in the project.
 */
export async function leadsOutside(
  { file, target }: ConfigFile,
  { project, machine }: Place,
): Promise<string | undefined> {
  const folder = await realPathOf(project);
  const rules = pathRules(machine.platform);
  if (isInside(folder, target) || target === folder + rules.sep + rules.relative(project, file)) return undefined;
  return `${file} leads out of the project, to ${target}. It was not touched: replace the link with a file, or edit ${target} yourself.`;
}

/** @returns why a file that exists must not be written; undefined where it may. */
export async function isProtected({ file, target, text }: ConfigFile): Promise<string | undefined> {
  if (text === undefined) return undefined;
  const { mode } = await stat(target);
  // Root may write it all the same; whoever took the permission away meant everybody.
  if ((mode & 0o200) === 0)
    return `${file} is read-only. It was not touched: make it writable, or add the entry by hand.`;
  const isWritable = await access(target, constants.W_OK).then(
    () => true,
    () => false,
  );
  return isWritable ? undefined : `You have no permission to write ${file}. It was not touched.`;
}
