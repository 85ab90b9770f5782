import { win32 } from 'node:path';

/**
 * What an "app execution alias" of Windows starts: an empty file in %LOCALAPPDATA%\Microsoft\WindowsApps that can be run,
 * but neither be opened nor resolved.
 */
export type AppAlias =
  /** A Python of the Store; the aliases of one package, which this path names, start the same one. */
  | { readonly kind: 'python'; readonly package: string }
  /** What Windows puts there until a Python is installed: it opens the Store. */
  | { readonly kind: 'store' }
  /** It chooses an interpreter anew each time, and installs one where there is none. */
  | { readonly kind: 'install-manager' }
  /** Nothing that is known to be a Python. */
  | { readonly kind: 'other' };

/** @returns what an alias starts, as far as it can be told without running it; `targetOf` reads where it leads. */
export function appAlias(path: string, targetOf: (path: string) => string | undefined): AppAlias {
  const target = targetOf(path);
  const folder = win32.dirname(path);
  // The folder of an installed package holds that package's aliases only.
  if (target === undefined) return isPackageOfPython(folder) ? { kind: 'python', package: folder } : { kind: 'other' };
  const name = win32.basename(target);
  if (/^AppInstallerPythonRedirector\.exe$/i.test(name)) return { kind: 'store' };
  if (/\\PythonSoftwareFoundation\.PythonManager_/i.test(target)) return { kind: 'install-manager' };
  return /^python(3(\.\d+t?)?)?\.exe$/i.test(name)
    ? { kind: 'python', package: win32.dirname(target) }
    : { kind: 'other' };
}

const isPackageOfPython = (folder: string): boolean =>
  /\\WindowsApps\\PythonSoftwareFoundation\.Python\.3\.[^\\]+$/i.test(folder);
