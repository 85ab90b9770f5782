import { errors } from '../errors';
import { readText } from '../files/readFiles';
import { quoted } from '../files/quoted';
import { parseRequirement, RequirementError } from '../packages/requirement';
import { parseSpecifierSet, VersionError, type SpecifierSet } from '../packages/version';

/** What a file says about the environment that it wants to run in. */
export interface ScriptMetadata {
  /** PEP 508, in the order written, without the blanks around them. */
  readonly dependencies: readonly string[];
  readonly requiresPython: { readonly text: string; readonly specifiers: SpecifierSet } | undefined;
  /** What is in `[tool.uv]` and would change what is installed, or from where. */
  readonly ignoredOfUv: readonly string[];
}

const opening = /^# \/\/\/ script$/m;

interface Block {
  /** Of its first line, from 1. */
  readonly line: number;
  /** Without the marks of comments. */
  readonly content: string;
}

/**
 * @returns the "script" blocks, as the regular expression of the specification's reference implementation finds them: one
 * ends with the last "# ///" of the comment lines that follow each other, and of one that is not closed nothing is found.
 */
function scriptBlocks(text: string): Block[] {
  const lines = text.split('\n');
  const isComment = (line = ''): boolean => line === '#' || line.startsWith('# ');
  // For each line the last closing one among the comments that follow it, from the end on, so that each is looked at once.
  const closing: (number | undefined)[] = [];
  for (let index = lines.length - 1; index >= 0; index--) {
    if (!isComment(lines[index])) continue;
    closing[index] = closing[index + 1] ?? (lines[index] === '# ///' ? index : undefined);
  }
  const found: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const type = /^# \/\/\/ ([a-zA-Z0-9-]+)$/.exec(lines[index] ?? '')?.[1];
    const end = closing[index + 1];
    if (type === undefined || end === undefined || end < index + 2) continue;
    const content = lines.slice(index + 1, end).map((line) => `${line.slice(2)}\n`);
    if (type === 'script') found.push({ line: index + 1, content: content.join('') });
    index = end;
  }
  return found;
}

/** Longer than any program that a person wrote; it is read on every run. */
const maxBytes = 4 * 1024 * 1024;

/** Of `[tool.uv]`. */
const uvSources =
  /^(index|index-url|extra-index-url|find-links|no-index|sources|exclude-newer|override-dependencies|constraint-dependencies|prerelease|resolution)$/;

/** @returns the text of a file that may hold metadata; undefined where it holds none, without a look at the rest. */
export async function textWithMetadata(file: string): Promise<string | undefined> {
  const text = (await readText(file, maxBytes))?.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return text !== undefined && opening.test(text) ? text : undefined;
}

/**
 * Reads inline script metadata (PEP 723, "Inline script metadata" of the PyPA specifications).
 *
 * @param name the file, as errors name it.
 * @returns undefined where the text has no block, or one that is not closed, which has to be ignored.
 * @throws ToolError invalid_input, which names the line and the rule; requirement_invalid.
 */
export async function parseScriptMetadata(name: string, text: string): Promise<ScriptMetadata | undefined> {
  const [block, second] = scriptBlocks(text);
  if (!block) return undefined;
  const { line: start, content } = block;
  const fail = (line: number, rule: string) => errors.scriptMetadataInvalid(name, line, rule);
  if (second) throw fail(second.line, `a second "script" block; the first is in line ${start}`);
  const { parseToml, TomlError } = await import('../files/toml');
  const lineOf = (key: string): number => {
    const index = content.split('\n').findIndex((line) => line.trimStart().startsWith(key));
    return start + 1 + Math.max(index, 0);
  };
  let table: Readonly<Record<string, unknown>>;
  try {
    table = parseToml(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [, reason = error.message] = /^(?:Invalid TOML document: )?(.*)$/m.exec(error.message) ?? [];
    // What is missing at the end is missed in the line after it.
    const line = Math.min(error.line, content.split('\n').length - 1);
    throw fail(start + line, `no valid TOML (${reason})`);
  }
  const { dependencies = [], 'requires-python': requiresPython, tool } = table;
  if (!isListOfStrings(dependencies)) throw fail(lineOf('dependencies'), '"dependencies" is not a list of strings');
  if (requiresPython !== undefined && typeof requiresPython !== 'string') {
    throw fail(lineOf('requires-python'), '"requires-python" is not a string');
  }
  return {
    dependencies: dependencies.map(checkedRequirement),
    requiresPython: requiresPython === undefined ? undefined : versionsOf(requiresPython, fail, lineOf),
    ignoredOfUv:
      isTable(tool) && isTable(tool['uv']) ? Object.keys(tool['uv']).filter((key) => uvSources.test(key)) : [],
  };
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** A path, which the installers take too, is no dependency here. */
function checkedRequirement(text: string): string {
  try {
    parseRequirement(text);
    return text.trim();
  } catch (error) {
    if (error instanceof RequirementError) throw errors.requirementInvalid(quoted(text), error.message);
    throw error;
  }
}

function versionsOf(
  text: string,
  fail: (line: number, rule: string) => Error,
  lineOf: (key: string) => number,
): ScriptMetadata['requiresPython'] {
  try {
    return { text, specifiers: parseSpecifierSet(text) };
  } catch (error) {
    if (error instanceof VersionError) throw fail(lineOf('requires-python'), `"requires-python": ${error.message}`);
    throw error;
  }
}
