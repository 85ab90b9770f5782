import { parseArgs } from 'node:util';
import { runEnvironmentArguments, runEnvironmentOf, runEnvironmentOptions } from '../core/runEnvironmentFlags';
import { agents, agentNamed, type Agent, type Scope } from './agents';

export interface ConnectFlags {
  readonly help: boolean;
  readonly agents: readonly Agent[];
  /** Undefined: each agent's usual one. */
  readonly scope: Scope | undefined;
  /** As given; undefined: the current folder. */
  readonly workspace: string | undefined;
  readonly name: string;
  /** `ask`: a person at a terminal. */
  readonly consent: 'ask' | 'given' | 'dry-run';
  readonly remove: boolean;
  readonly trust: boolean;
  readonly json: boolean;
  /** Flags for the server that the agent will start. */
  readonly serverFlags: readonly string[];
}

export const help = `Usage: python-tools-mcp connect [AGENT...] [options]

Adds the server to the configuration of other agents: shows what would change, and asks.
Without AGENT: lists those found on this machine.

AGENT: ${agents.map(({ id }) => id).join(', ')}, or all (those found)

  --project          in the configuration of the project
  --user             in the user's own, for all projects
                     (default: ${agents
                       .filter(({ files }) => Object.keys(files)[0] === 'user')
                       .map(({ id }) => id)
                       .join(', ')}: the user's; others: the project's)
  --workspace DIR    the project's folder (default: the current folder)
  --name NAME        what the server is called there (default: python)
  --yes, --write     write without asking
  --dry-run          only show what would change
  --remove           take the server out again
  --run-environment, --pass-variable, --withhold-variable, --run-env-file
                     handed on to the server: see python-tools-mcp --help
  --trust            gemini: let it call the tools without asking
  --json             say the result as JSON
  --help             show this and exit

Exit code: 0 done, 1 failed, 2 not agreed to (no terminal and no --yes) or wrong arguments.
`;

/** @returns what the arguments say. @throws Error with a sentence for the user where they are wrong. */
export function parseConnectFlags(args: readonly string[], found: () => readonly Agent[]): ConnectFlags {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      project: { type: 'boolean', default: false },
      user: { type: 'boolean', default: false },
      workspace: { type: 'string' },
      name: { type: 'string', default: 'python' },
      yes: { type: 'boolean', short: 'y', default: false },
      write: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      remove: { type: 'boolean', default: false },
      trust: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      ...runEnvironmentOptions,
    },
  });
  runEnvironmentOf(values);
  if (values.project && values.user) throw new Error('Choose one of --project and --user.');
  if (!/^[A-Za-z0-9_-]+$/.test(values.name)) throw new Error('--name takes letters, digits, "_" and "-".');
  return {
    help: values.help,
    agents: positionals.flatMap((name) => (name === 'all' ? found() : named(name))),
    scope: values.project ? 'project' : values.user ? 'user' : undefined,
    workspace: values.workspace,
    name: values.name,
    consent: values['dry-run'] ? 'dry-run' : values.yes || values.write ? 'given' : 'ask',
    remove: values.remove,
    trust: values.trust,
    json: values.json,
    serverFlags: runEnvironmentArguments(values),
  };
}

function named(name: string): Agent {
  const agent = agentNamed(name);
  if (!agent) throw new Error(`No agent "${name}"; there are ${agents.map(({ id }) => id).join(', ')}.`);
  return agent;
}
