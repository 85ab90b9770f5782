import type { Command, Rig } from '../rig';

/** A call of a tool. */
export interface ToolCall {
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

/** How a server is asked for the common work; what is left out it does not offer. */
export interface Calls {
  readonly run?: (code: string) => ToolCall;
  /** Whether a run sees the packages of the folder's `.venv`. */
  readonly seesVenv?: boolean;
  readonly list?: () => ToolCall;
  readonly show?: (name: string) => ToolCall;
  readonly install?: (name: string) => ToolCall;
}

/** An MCP server that does some of the work, as it is started on a folder with a `.venv` of 100 packages. */
export interface Server {
  readonly name: string;
  readonly calls: Calls;
  readonly command: (folder: string, rig: Rig) => Promise<Command>;
}
