import { dirname, relative, resolve } from 'node:path';
import { errors } from '../errors';
import { readNamedText } from '../files/namedFiles';
import { quoted } from '../files/quoted';
import { nameKey } from '../pathIdentity';
import { liesOutside } from '../paths';
import { type ListedRequirement, listedRequirement, RequirementError } from './requirement';

/** A requirement of a file; one outside the folder is obeyed, and never quoted. */
export interface FileRequirement extends ListedRequirement {
  readonly outside: boolean;
}

/** What a requirements file, with all it includes, says. */
export interface RequirementsFile {
  /** The files read, absolute, the one asked for first. */
  readonly files: readonly string[];
  /** The requirements that have a name (constraints are none). */
  readonly requirements: readonly FileRequirement[];
  /** Those of the files that lie outside the folder, by where they really are, relative; they are never quoted. */
  readonly outside: readonly string[];
  /** The options used, in their long spelling ("--index-url"), each once. */
  readonly options: ReadonlySet<string>;
}

/** The short spellings that pip takes in a requirements file. */
const longOptions: Readonly<Record<string, string>> = {
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-i': '--index-url',
  '-f': '--find-links',
};

/** Lines with continuations joined and comments removed, each with the number of the line it starts on. */
function* logicalLines(text: string): Generator<{ readonly line: string; readonly number: number }> {
  let pending: string[] = [];
  let start = 1;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  for (const [index, physical] of lines.entries()) {
    if (pending.length === 0) start = index + 1;
    const comment = physical.trimStart().startsWith('#');
    if (physical.endsWith('\\') && !comment) {
      pending.push(physical.slice(0, -1));
      continue;
    }
    const line = withoutComment([...pending, ...(comment ? [] : [physical])].join('')).trim();
    pending = [];
    if (line !== '') yield { line, number: start };
  }
  const rest = pending.join('').trim();
  if (rest !== '') yield { line: rest, number: start };
}

/** A comment begins the line or follows a blank. */
function withoutComment(line: string): string {
  const start = line.search(/(?<=^|\s)#/);
  return start === -1 ? line : line.slice(0, start);
}

/** An option line as its long name and its value, such as `-r base.txt`, `-rbase.txt`, `--requirement=base.txt`. */
function parseOption(line: string): { readonly name: string; readonly value: string } {
  const written = (/^-[a-z]/i.exec(line) ?? /^--[a-z-]*/i.exec(line))?.[0] ?? '-';
  const value = unquoted(line.slice(written.length).replace(/^[\s=]+/, ''));
  const name = longOptions[written] ?? written;
  return { name: name === '--requirements' ? '--requirement' : name, value };
}

/** @returns a requirement, and the options that pip takes behind it. */
function parted(line: string): { readonly requirement: string; readonly options: readonly string[] } {
  const starts = [...line.matchAll(/(?<=\s)--[a-z]/g)].map(({ index }) => index);
  return {
    requirement: line.slice(0, starts[0]).trimEnd(),
    options: starts.map((start, number) => parseOption(line.slice(start, starts[number + 1])).name),
  };
}

/** pip reads a line of options as a shell does. */
const unquoted = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, '$2');

/** A lock with the hashes of all wheels of a thousand packages has 2 MB. */
const largestFile = 4 * 1024 * 1024;
/** Files read, at most: more include each other by the thousand. */
const mostFiles = 1000;

/** A path, a URL or something with a variable in it: for the installer to judge. */
const notForUs = /^[^\s;@]*[\\/:]|^\.|\$\{|^[^\s;@]*\.(whl|zip|tar\.gz|tgz|tar\.bz2)\b/i;

/**
 * Reads a requirements file as pip does (its options are allowed in it: a file is the user's own), so that what can't
 * work is named before anything starts.
 *
 * @param path absolute.
 * @param root the folder that messages name files relative to.
 * @throws ToolError requirement_invalid with file and line; file_not_found for an included file that is missing;
 * invalid_input for one that is no regular file or larger than 4 MB; permission_denied.
 */
export async function readRequirementsFile(path: string, root: string): Promise<RequirementsFile> {
  const files = new Map<string, string>();
  const outside: string[] = [];
  const requirements: FileRequirement[] = [];
  const options = new Set<string>();

  const read = async (file: string, constraint: boolean, unreadable: (error: unknown) => unknown): Promise<void> => {
    if (files.has(nameKey(file))) return;
    files.set(nameKey(file), file);
    if (files.size > mostFiles) {
      const message = `"${relative(root, path)}" includes more than ${mostFiles} files.`;
      throw errors.invalidInput(message, 'Put them in fewer.');
    }
    const isForeign = await liesOutside(root, file);
    const shown = relative(root, file);
    const text = await readNamedText(file, shown, largestFile).catch((error: unknown) => {
      throw unreadable(error);
    });
    if (isForeign) outside.push(shown);
    for (const { line, number } of logicalLines(text)) {
      if (line.startsWith('-')) {
        const { name, value } = parseOption(line);
        options.add(name);
        const isConstraint = name === '--constraint';
        if ((name === '--requirement' || isConstraint) && !/^[a-z]+:\/\/|\$\{/i.test(value)) {
          const included = resolve(dirname(file), value);
          await read(included, constraint || isConstraint, (error) =>
            isForeign ? errors.includedFileNotFound(shown, number) : error,
          );
        }
        continue;
      }
      const { requirement, options: lineOptions } = parted(line);
      for (const option of lineOptions) options.add(option);
      if (notForUs.test(requirement)) continue;
      try {
        const listed = listedRequirement(requirement);
        if (!constraint) requirements.push({ ...listed, outside: isForeign });
      } catch (error) {
        if (!(error instanceof RequirementError)) throw error;
        if (isForeign) throw errors.lineOutsideInvalid(shown, number);
        throw errors.requirementInvalid(quoted(requirement), `${error.message} (${shown}, line ${number})`);
      }
    }
  };

  await read(path, false, (error) => error);
  return { files: [...files.values()], outside, requirements, options };
}
