import { join } from 'node:path';
import { onWindows } from './platform';

/** The name of the folder of a venv's executables. */
export const scripts = onWindows ? 'Scripts' : 'bin';

/** @returns the path of an executable of a venv, such as "python" or "pip". */
export const executableOf = (venv: string, name: string): string =>
  join(venv, scripts, onWindows ? `${name}.exe` : name);

/** The name of a venv's python in it. */
export const ownPython = executableOf('', 'python');

/** @returns the folder of a venv's packages. @param minor such as "3.12". */
export const sitePackagesOf = (venv: string, minor: string): string =>
  onWindows ? join(venv, 'Lib', 'site-packages') : join(venv, 'lib', `python${minor}`, 'site-packages');
