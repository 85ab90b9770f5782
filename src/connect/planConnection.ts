import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { realPathOf } from '../core/paths';
import { attemptReading, reasonOf } from '../core/files/readFiles';
import { pathRules, replace } from '../core/files/storage';
import { agentNamed, type Agent, type Entry } from './agents';
import type { ConfigFormat, EntryPath } from './configFormat';
import { ConnectError, type Change, type Connection, type ConnectionPlan, type Launch } from './connection';
import { at, isRecord, jsonFormat } from './jsonFormat';
import { tomlFormat } from './tomlFormat';

const formats: Readonly<Record<Agent['format'], ConfigFormat>> = { json: jsonFormat, toml: tomlFormat };
const onlyHere = 'The entry names files of this machine: it is of no use to others who share the project.';
const noNetworkFolder = 'cmd.exe does not start in a network folder: open the project under a drive letter.';
const byteOrderMark = '\uFEFF';
/** One agent keeps its whole history beside its servers. */
const largestConfiguration = 64 * 1024 * 1024;

/**
 * @returns what connecting, or with `remove` disconnecting, the agent would change; nothing is written.
 * @throws ConnectError where the agent has no such scope, its file cannot be read or parsed, or an entry of that name
 * is not ours.
 */
export async function planConnection(connection: Connection, { remove = false } = {}): Promise<ConnectionPlan> {
  const { scope, trust = false, name, launch } = connection;
  const { platform } = connection.machine;
  const agent = agentNamed(connection.agent);
  const files = agent?.files[scope]?.(connection);
  if (!agent || files?.[0] === undefined) {
    throw new ConnectError(`${agent?.title ?? connection.agent} has no ${scope} configuration for MCP servers.`);
  }
  const format = formats[agent.format];
  const path: EntryPath = [agent.servers, name];
  const options = { scope, trust, platform };
  const entry = agent.entry(launch, options);
  const { file, target, text } = await firstThatExists(files);
  const mark = text?.startsWith(byteOrderMark) ? byteOrderMark : '';
  const body = text?.slice(mark.length) ?? '';
  const refuse = (message: string): ConnectError =>
    new ConnectError(message, remove ? undefined : format.show(path, entry));

  const value = parsed(format, body, file, refuse);
  const existing = at(value, path);
  const change = remove ? removal(existing) : addition(existing, entry);
  if (existing !== undefined && change !== 'connected' && !isOurs(existing, launch)) {
    throw refuse(`${file} has a server "${name}" already, which is another one: choose another name with --name.`);
  }
  const after = changed(format, body, path, entry, change);
  if (after === undefined || !isDeepStrictEqual(after.value, plain(expectedValue(value, path, entry, change)))) {
    throw refuse(`${file} is written in a way that cannot be changed safely: nothing was written.`);
  }
  const notes = [
    agent.note?.(options),
    scope === 'project' && pathRules(platform).isAbsolute(launch.command) ? onlyHere : undefined,
    launch.command === 'cmd' && connection.project.startsWith('\\\\') ? noNetworkFolder : undefined,
  ];
  return {
    agent: agent.id,
    change,
    file,
    target,
    before: text,
    after: mark + after.text,
    notes: remove ? [] : notes.filter((note) => note !== undefined),
    paste: format.show(path, entry),
  };
}

/**
 * Writes what was planned: whole or not at all, with the file's mode, through links.
 *
 * @throws ConnectError where the file is no longer what it was when the plan was made; what the file system throws.
 */
export async function applyConnection({ file, target, before, after }: ConnectionPlan): Promise<void> {
  if (after === (before ?? '')) return;
  if ((await textOf(target)) !== before) throw new ConnectError(`${file} has changed in the meantime: try again.`);
  await mkdir(dirname(target), { recursive: true });
  const mode = (await stat(target).catch(() => undefined))?.mode;
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    // Such files hold keys: nobody else reads a new one.
    await writeFile(temporary, after, { mode: 0o600 });
    if (mode !== undefined) await chmod(temporary, mode & 0o7777);
    await replace(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function firstThatExists(
  files: readonly string[],
): Promise<{ file: string; target: string; text: string | undefined }> {
  const found = await Promise.all(
    files.map(async (file) => {
      const target = await realPathOf(file).catch((error: unknown) => {
        throw new ConnectError(`${file} cannot be read: ${String(error)}.`); // A link that leads back to itself.
      });
      return { file, target, text: await textOf(target) };
    }),
  );
  const first = found.find(({ text }) => text !== undefined) ?? found[0];
  if (!first) throw new Error('no file');
  return first;
}

async function textOf(file: string): Promise<string | undefined> {
  const reading = await attemptReading(file, largestConfiguration);
  if ('unread' in reading) {
    const { unread } = reading;
    if (unread.kind === 'missing') return undefined;
    throw new ConnectError(
      `${file} cannot be read: ${unread.kind === 'failed' ? String(unread.error) : reasonOf(unread)}.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reading.bytes);
  } catch {
    throw new ConnectError(`${file} cannot be read: it is not UTF-8.`);
  }
}

function parsed(
  format: ConfigFormat,
  text: string,
  file: string,
  refuse: (message: string) => ConnectError,
): Readonly<Record<string, unknown>> {
  try {
    const value = format.parse(text);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refuse(`${file} cannot be parsed: ${error.message}. It was not touched.`);
  }
  throw refuse(`${file} holds no object. It was not touched.`);
}

const removal = (existing: unknown): Change => (existing === undefined ? 'absent' : 'remove');

function addition(existing: unknown, entry: Entry): Change {
  if (existing === undefined) return 'add';
  const same = Object.entries(entry).every(([key, value]) =>
    isDeepStrictEqual(plain(at(existing, [key])), plain(value)),
  );
  return same ? 'connected' : 'update';
}

/** @returns whether an entry starts this server: the same file, another one in a folder of its name, or the package. */
function isOurs(existing: unknown, { args }: Launch): boolean {
  const line = [at(existing, ['command']), at(existing, ['args'])].flat();
  const isNamed = line.some(
    (word) => typeof word === 'string' && /(^|[/\\])python-tools-mcp(@|[/\\.]|-?\d|$)/i.test(word),
  );
  return isNamed || (args.length > 0 && args.every((word) => line.includes(word)));
}

/** @returns the changed text, and what it holds now. */
function changed(
  format: ConfigFormat,
  text: string,
  path: EntryPath,
  entry: Entry,
  change: Change,
): { readonly text: string; readonly value: unknown } | undefined {
  try {
    const after =
      change === 'remove'
        ? format.remove(text, path)
        : change === 'add' || change === 'update'
          ? format.set(text, path, entry)
          : text;
    return { text: after, value: plain(format.parse(after)) };
  } catch {
    // The editors of text give up on what they cannot express, each in its own words.
    return undefined;
  }
}

function expectedValue(
  value: Readonly<Record<string, unknown>>,
  [servers, name]: EntryPath,
  entry: Entry,
  change: Change,
): unknown {
  if (change === 'connected' || change === 'absent') return value;
  const { [name]: old, ...others } = recordAt(value, servers);
  const merged = change === 'remove' ? others : { ...others, [name]: { ...(isRecord(old) ? old : {}), ...entry } };
  return { ...value, [servers]: merged };
}

const recordAt = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const inner = at(value, [key]);
  return isRecord(inner) ? inner : {};
};

/** Dates, big numbers and prototypes of a parser are of no interest to the comparison. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
