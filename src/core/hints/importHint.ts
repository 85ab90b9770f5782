import { basename } from 'node:path';
import { relativeInside } from '../paths';
import type { DescribedException, UncaughtException } from '../runner/uncaughtException';
import type { FailedRun, HintSources } from './runHint';

/** An exception and what led to it: a package often wraps the ImportError that explains why it cannot be imported. */
export const chainOf = (exception: UncaughtException): DescribedException[] => [exception, ...(exception.causes ?? [])];

/** @returns the next step where a module is there, but hidden, for another Python or not loadable. */
export function importHint({ root }: HintSources, { environment, outcome }: FailedRun): string | undefined {
  for (const error of outcome.exception ? chainOf(outcome.exception) : []) {
    const { shadowing, otherBuild } = error.details ?? {};
    if (shadowing !== undefined) return shadowingHint(relativeInside(root, shadowing));
    const venv = environment.isVenv ? relativeInside(root, environment.path) : undefined;
    if (otherBuild !== undefined) return `${otherBuildOf(otherBuild, environment.version)}${makeAgain(venv)}`;
    if (error.type === 'ImportError') {
      const hint = loaderHint(error, venv);
      if (hint !== undefined) return hint;
    }
  }
  return undefined;
}

/** A package hides by its folder, whose `__init__.py` this is. */
function shadowingHint(path: string): string {
  const file = path.replace(/[/\\]__init__\.py$/, '');
  return `"${file}" hides the module "${basename(file, '.py')}" that is imported: rename it, and what imports it by that name.`;
}

function otherBuildOf(path: string, version: string): string {
  const file = basename(path);
  const [, minor] = /\.c(?:python-|p)3(\d+)/.exec(file) ?? [];
  const [, ours] = version.split('.');
  const madeFor = minor === undefined || minor === ours ? 'another system or Python' : `Python 3.${minor}`;
  return `"${file}" was built for ${madeFor}, and this is Python ${version}: `;
}

const makeAgain = (venv: string | undefined): string =>
  venv === undefined
    ? 'install the package again for this Python.'
    : `delete the venv with python.venv {"action": "delete", "path": ${JSON.stringify(venv)}}, create it again and install what it held.`;

/** What the system's loader says of a compiled module that it cannot load; only its message tells (dlopen, LoadLibrary). */
function loaderHint({ message, details }: DescribedException, venv: string | undefined): string | undefined {
  const [, missing] = /^(lib[^:\s]+\.so[.\d]*): cannot open shared object file/.exec(message) ?? [];
  if (missing !== undefined) {
    return /\bcv2\b/.test(details?.library ?? '')
      ? `This system has no ${missing}, which OpenCV needs for windows: install "opencv-python-headless" in place of "opencv-python".`
      : `This system has no ${missing}: install the system package that brings it.`;
  }
  if (/undefined symbol: _?Py|Symbol not found: _+Py/.test(message)) {
    return `A compiled module was built for another Python: ${makeAgain(venv)}`;
  }
  if (/^DLL load failed while importing \S+: (?!%1)/.test(message)) {
    return 'A library that this compiled module needs is not on this system: for most it is the Microsoft Visual C++ Redistributable (x64).';
  }
  return /wrong ELF class|invalid ELF header|incompatible architecture|%1 is not a valid Win32 application/.test(
    message,
  )
    ? `A compiled module was built for another processor or system: ${makeAgain(venv)}`
    : undefined;
}
