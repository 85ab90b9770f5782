import type { FoundServer } from './findServers';
import { RestartPolicy } from './restartPolicy';
import type { Delivery, ServedPython } from './servers';

/** What a slot is to run, as it is found when something changed. */
export interface ServerPlan {
  /** The servers that could run, the one to prefer first; none: nothing is to run. */
  readonly servers: readonly FoundServer[];
  readonly python: (ServedPython & { readonly scripts: string }) | undefined;
  /** All settings of the servers, as one text: another text, other settings. */
  readonly settings: string;
}

/** A server that was started and answered. */
export interface RunningServer {
  /** As the server says it; undefined where it does not. */
  readonly version: string | undefined;
  /** Settles when its process is gone: whether that was asked for. */
  readonly ended: Promise<{ readonly intended: boolean }>;
  /** Tells it that its settings, and the interpreter among them, may be others now. */
  refresh(plan: ServerPlan): Promise<void>;
  /** Ends it, and waits for its end. */
  stop(): Promise<void>;
}

export type ServerState =
  /** Nothing is to run, or nothing was found. */
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly server: FoundServer }
  | { readonly kind: 'running'; readonly server: FoundServer; readonly version: string | undefined }
  /** It ended by itself and is started again in a moment. */
  | { readonly kind: 'waiting'; readonly server: FoundServer }
  /** It is left off until somebody asks for it. */
  | { readonly kind: 'failed'; readonly server: FoundServer; readonly reason: string };

export interface ServerSlotOptions {
  /** Finds out what is to run. */
  readonly plan: () => Promise<ServerPlan>;
  /** @throws where the server does not start, or ends before it has answered. */
  readonly start: (server: FoundServer, plan: ServerPlan, signal: AbortSignal) => Promise<RunningServer>;
  readonly onState: (state: ServerState) => void;
  readonly onProblem: (message: string) => void;
  /** Changes within this time are one. Default: 200 ms. */
  readonly quietMs?: number;
  readonly policy?: Pick<RestartPolicy, 'ended' | 'forget'>;
}

/** `look`: something may be different. `packages`: those of the environment are. `restart`: begin anew. */
export type SlotChange = 'look' | 'packages' | 'restart';

interface Current {
  readonly found: FoundServer;
  /** What it was last told. */
  readonly plan: ServerPlan;
  readonly server: RunningServer;
}

/**
 * Keeps the server running that should run, and tells it what changed: one step after the other, changes that come close
 * together in one. What crashes is started again, later each time.
 */
export class ServerSlot {
  readonly #options: ServerSlotOptions;
  readonly #policy: Pick<RestartPolicy, 'ended' | 'forget'>;
  readonly #due = new Set<SlotChange>();
  readonly #disposed = new AbortController();
  /** Those that did not start, as they were then. */
  readonly #failed = new Map<string, string>();
  #current: Current | undefined;
  #leftOff: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #steps: Promise<void> = Promise.resolve();

  constructor(options: ServerSlotOptions) {
    this.#options = options;
    this.#policy = options.policy ?? new RestartPolicy();
  }

  /** Says that something changed. @returns at once; the work follows when it has been quiet for a moment. */
  change(what: SlotChange): void {
    this.#due.add(what);
    this.#schedule(this.#options.quietMs ?? 200);
  }

