import { errors } from '../errors';
import { readText } from '../files/readFiles';
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

/** A block as the reference implementation of the specification finds it; of one that is not closed nothing is found. */
const blocks = /^# \/\/\/ (?<type>[a-zA-Z0-9-]+)$\n(?<content>(?:^#(?: .*)?$\n)+)^# \/\/\/$/gm;
const opening = /^# \/\/\/ script$/m;

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
  const [block, second] = [...text.matchAll(blocks)].filter(({ groups }) => groups?.['type'] === 'script');
  if (!block) return undefined;
  const start = lineAt(text, block.index);
  const fail = (line: number, rule: string) => errors.scriptMetadataInvalid(name, line, rule);
  if (second) throw fail(lineAt(text, second.index), `a second "script" block; the first is in line ${start}`);
  const content = (block.groups?.['content'] ?? '').replace(/^# ?/gm, '');
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

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

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
    if (error instanceof RequirementError) throw errors.requirementInvalid(text, error.message);
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
