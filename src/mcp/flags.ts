import { parseArgs } from 'node:util';
import { runEnvironmentOf, runEnvironmentOptions } from '../core/runEnvironmentFlags';
import { defaultSettings, workspaceVariable, type Settings } from '../core/settings';

/** What the command line of the stdio server says. */
export interface Flags {
  readonly action: 'serve' | 'help' | 'version';
  /** As given; empty: the client's roots, else the current folder. */
  readonly workspaces: readonly string[];
  readonly toolNames: 'dotted' | 'underscore';
  readonly settings: Settings;
}

export const help = `Usage: python-tools-mcp [options]
       python-tools-mcp connect [AGENT...]   add it to an agent's configuration: see connect --help

Serves python.run, python.venv and python.pip over MCP on standard input and output.

  --workspace DIR            folder to serve; repeat it for several
                             (default: ${workspaceVariable}, else the client's roots, else the current folder)
  --interpreter PYTHON       interpreter for new venvs: command, version or path
                             (default: ${defaultSettings.interpreter})
  --no-auto-create-venv      install does not create .venv where there is no venv
  --default-timeout SECONDS  time limit of a run that names none (default: ${defaultSettings.defaultTimeout})
  --max-timeout SECONDS      highest time limit of a run (default: ${defaultSettings.maxTimeout})
  --installer NAME           auto, uv or pip (default: ${defaultSettings.installer})
  --no-ready-interpreter     no interpreter waits for the next run while a folder is in use
  --run-environment WHICH    what a run sees of the server's variables: all or minimal (default: all)
  --pass-variable NAME       with minimal, one more that it sees; repeat it for several, "*" stands for any text
  --withhold-variable NAME   one that it never sees of them; the same
  --run-env-file FILE            a file in the folder with more variables for runs, such as .env
  --tool-names STYLE         dotted or underscore, for clients that refuse dots (default: dotted)
  --help                     show this and exit
  --version                  show the version and exit
`;

/** @returns what the arguments say. @throws Error with a sentence for the user where they are wrong. */
export function parseFlags(args: readonly string[], env: NodeJS.ProcessEnv = {}): Flags {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      workspace: { type: 'string', multiple: true, default: [] },
      interpreter: { type: 'string', default: defaultSettings.interpreter },
      'no-auto-create-venv': { type: 'boolean', default: false },
      'default-timeout': { type: 'string', default: String(defaultSettings.defaultTimeout) },
      'max-timeout': { type: 'string', default: String(defaultSettings.maxTimeout) },
      installer: { type: 'string', default: defaultSettings.installer },
      'no-ready-interpreter': { type: 'boolean', default: false },
      ...runEnvironmentOptions,
      'tool-names': { type: 'string', default: 'dotted' },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  return {
    action: values.help ? 'help' : values.version ? 'version' : 'serve',
    workspaces: values.workspace.length > 0 ? values.workspace : workspaceOf(env),
    toolNames: oneOf('--tool-names', values['tool-names'], ['dotted', 'underscore']),
    settings: {
      interpreter: values.interpreter,
      autoCreateVenv: !values['no-auto-create-venv'],
      defaultTimeout: seconds('--default-timeout', values['default-timeout']),
      maxTimeout: seconds('--max-timeout', values['max-timeout']),
      installer: oneOf('--installer', values.installer, ['auto', 'uv', 'pip']),
      keepInterpreterReady: !values['no-ready-interpreter'],
      runEnvironment: runEnvironmentOf(values),
    },
  };
}

const workspaceOf = ({ [workspaceVariable]: folder = '' }: NodeJS.ProcessEnv): string[] =>
  folder === '' ? [] : [folder];

function seconds(flag: string, value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number <= 0) {
    throw new Error(`${flag} takes a number of seconds greater than 0, not "${value}".`);
  }
  return number;
}

function oneOf<const Value extends string>(flag: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`${flag} takes ${allowed.join(', ')}, not "${value}".`);
  return found;
}
