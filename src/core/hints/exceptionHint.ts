import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { isSameName } from '../pathIdentity';
import { relativeInside } from '../paths';
import type { DescribedException } from '../runner/uncaughtException';
import { chainOf } from './importHint';
import type { FailedRun, HintSources } from './runHint';
import { portHint } from './surroundingsHint';

/** @returns the next step that the type and the fields of the exception, or of one that led to it, tell. */
export async function exceptionHint(sources: HintSources, run: FailedRun): Promise<string | undefined> {
  for (const error of run.outcome.exception ? chainOf(run.outcome.exception) : []) {
    const hint = (await osErrorHint(sources, run, error)) ?? inputHint(run, error) ?? textHint(error);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

async function osErrorHint(
  { root }: HintSources,
  { request: { program, cwd } }: FailedRun,
  { message, details: { errno, filename } = {} }: DescribedException,
): Promise<string | undefined> {
  if (errno === 'EADDRINUSE' || errno === 'WSAEADDRINUSE') return portHint(`EADDRINUSE ${message}`);
  if (filename === undefined) return undefined;
  if (errno === 'EACCES' || errno === 'EPERM') {
    return `No permission for "${filename}": use a path inside the folder, or check who owns it and its mode.`;
  }
  if (errno !== 'ENOENT' || isAbsolute(filename) || program.kind !== 'file') return undefined;
  const beside = dirname(program.path);
  return !isSameName(beside, cwd) && (await exists(join(beside, filename)))
    ? `"${filename}" lies beside the program, not in the working directory: call again with "cwd": ${JSON.stringify(relativeInside(root, beside))}.`
    : undefined;
}

const exists = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  );

function inputHint({ request: { stdin = '' } }: FailedRun, error: DescribedException): string | undefined {
  if (error.type !== 'EOFError') return undefined;
  const asked = /\b(?:input|getpass)\s*\(/.test(error.frames.at(-1)?.code ?? '');
  if (!asked && error.message !== 'EOF when reading a line') return undefined;
  return stdin === ''
    ? 'The program reads standard input, which is empty: pass its lines as "stdin".'
    : 'The program reads more lines than "stdin" has: add those that are missing.';
}

/** The first bytes of what is no text, or of text that says how it is encoded. */
const beginnings: readonly (readonly [start: string, how: string])[] = [
  ['fffe', 'it is UTF-16: open it with encoding="utf-16"'],
  ['feff', 'it is UTF-16: open it with encoding="utf-16"'],
  ['1f8b', 'it is compressed: open it with gzip.open'],
  ['504b0304', 'it is a ZIP archive (xlsx and docx are such): open it with what reads that format'],
  ['89504e47', 'it is a PNG image: open it with mode "rb"'],
  ['ffd8ff', 'it is a JPEG image: open it with mode "rb"'],
  ['25504446', 'it is a PDF: open it with mode "rb"'],
];

function textHint({ type, message, details: { encoding, start } = {} }: DescribedException): string | undefined {
  if (type === 'UnicodeDecodeError' && encoding === 'utf-8') {
    const how = beginnings.find(([bytes]) => start?.startsWith(bytes))?.[1];
    return `What is read is not UTF-8: ${how ?? 'open it with the encoding that it has, often encoding="cp1252"'}.`;
  }
  const python2 = /^Missing parentheses in call to '(?:print|exec)'|^multiple exception types must be parenthesized/;
  return type === 'SyntaxError' && python2.test(message)
    ? 'This is Python 2 source: write it for Python 3 first (print(...), except E as e).'
    : undefined;
}
