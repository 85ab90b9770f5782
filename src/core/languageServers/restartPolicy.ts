/** How long crashes count. */
const windowMs = 3 * 60_000;
/** So many within that time are too many. */
const tooMany = 5;
const firstDelayMs = 500;

/** When to start a server again that ended by itself: later each time, and after five times in three minutes no more. */
export class RestartPolicy {
  #crashes: number[] = [];

  /** Counts an end at a time in milliseconds. @returns how long to wait, in milliseconds; undefined: leave it off. */
  ended(now: number): number | undefined {
    this.#crashes = [...this.#crashes.filter((time) => now - time < windowMs), now];
    const count = this.#crashes.length;
    return count >= tooMany ? undefined : firstDelayMs * 2 ** (count - 1);
  }

  /** Starts to count anew, since somebody wants it to be tried again. */
  forget(): void {
    this.#crashes = [];
  }
}
