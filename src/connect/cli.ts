import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { version } from '../../package.json';
import { currentFolder } from '../core/files/currentFolder';
import { thisMachine } from '../core/files/storage';
import { scopesOf, type Agent } from './agents';
import { ConnectError, type Connection, type ConnectionPlan } from './connection';
import { installedAgents } from './detect';
import { help, parseConnectFlags, type ConnectFlags } from './flags';
import { serverOf, shownCommand, thisNode } from './launch';
import { applyConnection, planConnection } from './planConnection';

/** What came of one agent, as `--json` says it. */
interface Outcome {
  readonly agent: string;
  readonly file?: string;
  readonly change?: ConnectionPlan['change'];
  readonly written: boolean;
  readonly diff?: string;
  readonly notes?: readonly string[];
  readonly error?: string;
  readonly paste?: string;
}

const say = (text: string): void => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/**
 * `python-tools-mcp connect`: adds the server to other agents' configuration, after showing what would change.
 *
 * @returns the exit code: 0 done, 1 failed for one agent at least, 2 not agreed to or wrong arguments.
 */
export async function connect(args: readonly string[]): Promise<number> {
  const machine = thisMachine();
  const cwd = currentFolder();
  if (cwd === undefined) {
    process.stderr.write('python-tools-mcp connect: the current folder no longer exists; start it in another one.\n');
    return 2;
  }
  let flags: ConnectFlags;
  try {
    flags = parseConnectFlags(args, () => installedAgents({ project: cwd, machine }));
    if (flags.workspace !== undefined && !statSync(flags.workspace, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`--workspace ${flags.workspace}: there is no such folder.`);
    }
  } catch (cause) {
    process.stderr.write(
      `python-tools-mcp connect: ${cause instanceof Error ? cause.message : String(cause)} See --help.\n`,
    );
    return 2;
  }
  if (flags.help) return (say(help), 0);
  const project = resolve(flags.workspace ?? cwd);
  const server = serverOf(__dirname, version, thisNode(process.execPath, machine), machine);
  const connectionOf = (agent: Agent): Connection => ({
    agent: agent.id,
    scope: flags.scope ?? scopesOf(agent)[0] ?? 'user',
    project,
    name: flags.name,
    launch: server.launch,
    trust: flags.trust,
    serverFlags: flags.serverFlags,
    machine,
  });
  if (flags.agents.length === 0) return await list(flags, installedAgents({ project, machine }), connectionOf);

  const outcomes: Outcome[] = [];
  let refused = false;
  for (const agent of flags.agents) {
    const outcome = await connectOne(connectionOf(agent), flags, server.prepare).catch(failure(agent));
    if (!flags.json && outcome.error !== undefined) sayFailure(outcome);
    refused ||= outcome.error === undefined && !outcome.written && isOpen(outcome) && flags.consent !== 'dry-run';
    outcomes.push(outcome);
  }
  if (flags.json) say(JSON.stringify(outcomes, undefined, 2));
  return outcomes.some(({ error }) => error !== undefined) ? 1 : refused ? 2 : 0;
}

const isOpen = ({ change }: Outcome): boolean => change !== 'connected' && change !== 'absent';

async function connectOne(connection: Connection, flags: ConnectFlags, prepare: () => Promise<void>): Promise<Outcome> {
  const plan = await planConnection(connection, flags);
  const { agent, file, change, notes } = plan;
  const diff = plan.diff();
  const outcome = { agent, file, change, diff, notes };
  if (!flags.json) for (const text of [diff, ...notes].filter((text) => text !== '')) say(text);
  if (!isOpen({ ...outcome, written: false })) {
    if (!flags.json) say(`${agent}: ${change === 'connected' ? 'already connected' : 'not connected'} in ${file}`);
    return { ...outcome, written: false };
  }
  if (!(await isAgreed(flags, file))) return { ...outcome, written: false };
  if (!flags.remove) await prepare();
  await applyConnection(plan);
  if (!flags.json) say(`${agent}: ${change === 'remove' ? 'removed from' : 'connected in'} ${file}`);
  return { ...outcome, written: true };
}

async function isAgreed({ consent, json }: ConnectFlags, file: string): Promise<boolean> {
  if (consent !== 'ask') return consent === 'given';
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) {
    process.stderr.write(`${file} was not written: pass --yes to write it.\n`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`Write ${file}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

const failure =
  ({ id }: Agent) =>
  (cause: unknown): Outcome => ({
    agent: id,
    written: false,
    error: cause instanceof Error ? cause.message : String(cause),
    ...(cause instanceof ConnectError && cause.paste !== undefined ? { paste: cause.paste } : {}),
  });

function sayFailure({ agent, error, paste }: Outcome): void {
  process.stderr.write(`${agent}: ${error}\n${paste === undefined ? '' : `To add it by hand:\n\n${paste}\n`}`);
}

/** Says which agents are here and which of them know the server. */
async function list(
  { json }: ConnectFlags,
  found: readonly Agent[],
  connectionOf: (agent: Agent) => Connection,
): Promise<number> {
  const states = await Promise.all(
    found.map(async (agent) => {
      const { file, change, error } = await planConnection(connectionOf(agent)).then(
        (plan) => ({ ...plan, error: undefined }),
        (cause: unknown) => ({ ...failure(agent)(cause), file: undefined, change: undefined }),
      );
      return { agent: agent.id, title: agent.title, connected: change === 'connected', file, error };
    }),
  );
  if (json) say(JSON.stringify(states, undefined, 2));
  else if (states.length === 0) say('No agent was found. Name one: see --help.');
  else {
    for (const { agent, title, connected, file, error } of states) {
      say(
        `${agent.padEnd(9)} ${title.padEnd(30)} ${connected ? 'connected   ' : 'not connected'} ${error ?? file ?? ''}`,
      );
    }
    say(`\nConnect one with: ${shownCommand(__dirname, version, process.cwd(), thisMachine())} connect AGENT`);
  }
  return 0;
}
