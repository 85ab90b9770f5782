import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endPrefix, runInWine } from './wine.mjs';

const usersOf = ({ prefix }) => join(prefix, 'in-use');

/** Takes note that this process uses the prefix, which several may do at a time. */
export function useWindows(windows) {
  mkdirSync(usersOf(windows), { recursive: true });
  writeFileSync(join(usersOf(windows), String(process.pid)), '');
}

/** Ends what was left running, unless another process uses the prefix. */
export function leaveWindows(windows) {
  rmSync(join(usersOf(windows), String(process.pid)), { force: true });
  if (!readdirSync(usersOf(windows)).some(isRunning)) endPrefix(windows.prefix);
}

/** @returns whether there is a process of this id. */
export function isRunning(pid) {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

/** @returns how a program for Windows names a path of this machine. */
const onZ = (path) => `Z:${path.replaceAll('/', '\\')}`;

/** Runs Node.js for Windows in the project, and shows what it wrote when it has ended. */
export function runOnWindows({ prefix, node, pythons }, args, { root, results, timeout }) {
  const env = { PYTHON_TOOLS_TEST_RESULTS: onZ(results), PYTHON_TOOLS_TEST_PYTHONS: pythons.join(';') };
  console.log(runInWine(prefix, node, args, { cwd: root, env, timeout }).output);
}

/** @returns the variables by which test/windows finds what it runs; on Windows itself, where `windows` is undefined, too. */
export function windowsVariables(windows) {
  const named = process.env.PYTHON_TOOLS_WINDOWS_PYTHON;
  const pythons = [...(windows?.pythons ?? []), ...(named ? [named] : [])];
  return {
    ...(pythons.length > 0 ? { PYTHON_TOOLS_TEST_WINDOWS_PYTHONS: pythons.join(';') } : {}),
    ...(windows ? { PYTHON_TOOLS_TEST_WINE_PREFIX: windows.prefix, PYTHON_TOOLS_TEST_WINE_NODE: windows.node } : {}),
    ...(windows?.uv ? { PYTHON_TOOLS_TEST_WINE_UV: windows.uv } : {}),
  };
}
