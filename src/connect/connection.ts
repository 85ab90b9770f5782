import type { Machine } from '../core/files/storage';
import type { AgentId, Scope } from './agents';

/** The command line that starts the server over stdio, wherever the agent starts it. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that the command needs; mostly none. */
  readonly env: Readonly<Record<string, string>>;
}

/** A server as agents are told of it. */
export interface LaunchableServer {
  readonly launch: Launch;
  /** Puts into place what the command line names; to be called before an agent is told of it. */
  readonly prepare: () => Promise<void>;
}

/** One agent that is to know the server, or to forget it. */
export interface Connection {
  readonly agent: AgentId;
  readonly scope: Scope;
  /** The project's folder, absolute. */
  readonly project: string;
  /** What the server is called in the agent's configuration. */
  readonly name: string;
  readonly launch: Launch;
  /** What the server is started with beside that. Default: nothing. */
  readonly serverFlags?: readonly string[];
  /** Gemini CLI: calls run without a question, also where nobody can be asked. Default: false. */
  readonly trust?: boolean;
  readonly machine: Machine;
}

/**
 * What would be written.
 *
 * - `add`: the entry is new; `update`: an older one of ours changes; `remove`
 * - `connected`: the entry is there as it should be; `absent`: there is nothing to remove
 */
export type Change = 'add' | 'update' | 'remove' | 'connected' | 'absent';

export interface ConnectionPlan {
  readonly agent: AgentId;
  readonly change: Change;
  /** The file as the agent names it, absolute. */
  readonly file: string;
  /** The file behind it, links followed: this one is written. */
  readonly target: string;
  /** Undefined where there is no file yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** @returns the change for a terminal; of other entries it has the names, and no values. Empty where nothing changes. */
  readonly diff: () => string;
  /** What a user should know before they agree. */
  readonly notes: readonly string[];
  /** The entry as a user would add it by hand. */
  readonly paste: string;
}

/** Why a configuration is left as it is, in a sentence for the user. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  /** What can be put into the file by hand. */
  readonly paste: string | undefined;

  constructor(message: string, paste?: string) {
    super(message);
    this.paste = paste;
  }
}
