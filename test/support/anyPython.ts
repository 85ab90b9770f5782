import { testPythons } from './pythons';

/** @returns the executable of some Python 3.8 or newer of this machine. @throws where there is none. */
export function anyPython(): string {
  const newest = testPythons().at(-1);
  if (!newest) throw new Error('The integration tests need a Python 3.8 or newer.');
  return newest.path;
}
