import { type ChildProcess, spawn } from 'node:child_process';
import type { Agent } from './agent';
import type { AgentHome } from './agentHome';

/** An agent at work on a prompt. */
export interface RunningAgent {
  readonly process: ChildProcess;
  /** Sends a signal to its whole process group, as a terminal does: one starts itself anew, and passes none on. */
  readonly signal: (name: NodeJS.Signals) => void;
  /** What it wrote on both streams, once it has ended. */
  readonly output: Promise<string>;
}

/** Starts an agent on a prompt in its project. */
export function startAgent(agent: Agent, program: string, { workspace, env }: AgentHome): RunningAgent {
  const script = program.endsWith('.js') ? [program] : [];
  const child = spawn(script.length > 0 ? process.execPath : program, [...script, ...agent.args('Please go on')], {
    cwd: workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // A group of its own, as a terminal gives it.
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  const output = new Promise<string>((done, fail) => {
    child.on('error', fail).on('close', () => {
      done(text);
    });
  });
  return {
    process: child,
    output,
    signal: (name) => {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    },
  };
}
