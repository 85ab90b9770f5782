import { rm } from 'node:fs/promises';
import { readJson, writeJson } from '../files/storage';

/** What a program said of itself when it was run, or `undefined` where it said nothing usable. */
interface Entry {
  /** Which file was asked; see `fileStamp`. */
  readonly stamp: string;
  readonly answer: unknown;
  /** Milliseconds since 1970, when it was asked. */
  readonly asked: number;
}

/** A failure may be a passing one (a slow disk at log-in), so it is believed for five minutes only. */
const failureLifetimeMs = 5 * 60_000;
/** Entries kept, the latest. */
const capacity = 300;
const format = 1;

/**
 * What programs answered, kept in a JSON file of the user's cache folder that several processes share. A file that is
 * missing, corrupt or of another format is an empty cache; one that cannot be written is no error.
 */
export class AnswerCache<T> {
  readonly #file: string | undefined;
  readonly #isAnswer: (value: unknown) => value is T;
  #entries: Map<string, Entry> | undefined;
  readonly #fresh = new Map<string, Entry>();

  /** @param file undefined: nothing is kept beyond this process. */
  constructor(file: string | undefined, isAnswer: (value: unknown) => value is T) {
    this.#file = file;
    this.#isAnswer = isAnswer;
  }

  /** @returns the answer; null for a recent failure; undefined where the program has to be asked. */
  async get(key: string, stamp: string): Promise<T | null | undefined> {
    this.#entries ??= await this.#read();
    const entry = this.#entries.get(key);
    if (entry?.stamp !== stamp) return undefined;
    if (this.#isAnswer(entry.answer)) return entry.answer;
    return Date.now() - entry.asked < failureLifetimeMs ? null : undefined;
  }

  set(key: string, stamp: string, answer: T | null): void {
    const entry = { stamp, answer, asked: Date.now() };
    this.#entries?.set(key, entry);
    this.#fresh.set(key, entry);
  }

  /** Writes what is new into the file, beside what other processes wrote there. */
  async save(): Promise<void> {
    if (this.#fresh.size === 0 || this.#file === undefined) return;
    const entries = new Map([...(await this.#read()), ...this.#fresh]);
    this.#fresh.clear();
    this.#entries = new Map([...entries].sort(([, a], [, b]) => b.asked - a.asked).slice(0, capacity));
    await writeJson(this.#file, { format, entries: Object.fromEntries(this.#entries) }).catch(() => undefined);
  }

  /** Asks everything anew from now on. */
  async forget(): Promise<void> {
    this.#entries = new Map();
    this.#fresh.clear();
    if (this.#file !== undefined) await rm(this.#file, { force: true }).catch(() => undefined);
  }

  async #read(): Promise<Map<string, Entry>> {
    const stored = this.#file === undefined ? undefined : await readJson(this.#file);
    const entries = new Map<string, Entry>();
    if (!isRecord(stored) || stored['format'] !== format || !isRecord(stored['entries'])) return entries;
    for (const [key, entry] of Object.entries(stored['entries'])) {
      if (!isRecord(entry) || typeof entry['stamp'] !== 'string' || typeof entry['asked'] !== 'number') continue;
      entries.set(key, { stamp: entry['stamp'], answer: entry['answer'], asked: entry['asked'] });
    }
    return entries;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
