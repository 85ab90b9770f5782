import { join } from 'node:path';
import { readText } from '../files/readFiles';
import { withLineFeeds } from '../lineEnds';
import { placeRelativeTo } from './placeRelativeTo';

/** An exception as far as it explains a failure. */
export interface DescribedException {
  /** Qualified as Python prints it, such as "json.decoder.JSONDecodeError". */
  readonly type: string;
  readonly message: string;
  /** Only those of the user's own files, innermost last, at most 50; at most 5 of causes and members of a group. */
  readonly frames: readonly ExceptionFrame[];
  /** What hints are made of; results do not show it. */
  readonly details?: ExceptionDetails;
}

/** The exception that ended a program; a `SystemExit` only where it was given a message. */
export interface UncaughtException extends DescribedException {
  /** The exceptions that led to it, nearest first, at most 5. */
  readonly causes?: readonly CauseOfException[];
  /** Those that a group (PEP 654) and the groups in it hold, at most 10. */
  readonly exceptions?: readonly MemberOfGroup[];
  /** Of a ModuleNotFoundError: the dotted name that was not found. */
  readonly missingModule?: string;
}

export interface CauseOfException extends DescribedException {
  /** Whether it was named (`raise … from`), or was being handled, when the one before in the list was raised. */
  readonly relation: 'cause' | 'context';
}

export interface MemberOfGroup extends DescribedException {
  readonly causes?: readonly CauseOfException[];
}

/** Each only where the exception has it. */
export interface ExceptionDetails {
  /** Of an OSError: the name of its number, such as "EADDRINUSE". */
  readonly errno?: string;
  /** Of an OSError. */
  readonly filename?: string;
  readonly missingModule?: string;
  /** Of an ImportError: the file that could not be loaded, or that lacks a name. */
  readonly library?: string;
  /** The user's file, absolute, that hides a module which has what was looked for. */
  readonly shadowing?: string;
  /** The compiled file, absolute, that there is of a module for another Python only. */
  readonly otherBuild?: string;
  /** Of a UnicodeDecodeError. */
  readonly encoding?: string;
  /** Of a UnicodeDecodeError: the first four bytes in hexadecimal digits. */
  readonly start?: string;
}

export interface ExceptionFrame {
  /** Relative to the folder with `/`, absolute outside of it, `<code>` for inline code. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly function: string;
  /** The line of source, without its indentation. */
  readonly code: string;
  /** Of the place of a SyntaxError: where in the line of the file it begins, from 1. */
  readonly column?: number;
  /** Where it ends, from 1 and exclusive, on the same line (Python 3.10 and newer). */
  readonly end_column?: number;
}

/** In bytes; python/exception.py writes some 100 KB at most. */
const longestReport = 1024 * 1024;

// The program can write to the report, too, or put something else in its place: nothing of it is taken at its word, and no
// part is longer or more than python/exception.py makes it.
const mostFrames = 50;
const mostCauses = 5;
const mostExceptions = 10;
const longestMessage = 4000;
const longestName = 1000;

/** @returns the exception that python/exception.py reported in a run's folder; undefined where none ended the program. */
export async function readUncaughtException(folder: string, root: string): Promise<UncaughtException | undefined> {
  const text = await readText(join(folder, 'exception.json'), longestReport);
  return text === undefined ? undefined : parseUncaughtException(text, root);
}

/** @returns the report's content; undefined where it is not one. */
export function parseUncaughtException(text: string, root: string): UncaughtException | undefined {
  const report = parseJson(text);
  if (!isRecord(report)) return undefined;
  const place = placeRelativeTo(root);
  const exception = withCausesIn(report, place);
  if (!exception) return undefined;
  const exceptions = listIn(report, 'exceptions', mostExceptions).flatMap(
    (member) => withCausesIn(member, place) ?? [],
  );
  const missingModule = exception.details?.missingModule;
  return {
    ...exception,
    ...(exceptions.length > 0 ? { exceptions } : {}),
    ...(missingModule === undefined ? {} : { missingModule }),
  };
}

type Place = (file: string) => string;

function describedIn(report: Record<string, unknown>, place: Place): DescribedException | undefined {
  const { type, message, frames, details } = report;
  if (typeof type !== 'string' || typeof message !== 'string' || !Array.isArray(frames)) return undefined;
  return {
    type: type.slice(0, longestName),
    message: withLineFeeds(message.slice(0, longestMessage)),
    frames: frames
      .slice(-mostFrames)
      .filter(isFrame)
      .map((frame) => frameOf(frame, place)),
    ...(isDetails(details) ? { details: bounded(details) } : {}),
  };
}

function withCausesIn(report: Record<string, unknown>, place: Place): MemberOfGroup | undefined {
  const described = describedIn(report, place);
  const causes = listIn(report, 'causes', mostCauses).flatMap((cause): CauseOfException[] => {
    const { relation } = cause;
    const because = describedIn(cause, place);
    return because && (relation === 'cause' || relation === 'context') ? [{ ...because, relation }] : [];
  });
  return described && causes.length > 0 ? { ...described, causes } : described;
}

function frameOf(
  { file, line, function: name, code, column, end_column: end }: ExceptionFrame,
  place: Place,
): ExceptionFrame {
  return {
    file: place(file.slice(0, longestName * 4)),
    line,
    function: name.slice(0, longestName),
    code: code.slice(0, longestName),
    ...(column === undefined ? {} : { column }),
    ...(end === undefined ? {} : { end_column: end }),
  };
}

/** Those that hints know, none of them longer than the path of a file. */
function bounded(details: ExceptionDetails): ExceptionDetails {
  const known = [
    'errno',
    'filename',
    'missingModule',
    'library',
    'shadowing',
    'otherBuild',
    'encoding',
    'start',
  ] as const;
  return Object.fromEntries(
    known.flatMap((name) => {
      const detail = Object.hasOwn(details, name) ? details[name] : undefined;
      return detail === undefined || detail.includes('\0') ? [] : [[name, detail.slice(0, longestName * 4)]];
    }),
  );
}

function listIn(report: Record<string, unknown>, name: string, most: number): Record<string, unknown>[] {
  const list = report[name];
  return Array.isArray(list) ? list.slice(0, most).filter(isRecord) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isDetails = (value: unknown): value is ExceptionDetails =>
  isRecord(value) && Object.values(value).every((detail) => typeof detail === 'string');

const isColumn = (value: unknown): boolean => value === undefined || Number.isSafeInteger(value);

function isFrame(value: unknown): value is ExceptionFrame {
  return (
    isRecord(value) &&
    typeof value['file'] === 'string' &&
    !value['file'].includes('\0') &&
    Number.isSafeInteger(value['line']) &&
    typeof value['function'] === 'string' &&
    typeof value['code'] === 'string' &&
    isColumn(value['column']) &&
    isColumn(value['end_column'])
  );
}
