import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isSameName, isSamePlace } from '../pathIdentity';
import { isInside } from '../paths';
import { moduleCall, moduleIn } from './runAgain';
import type { FailedRun, HintSources } from './runHint';

const noParent = /^attempted relative import (with no known parent package|beyond top-level package)/;

/** @returns how to run a file whose relative imports (PEP 328) need the package that it lies in. */
export function relativeImportHint({ root }: HintSources, { request, outcome }: FailedRun): string | undefined {
  const { exception } = outcome;
  if (exception?.type !== 'ImportError' || !noParent.test(exception.message)) return undefined;
  const { program } = request;
  const frame = exception.frames.at(-1);
  const dots = /^from\s+(\.+)/.exec(frame?.code ?? '')?.[1]?.length ?? 1;
  if (program.kind !== 'file' || frame === undefined || !isSamePlace(resolve(root, frame.file), program.path)) {
    return 'A relative import works only in a module that was imported as part of its package: use its full name instead.';
  }
  // A folder without __init__.py is a package too, where its parent is on the path (PEP 420).
  let folder = dirname(program.path);
  for (let up = 0; up < dots || isRegularPackage(folder); up++) folder = dirname(folder);
  const module = isSameName(folder, root) || isInside(root, folder) ? moduleIn(folder, program.path) : undefined;
  if (module === undefined) {
    return `${basename(program.path)} is run as a script, in which relative imports fail: import by full name instead.`;
  }
  return `Relative imports need the package: run it as a module, ${moduleCall(request, module, folder, root)}.`;
}

const isRegularPackage = (folder: string): boolean =>
  folder !== dirname(folder) && existsSync(join(folder, '__init__.py'));
