import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Agent, Place } from './agent';

/** An agent at work on a prompt. */
export interface RunningAgent {
  readonly process: ChildProcess;
  /** What it wrote on both streams, once it has ended. */
  readonly output: Promise<string>;
}

/** Writes the agent's own configuration into its home. */
export async function prepareHome(agent: Agent, place: Place): Promise<void> {
  for (const [path, content] of Object.entries(agent.files(place))) {
    const target = join(place.home, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

/** Starts an agent on a prompt, in an environment that has no more than a person's terminal: none of our variables, no keys. */
export function startAgent(agent: Agent, program: string, place: Place, prompt: string): RunningAgent {
  const args = agent.args(prompt, place);
  const child = spawn(
    program.endsWith('.js') ? process.execPath : program,
    program.endsWith('.js') ? [program, ...args] : args,
    { cwd: place.workspace, env: { ...terminal(place.home), ...agent.env(place) }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const output = new Promise<string>((done, fail) => child.on('error', fail).on('close', () => { done(text); }));
  return { process: child, output };
}

/** Nothing but loopback can be reached: every other address is behind a proxy that is not there. */
function terminal(home: string): Record<string, string> {
  const nowhere = 'http://127.0.0.1:9';
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    http_proxy: nowhere,
    https_proxy: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
}
