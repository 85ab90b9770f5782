import { startedKeeper, type Keeper } from '../keeper';

/** The job object of Windows that holds a process that was started and all that this starts. */
export interface Job {
  /** Whether the process is known to be in it. */
  readonly isHeld: boolean;
  /**
   * Ends what is left of it, after it had `graceMs` to end by itself.
   * @returns how many processes were ended; undefined where the process is not in the job, or that cannot be reached.
   */
  end(graceMs: number): Promise<number | undefined>;
}

let jobs = 0;

/** @returns the job that a process that was just started is put in. */
export function jobOf(pid: number, keeper: Keeper): Job {
  const job = ++jobs;
  let isHeld = false;
  const kept = keeper.ask(`keep ${job} ${pid}`).then((answer) => (isHeld = answer === 'held'));
  return {
    get isHeld() {
      return isHeld;
    },
    end: async (graceMs) => {
      if (!(await kept)) return undefined;
      const answer = await keeper.ask(`end ${job} ${graceMs}`);
      return answer === undefined ? undefined : Number(answer);
    },
  };
}

/** @returns all processes as pid and path of the executable; none where they cannot be listed. */
export async function listedProcesses(): Promise<readonly (readonly [number, string])[]> {
  const answer = await startedKeeper()?.ask('list');
  const listed: unknown = answer === undefined ? [] : JSON.parse(answer);
  return Array.isArray(listed) ? listed.filter(isListed) : [];
}

const isListed = (entry: unknown): entry is readonly [number, string] =>
  Array.isArray(entry) && typeof entry[0] === 'number' && typeof entry[1] === 'string';
