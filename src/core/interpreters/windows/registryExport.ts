/** The values of a key by their names, as text; the one without a name has the empty name. */
export type RegistryValues = ReadonlyMap<string, RegistryText>;

/** A value that is a text. */
export interface RegistryText {
  readonly text: string;
  /** Whether variables in it stand for their values (REG_EXPAND_SZ). */
  readonly expands: boolean;
}

/**
 * Reads what `reg export` writes ("Windows Registry Editor Version 5.00", UTF-16), which is the same in every language
 * of Windows and holds every character. What `reg query` prints went through the console's code page.
 * @returns the keys by their full paths, with the values that are texts.
 */
export function parseRegistryExport(file: Buffer): Map<string, RegistryValues> {
  const keys = new Map<string, Map<string, RegistryText>>();
  if (file.length < 2 || file.readUInt16LE(0) !== 0xfeff) return keys;
  let values: Map<string, RegistryText> | undefined;
  for (const line of wholeLines(file.toString('utf16le', 2))) {
    if (line.startsWith('[')) {
      values = new Map();
      keys.set(line.slice(1, -1), values);
      continue;
    }
    const [, name, kind, value = ''] = /^(@|"(?:[^"\\]|\\.)*")=("|hex\(2\):)(.*)$/s.exec(line) ?? [];
    if (name === undefined || !values) continue;
    const text = kind === '"' ? unescaped(value.replace(/"$/, '')) : textOfBytes(value);
    // Names are compared without regard to case.
    values.set(name === '@' ? '' : unescaped(name.slice(1, -1)).toLowerCase(), { text, expands: kind !== '"' });
  }
  return keys;
}

/** @yields lines; one that ends in a backslash (of a value in hexadecimal) together with the next. */
function* wholeLines(text: string): Generator<string> {
  let open: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^(@|".*")=hex|^ {2}/.test(line) && line.endsWith('\\')) {
      open.push(line.slice(0, -1).trim());
      continue;
    }
    yield open.length > 0 ? [...open, line.trim()].join('') : line;
    open = [];
  }
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

function textOfBytes(bytes: string): string {
  const text = Buffer.from(bytes.split(',').map((byte) => Number.parseInt(byte, 16))).toString('utf16le');
  let end = text.length;
  while (text[end - 1] === '\0') end--;
  return text.slice(0, end);
}
