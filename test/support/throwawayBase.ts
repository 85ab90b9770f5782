import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestPython } from './pythons';

/** A base Python that a test may change. */
export interface ThrowawayBase {
  readonly python: string;
  /** Where its packages are. */
  readonly library: string;
  /** @returns what is installed: the names in the library, without pip. */
  readonly installed: () => string[];
}

/**
 * Makes a base Python whose own folder can be changed: its program is a copy, its standard library are links, its
 * site-packages folder is its own and holds the pip of the original.
 */
export function throwawayBase({ path, minor }: TestPython, folder: string): ThrowawayBase {
  const original = dirname(dirname(path));
  const version = `python3.${minor}`;
  const library = join(folder, 'lib', version, 'site-packages');
  mkdirSync(library, { recursive: true });
  mkdirSync(join(folder, 'bin'));
  const python = join(folder, 'bin', version);
  cpSync(join(original, 'bin', version), python, { dereference: true });
  for (const name of ['python3', 'python']) symlinkSync(version, join(folder, 'bin', name));
  const own = join(original, 'lib', version);
  for (const name of readdirSync(own)) {
    if (name !== 'site-packages') symlinkSync(join(own, name), join(folder, 'lib', version, name));
  }
  for (const name of readdirSync(join(own, 'site-packages'))) {
    if (/^pip(-.*\.dist-info)?$/.test(name)) {
      cpSync(join(own, 'site-packages', name), join(library, name), { recursive: true });
    }
  }
  return {
    python,
    library,
    installed: () => readdirSync(library).filter((name) => !/^(pip(-.*)?|__pycache__)$/.test(name)),
  };
}