  /**
   * Ends the server where it uses something that is about to be deleted. The next `change` starts one again.
   * @returns once it has ended.
   */
  async release(uses: (found: FoundServer, plan: ServerPlan) => Promise<boolean>): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#then(async () => {
      if (!this.#current || !(await uses(this.#current.found, this.#current.plan))) return;
      await this.#stop();
      this.#options.onState({ kind: 'none' });
    });
  }

  /** @returns once all that was to be done until now is done. */
  async settled(): Promise<void> {
    if (this.#timer !== undefined) this.#begin();
    await this.#steps;
  }

  /** Ends the server, for good. */
  async dispose(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#disposed.abort();
    await this.#then(async () => {
      await this.#stop();
    });
  }

  #schedule(afterMs: number): void {
    if (this.#disposed.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#begin();
    }, afterMs);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#then(async () => {
      await this.#step();
    });
  }

  async #then(work: () => Promise<void>): Promise<void> {
    this.#steps = this.#steps.then(work).catch((error: unknown) => {
      this.#options.onProblem(messageOf(error));
    });
    await this.#steps;
  }

  async #step(): Promise<void> {
    const due = new Set(this.#due);
    this.#due.clear();
    if (due.has('restart')) {
      this.#failed.clear();
      this.#leftOff = undefined;
      this.#policy.forget();
    }
    const plan = await this.#options.plan();
    const servers = plan.servers.filter(({ path, stamp }) => this.#failed.get(path) !== stamp);
    const [best] = servers;
    if (this.#current && (due.has('restart') || !best || !sameServer(this.#current.found, best))) await this.#stop();
    if (this.#current) await this.#deliver(this.#current, plan, due);
    if (!this.#current && !this.#isLeftOff(best)) await this.#startFirst(servers, plan);
  }

  /** Brings a running server up to date, by a stop where there is no other way. */
  async #deliver(current: Current, plan: ServerPlan, due: ReadonlySet<SlotChange>) {
    const { server } = current.found;
    const ways: Delivery[] = [];
    if (plan.python?.python !== current.plan.python?.python) ways.push(server.onInterpreterChange);
    if (plan.settings !== current.plan.settings) ways.push(server.onSettingsChange);
    if (due.has('packages')) ways.push(server.onPackagesChange);
    if (ways.includes('restart')) await this.#stop();
    else {
      this.#current = { ...current, plan };
      if (ways.includes('configuration')) await current.server.refresh(plan);
    }
  }

  async #startFirst(servers: readonly FoundServer[], plan: ServerPlan): Promise<void> {
    for (const found of servers) {
      if (this.#disposed.signal.aborted) return;
      this.#options.onState({ kind: 'starting', server: found });
      try {
        const server = await this.#options.start(found, plan, this.#disposed.signal);
        this.#current = { found, plan, server };
        void server.ended.then(({ intended }) => {
          this.#ended(server, intended);
        });
        this.#options.onState({ kind: 'running', server: found, version: server.version });
        return;
      } catch (error) {
        this.#failed.set(found.path, found.stamp);
        this.#options.onProblem(`${found.path} did not start: ${messageOf(error)}`);
      }
    }
    const last = servers.at(-1) ?? plan.servers.at(-1);
    this.#options.onState(last ? { kind: 'failed', server: last, reason: 'it did not start' } : { kind: 'none' });
  }

  #ended(server: RunningServer, intended: boolean): void {
    if (this.#current?.server !== server) return;
    const { found } = this.#current;
    this.#current = undefined;
    if (intended) {
      this.#leftOff = keyOf(found);
      this.#options.onState({ kind: 'failed', server: found, reason: 'it was stopped' });
      return;
    }
    const delay = this.#policy.ended(performance.now());
    if (delay === undefined) {
      this.#leftOff = keyOf(found);
      this.#options.onProblem(`${found.path} ended by itself too often and is left off`);
      this.#options.onState({ kind: 'failed', server: found, reason: 'it ended by itself too often' });
      return;
    }
    this.#options.onProblem(`${found.path} ended by itself and is started again in ${delay / 1000} s`);
    this.#options.onState({ kind: 'waiting', server: found });
    this.#due.add('look');
    this.#schedule(delay);
  }

  #isLeftOff(best: FoundServer | undefined): boolean {
    if (this.#leftOff === undefined) return false;
    if (best && keyOf(best) === this.#leftOff) return true;
    this.#leftOff = undefined;
    return false;
  }

  async #stop(): Promise<void> {
    const server = this.#current?.server;
    this.#current = undefined;
    await server?.stop();
  }
}

const keyOf = ({ path, stamp }: FoundServer): string => `${path}|${stamp}`;
const sameServer = (a: FoundServer, b: FoundServer): boolean => keyOf(a) === keyOf(b);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
