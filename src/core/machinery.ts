import type { Machinery } from './folder';
import type { Finder } from './interpreters/finder';
import { lazily } from './lazily';
import { InstalledMetadata } from './packages/installedMetadata';

/** What the folders of a process share, and what makes it find out everything anew. */
export interface ForgetfulMachinery extends Machinery {
  readonly forget: () => Promise<void>;
}

/** @returns what is known of the machine's interpreters, uv and packages. */
export function createMachinery(): ForgetfulMachinery {
  const loadFinder = lazily(async () => {
    const { InterpreterFinder } = await import('./interpreters/finder');
    return new InterpreterFinder();
  });
  const finder: Finder = {
    discover: async (...options) => await (await loadFinder()).discover(...options),
    find: async (...wanted) => await (await loadFinder()).find(...wanted),
    findDefault: async (...wanted) => await (await loadFinder()).findDefault(...wanted),
    identify: async (...executable) => await (await loadFinder()).identify(...executable),
  };
  const loadUv = lazily(async () => (await import('./interpreters/uv')).uvFinder());
  const findUv: Machinery['findUv'] = async (signal) => await (await loadUv())(signal);
  const metadata = new InstalledMetadata();
  const forget = async (): Promise<void> => {
    metadata.forget();
    await Promise.all([loadFinder().then((loaded) => loaded.forget()), loadUv().then((uv) => uv.forget())]);
  };
  return { finder, findUv, metadata, forget };
}
