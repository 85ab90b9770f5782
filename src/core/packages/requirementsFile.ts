import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { errors } from '../errors';
import { nameKey } from '../pathIdentity';
import { type ListedRequirement, listedRequirement, RequirementError } from './requirement';
import { isArchiveName, isWheelUrl } from './resolveRequirement';

/** What a requirements file, with all it includes, says. */
export interface RequirementsFile {
  /** The files read, absolute, the one asked for first. */
  readonly files: readonly string[];
  /** The requirements that have a name (constraints are none). */
  readonly requirements: readonly ListedRequirement[];
  /** The options used, in their long spelling ("--index-url"), each once. */
  readonly options: ReadonlySet<string>;
  /** The lines, constraints too, that are more than a name of an index with what is wanted of it. */
  readonly foreign: readonly string[];
  /** Those of them that may have something built: whatever is not known to build nothing. */
  readonly builds: readonly string[];
}

/** Options that neither build anything nor send an installer elsewhere. */
const harmless = new Set(['--hash', '--require-hashes', '--pre', '--prefer-binary', '--no-index']);

/** Options that send an installer elsewhere, but build nothing. */
const elsewhere = new Set(['--index-url', '--extra-index-url', '--find-links', '--trusted-host']);

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
  let pending = '';
  let start = 1;
  for (const [index, physical] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (pending === '') start = index + 1;
    const comment = /^\s*#/.test(physical);
    if (physical.endsWith('\\') && !comment) {
      pending += physical.slice(0, -1);
      continue;
    }
    const line = (comment ? pending : pending + physical).replace(/(^|\s+)#.*$/, '').trim();
    pending = '';
    if (line !== '') yield { line, number: start };
  }
  if (pending.trim() !== '') yield { line: pending.trim(), number: start };
}

/** An option line as its long name and its value, such as `-r base.txt`, `-rbase.txt`, `--requirement=base.txt`. */
function parseOption(line: string): { readonly name: string; readonly value: string } {
  const [, short, shortValue = ''] = /^(-[a-z])[\s=]*(.*)$/i.exec(line) ?? [];
  if (short !== undefined) return { name: longOptions[short] ?? short, value: unquoted(shortValue) };
  const [, name = line, value = ''] = /^(--[a-z-]+)[\s=]*(.*)$/i.exec(line) ?? [];
  return { name: name === '--requirements' ? '--requirement' : name, value: unquoted(value) };
}

/** pip reads a line of options as a shell does. */
const unquoted = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, '$2');

/** The name as written: what an installer looks at to tell a file. */
const nameOf = (requirement: string): string => /^[\w.-]*/.exec(requirement)?.[0] ?? '';

/** A path, a URL or something with a variable in it: for the installer to judge. */
const notForUs = /^[^\s;@]*[\\/:]|^\.|\$\{|^[^\s;@]*\.(whl|zip|tar\.gz|tgz|tar\.bz2)\b/i;

/**
 * Reads a requirements file as pip does (its options are allowed in it: a file is the user's own), so that what can't
 * work is named before anything starts.
 *
 * @param path absolute.
 * @param root the folder that messages name files relative to.
 * @throws ToolError requirement_invalid with file and line; file_not_found for an included file that is missing.
 */
export async function readRequirementsFile(path: string, root: string): Promise<RequirementsFile> {
  const files = new Map<string, string>();
  const requirements: ListedRequirement[] = [];
  const options = new Set<string>();
  const foreign: string[] = [];
  const builds: string[] = [];
  const judge = (text: string, isForeign: boolean, mayBuild: boolean): void => {
    if (isForeign) foreign.push(text);
    if (isForeign && mayBuild) builds.push(text);
  };

  const read = async (file: string, constraint: boolean): Promise<void> => {
    if (files.has(nameKey(file))) return;
    files.set(nameKey(file), file);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch {
      throw errors.fileNotFound(relative(root, file), []);
    }
    for (const { line, number } of logicalLines(text)) {
      if (line.startsWith('-')) {
        const { name, value } = parseOption(line);
        options.add(name);
        const isConstraint = name === '--constraint';
        if ((name === '--requirement' || isConstraint) && !/^[a-z]+:\/\/|\$\{/i.test(value)) {
          await read(resolve(dirname(file), value), constraint || isConstraint);
        } else judge(line, !harmless.has(name), !elsewhere.has(name));
        continue;
      }
      const [requirement = '', ...lineOptions] = line.split(/\s+(?=--[a-z])/);
      for (const option of lineOptions) options.add(parseOption(option).name);
      const isOptioned = lineOptions.some((option) => !harmless.has(parseOption(option).name));
      if (notForUs.test(requirement)) {
        judge(line, true, true);
        continue;
      }
      try {
        const listed = listedRequirement(requirement);
        const { url = '' } = listed;
        const isFile = url === '' ? isArchiveName(nameOf(requirement)) : !isWheelUrl(url);
        judge(line, url !== '' || isFile || isOptioned, isFile || isOptioned);
        if (!constraint) requirements.push(listed);
      } catch (error) {
        if (!(error instanceof RequirementError)) throw error;
        throw errors.requirementInvalid(requirement, `${error.message} (${relative(root, file)}, line ${number})`);
      }
    }
  };

  await read(path, false);
  return { files: [...files.values()], requirements, options, foreign, builds };
}
