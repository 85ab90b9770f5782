import type { Machine } from '../../files/storage';
import type { Candidate } from '../places';

/** How long what the registry says is believed; the files that it names are looked at each time. */
const lifetimeMs = 60_000;

/**
 * What is registered on a Windows machine (PEP 514), or where the registry cannot be read, what the launcher knows:
 * installations at unusual places are known there only. Both start processes, so an answer is kept for a minute.
 */
export class Registered {
  readonly #machine: Machine;
  #last: { readonly asked: number; readonly candidates: Promise<readonly Candidate[]> } | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** @returns the candidates; none on other systems, and where nothing could be asked. */
  async candidates(): Promise<readonly Candidate[]> {
    if (this.#machine.platform !== 'win32') return [];
    const now = performance.now();
    if (!this.#last || now - this.#last.asked > lifetimeMs) {
      this.#last = { asked: now, candidates: this.#look().catch(() => []) };
    }
    return await this.#last.candidates;
  }

  /** Looks anew from now on. */
  forget(): void {
    this.#last = undefined;
  }

  async #look(): Promise<readonly Candidate[]> {
    const { registeredPythons } = await import('./registeredPythons');
    const registered = await registeredPythons(this.#machine);
    if (registered) return registered;
    const { pythonsOfLauncher } = await import('./launchers');
    return await pythonsOfLauncher(this.#machine);
  }
}
