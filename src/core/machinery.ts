import type { Machinery } from './folder';
import { InterpreterFinder } from './interpreters/finder';
import { uvFinder } from './interpreters/uv';
import { InstalledMetadata } from './packages/installedMetadata';

/** What the folders of a process share, and what makes it find out everything anew. */
export interface ForgetfulMachinery extends Machinery {
  readonly forget: () => Promise<void>;
}

/** @returns what is known of the machine's interpreters, uv and packages. */
export function createMachinery(): ForgetfulMachinery {
  const finder = new InterpreterFinder();
  const findUv = uvFinder();
  const metadata = new InstalledMetadata();
  const forget = async (): Promise<void> => {
    metadata.forget();
    await Promise.all([finder.forget(), findUv.forget()]);
  };
  return { finder, findUv, metadata, forget };
}
