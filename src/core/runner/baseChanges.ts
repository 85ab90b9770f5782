import { readdirSync, statSync } from 'node:fs';
import type { Environment } from '../environment';

/** What a folder of packages held when a run began. */
interface Held {
  readonly folder: string;
  readonly stamp: string;
  readonly names: ReadonlySet<string>;
}

/** Names that a note lists, at most. */
const mostNames = 6;

/**
 * A program may change the Python that it runs in, though pip is kept from it: then that is told.
 *
 * @param environment one that has no packages of its own: a base Python's, or a venv that leads there.
 * @returns a function that says, after the run, what changed meanwhile; undefined where nothing did.
 */
export function watchBase({ libraries }: Environment): () => string | undefined {
  const before = libraries.own.map((folder): Held => ({
    folder,
    stamp: stampOf(folder),
    names: new Set(namesIn(folder)),
  }));
  return () => {
    const changes = before.flatMap(({ folder, stamp, names }) => {
      if (stampOf(folder) === stamp) return [];
      const now = new Set(namesIn(folder));
      const added = [...now].filter((name) => !names.has(name));
      const removed = [...names].filter((name) => !now.has(name));
      const parts = [listed('added', added), listed('removed', removed)].filter((part) => part !== '');
      return parts.length === 0 ? [] : [`${folder} (${parts.join('; ')})`];
    });
    if (changes.length === 0) return undefined;
    return `While this ran, packages of the base Python changed: ${changes.join(', ')}. Undo that, and install with python.pip into a virtual environment.`;
  };
}

function listed(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${what}: ${names.slice(0, mostNames).join(', ')}${more}`;
}

/** Bytecode is no package, and pip's "~" is one that it is at work on. */
const namesIn = (folder: string): string[] =>
  (orUndefined(() => readdirSync(folder)) ?? []).filter((name) => name !== '__pycache__' && !name.startsWith('~'));

function stampOf(folder: string): string {
  const facts = orUndefined(() => statSync(folder, { bigint: true, throwIfNoEntry: false }));
  return facts ? `${facts.ino}:${facts.mtimeNs}` : '';
}

function orUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
