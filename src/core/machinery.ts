import type { Machinery } from './folder';
import { InterpreterFinder } from './interpreters/finder';
import { uvFinder } from './interpreters/uv';
import { InstalledMetadata } from './packages/installedMetadata';

/** @returns what the folders of a process share: what is known of the machine's interpreters, uv and packages. */
export function createMachinery(): Machinery {
  return { finder: new InterpreterFinder(), findUv: uvFinder(), metadata: new InstalledMetadata() };
}
