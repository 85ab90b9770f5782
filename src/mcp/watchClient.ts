import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { EmptyResultSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';

/** How often it is looked whether the parent is still there. */
const lookMs = 1000;
/** How long a client whose server lost its parent may take to answer. */
const answerMs = 2000;
/** How often such a client is asked again: nothing else tells of its end. */
const askAgainMs = 30_000;

/** What is watched, and how patiently. */
export interface Watch {
  /** Whether the process that started the server is gone. */
  readonly isParentGone: () => boolean;
  /** Whether the client answers. */
  readonly answers: () => Promise<boolean>;
  /** Called once, as soon as the client is known to be gone. */
  readonly onGone: () => void;
  readonly lookMs?: number;
  readonly askAgainMs?: number;
}

/**
 * Notices a client that ended without closing the server's input, since some other process holds that open. The parent may
 * have been a launcher that is done, so that a client is only taken for gone where it does not answer either.
 * Keeps no event loop alive.
 */
export function watchClient(watch: Watch): void {
  const lookIn = (ms: number): void => void setTimeout(() => void look(), ms).unref();
  const look = async (): Promise<void> => {
    if (!watch.isParentGone()) lookIn(watch.lookMs ?? lookMs);
    else if (await watch.answers()) lookIn(watch.askAgainMs ?? askAgainMs);
    else watch.onGone();
  };
  lookIn(watch.lookMs ?? lookMs);
}

/** @returns whether the process that started this one is gone since; never where that is not known from the start. */
export function parentWatch(parent = process.ppid): () => boolean {
  // 1 and below: the first process of a system or a container, or a parent that was gone before.
  if (parent <= 1) return () => false;
  return () => process.ppid !== parent || !isAlive(parent);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

/** What the SDK says where no answer came. */
const unanswered: readonly number[] = [ErrorCode.RequestTimeout, ErrorCode.ConnectionClosed];

/** @returns whether a client answers a ping; to say that it knows none is an answer too. */
export async function answersPing(server: McpServer['server'], timeout = answerMs): Promise<boolean> {
  try {
    await server.request({ method: 'ping' }, EmptyResultSchema, { timeout });
    return true;
  } catch (cause) {
    return cause instanceof McpError && !unanswered.includes(cause.code);
  }
}
