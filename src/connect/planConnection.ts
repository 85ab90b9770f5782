import { isDeepStrictEqual } from 'node:util';
import { pathRules } from '../core/files/storage';
import { withoutSecrets } from '../core/process/describe';
import { agentNamed, type Agent, type Entry } from './agents';
import { findConfigFile, isProtected, leadsOutside } from './configFile';
import type { ConfigFormat, EntryPath } from './configFormat';
import { ConnectError, type Change, type Connection, type ConnectionPlan, type Launch } from './connection';
import { hideValues } from './hideValues';
import { at, isRecord, jsonFormat } from './jsonFormat';
import { tomlFormat } from './tomlFormat';
import { unifiedDiff } from './unifiedDiff';
import { writeConfig } from './writeConfig';

const formats: Readonly<Record<Agent['format'], ConfigFormat>> = { json: jsonFormat, toml: tomlFormat };
const onlyHere = 'The entry names files of this machine: it is of no use to others who share the project.';
const noNetworkFolder = 'cmd.exe does not start in a network folder: open the project under a drive letter.';
const byteOrderMark = '\uFEFF';

/**
 * @returns what connecting, or with `remove` disconnecting, the agent would change; nothing is written.
 * @throws ConnectError where the agent has no such scope, its file cannot be read or parsed, or an entry of that name
 * is not ours.
 */
export async function planConnection(connection: Connection, { remove = false } = {}): Promise<ConnectionPlan> {
  const { scope, trust = false, name, launch, serverFlags = [] } = connection;
  const { platform } = connection.machine;
  const agent = agentNamed(connection.agent);
  const files = agent?.files[scope]?.(connection);
  if (!agent || files?.[0] === undefined) {
    throw new ConnectError(`${agent?.title ?? connection.agent} has no ${scope} configuration for MCP servers.`);
  }
  const format = formats[agent.format];
  const path: EntryPath = [agent.servers, name];
  const options = { scope, trust, platform };
  const entry = agent.entry({ ...launch, args: [...launch.args, ...serverFlags] }, options);
  const refuse = (message: string): ConnectError =>
    new ConnectError(message, remove ? undefined : format.show(path, entry));
  const found = await findConfigFile(files).catch((error: unknown) => {
    throw error instanceof ConnectError ? refuse(error.message) : error;
  });
  const outside = scope === 'project' ? await leadsOutside(found, connection) : undefined;
  if (outside !== undefined) throw refuse(outside);
  const { file, target, text } = found;
  const mark = text?.startsWith(byteOrderMark) ? byteOrderMark : '';
  const body = text?.slice(mark.length) ?? '';
  const value = parsed(format, body, file, refuse);
  const existing = at(value, path);
  const change = remove ? removal(existing) : addition(existing, entry);
  if (existing !== undefined && change !== 'connected' && !isOurs(existing, launch)) {
    throw refuse(`${file} has a server "${name}" already, which is another one: choose another name with --name.`);
  }
  const reason = change === 'connected' || change === 'absent' ? undefined : await isProtected(found);
  if (reason !== undefined) throw refuse(reason);
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
    diff: () =>
      unifiedDiff(file, text, mark + after.text, (all) => hideValues(all, agent.format, valuesShown(entry, existing))),
    notes: remove ? [] : notes.filter((note) => note !== undefined),
    paste: format.show(path, entry),
  };
}

/**
 * Writes what was planned: whole or not at all, through links.
 *
 * @throws ConnectError where the file is no longer what it was when the plan was made, or cannot be written.
 */
export async function applyConnection(plan: ConnectionPlan): Promise<void> {
  if (plan.after !== (plan.before ?? '')) await writeConfig(plan);
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

/** @returns the values that a diff may show: what connecting writes, and the command line that it replaces. */
function valuesShown(entry: Entry, existing: unknown): ReadonlySet<string> {
  const line = ['command', 'args'].flatMap((key) => at(existing, [key])).filter((word) => typeof word === 'string');
  const masked = withoutSecrets(line);
  const written = Object.values(entry).flatMap((value) => (typeof value === 'object' ? Object.values(value) : value));
  return new Set([...written.map(String), ...line.filter((word, index) => word === masked[index])]);
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
