import type { ProgressToken, ServerNotification } from '@modelcontextprotocol/sdk/types.js';

const everyMs = 1000;

/**
 * Sends `notifications/progress` once a second for as long as a call lasts, with what is being done: some clients end a
 * call after 60 s in which they heard nothing. A client that sent no token hears nothing.
 */
export function reportProgress(
  token: ProgressToken | undefined,
  send: (notification: ServerNotification) => Promise<void>,
): { readonly say: (message: string) => void; readonly stop: () => void } {
  if (token === undefined) return { say: () => undefined, stop: () => undefined };
  const started = performance.now();
  let message = 'Running';
  const timer = setInterval(() => {
    const progress = Math.round((performance.now() - started) / 1000);
    const params = { progressToken: token, progress, message: `${message} (${progress} s)` };
    // The client may be gone; its call then ends by the closed connection.
    send({ method: 'notifications/progress', params }).catch(() => undefined);
  }, everyMs);
  return {
    say: (line) => (message = line),
    stop: () => {
      clearInterval(timer);
    },
  };
}
