import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** The exception that ended a program. */
export interface UncaughtException {
  /** Qualified as Python prints it, such as "json.decoder.JSONDecodeError". */
  readonly type: string;
  readonly message: string;
  /** Only those of the user's own files, innermost last, at most 50. */
  readonly frames: readonly ExceptionFrame[];
  /** Of a ModuleNotFoundError: the dotted name that was not found. */
  readonly missingModule?: string;
}

export interface ExceptionFrame {
  /** Relative to the folder with `/`, absolute outside of it, `<code>` for inline code. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly function: string;
  /** The line of source, without its indentation. */
  readonly code: string;
}

/** @returns the exception that python/exception.py reported in a run's folder; undefined where none ended the program. */
export async function readUncaughtException(folder: string, root: string): Promise<UncaughtException | undefined> {
  const text = await readFile(join(folder, 'exception.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseUncaughtException(text, root);
}

/** @returns the report's content; undefined where it is not one (the program can write to that file too). */
export function parseUncaughtException(text: string, root: string): UncaughtException | undefined {
  const report = parseJson(text);
  if (!isRecord(report)) return undefined;
  const { type, message, frames, missingModule } = report;
  if (typeof type !== 'string' || typeof message !== 'string' || !Array.isArray(frames)) return undefined;
  const place = relativeTo(root);
  return {
    type,
    message,
    frames: frames.filter(isFrame).map((frame) => ({ ...frame, file: place(frame.file) })),
    ...(typeof missingModule === 'string' ? { missingModule } : {}),
  };
}

function relativeTo(root: string): (file: string) => string {
  // The interpreter may have resolved the links of the path that it was given.
  const roots = [root, realpathOr(root)];
  return (file) => {
    if (!isAbsolute(file)) return file;
    for (const base of roots) {
      const path = relative(base, file);
      if (!path.startsWith('..') && !isAbsolute(path)) return path.split(sep).join('/');
    }
    return file;
  };
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isFrame(value: unknown): value is ExceptionFrame {
  return (
    isRecord(value) &&
    typeof value['file'] === 'string' &&
    typeof value['line'] === 'number' &&
    typeof value['function'] === 'string' &&
    typeof value['code'] === 'string'
  );
}
