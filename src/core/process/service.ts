import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { endTree } from './endTree';
import { wasEndedWithAll, whileLiving } from './living';
import { processEnded } from './observe';
import { startProcess, type Start } from './startProcess';

/** How a service came to its end. */
export interface ServiceEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it was asked for: by `end`, or because everything was ended. Else it crashed, or left by itself. */
  readonly intended: boolean;
}

/** A process that serves over its streams until it is ended. What it started never outlives it. */
export interface Service {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once it and all that it started is gone. Never rejects. */
  readonly ended: Promise<ServiceEnd>;
  /** Ends it and all that it started: asked first, killed 250 ms later. */
  end(): Promise<void>;
}

/** Starts a service. @throws ToolError where it cannot be started. */
export async function startService(request: Start): Promise<Service> {
  const { child, run } = await startProcess(request);
  let intended = false;
  const untilGone = async (): Promise<ServiceEnd> => {
    if (!run.hasEnded()) await once(child, 'exit').catch(() => undefined);
    const durationMs = performance.now() - run.started;
    await endTree(run, { grace: false });
    for (const pipe of child.stdio) pipe?.destroy();
    const { exitCode, signalCode: signal } = child;
    intended ||= wasEndedWithAll(run);
    const ending = intended ? 'cancelled' : 'exited';
    processEnded(request, { ending, exitCode, signal, durationMs });
    return { exitCode, signal, intended };
  };
  const ended = whileLiving(run, untilGone());
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    end: async () => {
      intended = true;
      await endTree(run, { grace: true });
      await ended;
    },
  };
}
