import { patch } from '@decimalturn/toml-patch';
import { parse, stringify, TomlError } from 'smol-toml';
import type { Entry } from './agents';
import { lineEndOf, type ConfigFormat, type EntryPath } from './configFormat';
import { at, isRecord } from './jsonFormat';

/** TOML 1.0. What `patch` makes is parsed by another parser before anybody writes it: see planConnection. */
export const tomlFormat: ConfigFormat = {
  parse: (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const reason = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? '';
      throw new SyntaxError(`${reason} in line ${error.line}, column ${error.column}`, { cause: error });
    }
  },
  set: (text, path, entry) => {
    const value = parse(text);
    const existing = at(value, path);
    if (existing === undefined) return appended(text, path, entry);
    return patch(text, withEntry(value, path, { ...(isRecord(existing) ? existing : {}), ...entry }));
  },
  remove: (text, path) => patch(text, withEntry(parse(text), path)),
  show: (path, entry) => tableOf(path, entry),
};

/** A table of its own at the end: nothing that is there already is touched, whatever it looks like. */
function appended(text: string, path: EntryPath, entry: Entry): string {
  const end = lineEndOf(text);
  const before = text === '' || text.endsWith('\n') ? text : text + end;
  return before + (before.trim() === '' ? '' : end) + tableOf(path, entry).replaceAll('\n', end);
}

function tableOf([servers, name]: EntryPath, entry: Entry): string {
  // The writer adds a header for the outer table, too, where that has nothing of its own.
  const lines = stringify({ [servers]: { [name]: entry } }).split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith(`[${servers}.`))).join('\n');
}

function withEntry(value: unknown, [servers, name]: EntryPath, entry?: object): Record<string, unknown> {
  const root = isRecord(value) ? value : {};
  const inner = at(root, [servers]);
  const others = Object.entries(isRecord(inner) ? inner : {}).filter(([key]) => key !== name);
  const all = Object.fromEntries(entry === undefined ? others : [...others, [name, entry]]);
  return { ...root, [servers]: all };
}
