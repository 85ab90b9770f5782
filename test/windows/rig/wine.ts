import { relative, sep } from 'node:path';

/** @returns the path by which a program under Wine knows a path of this machine: on C: where it lies there, else on Z:. */
export function toWindows(prefix: string, path: string): string {
  const onC = relative(`${prefix}${sep}drive_c`, path);
  const windows = (drive: string, rest: string): string => `${drive}${rest.replaceAll('/', '\\')}`;
  return onC.startsWith('..') ? windows('Z:', path) : windows('C:\\', onC);
}

/** @returns the variables with which Wine uses a prefix. They are those of `scripts/windows/wine.mjs`. */
export function wineEnvironment(prefix: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(DISPLAY$|PYTHON)/.test(name));
  return {
    ...Object.fromEntries(kept),
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=d',
  };
}
