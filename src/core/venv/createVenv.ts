import { mkdir, rmdir } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import type { ToolError } from '../errors';
import { errors } from '../errors';
import type { Finder } from '../interpreters/finder';
import type { Interpreter } from '../interpreters/interpreter';
import type { Uv } from '../interpreters/uv';
import { makeFolder } from '../files/makeFolder';
import { privateFolder } from '../files/privateFolder';
import { isSameName } from '../pathIdentity';
import { isInside } from '../paths';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { installerCaches } from '../process/installerCaches';
import { runProcess } from '../process/runProcess';
import { removeEntry } from '../files/removeFolder';
import type { Machine } from '../files/storage';
import { codeOf } from '../files/systemErrors';
import { launcherName } from './exeLauncher';
import { finishPip, pipWheelsFor, placePip, type PlacedPip } from './installPip';
import { executableArch, readVenv } from './readVenv';
import { removeAbandoned } from './setAside';

export interface VenvPlan {
  /** Absolute; nothing is there yet. */
  readonly path: string;
  /** The same as the caller wrote it. */
  readonly named: string;
  /** A base interpreter. */
  readonly base: Interpreter;
  readonly systemSitePackages: boolean;
  readonly uv: Uv | undefined;
  readonly finder: Finder;
  readonly machine: Machine;
  /** Where pip is kept unpacked, absolute. Default: this user's own folder for it. */
  readonly cacheFolder?: string | undefined;
  /** Ends the creation, for a cancel or the time limit. */
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/**
 * Makes a venv with pip inside; where that fails, nothing of it stays.
 * @returns what made it. @throws Error or ToolError.
 */
export async function createVenv(plan: VenvPlan): Promise<'uv' | 'venv'> {
  const { path, named, signal } = plan;
  const firstMade = await madeFor(named, async () => await makeFolder(dirname(path)));
  try {
    // Of two calls that make the same folder, one fails here and leaves the other's alone.
    await madeFor(named, async () => {
      await mkdir(path);
    });
    await removeAbandoned(dirname(path));
    try {
      const made = await makeVenv(plan);
      signal.throwIfAborted();
      await putPipInside(plan, made.pip);
      signal.throwIfAborted();
      return made.with;
    } catch (error) {
      // A venv cannot be moved, so it is made in place, and removed where it did not become one.
      await removeEntry(path);
      throw error;
    }
  } catch (error) {
    await removeEmptyFolders(dirname(path), firstMade);
    throw error;
  }
}

/** @throws refused where something else has the name, or there can be no folder; what the file system throws. */
async function madeFor<T>(named: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (!['EEXIST', 'ENOTDIR', 'ENOENT'].includes(code)) throw error;
    const why = code === 'ENOENT' ? 'the file system lets no folder be made there' : 'a file is in its way';
    throw errors.refused(`"${named}" cannot be made: ${why}.`, 'Choose another "path".');
  }
}

/** Removes the folders above a venv that were made for it, unless something else was put there. */
async function removeEmptyFolders(folder: string, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined || !(isSameName(folder, firstMade) || isInside(firstMade, folder))) return;
  try {
    await rmdir(folder);
    await removeEmptyFolders(dirname(folder), firstMade);
  } catch {
    // Not empty: it is someone else's now.
  }
}

interface MadeVenv {
  readonly with: 'uv' | 'venv';
  /** Where its files are there already. */
  readonly pip?: PlacedPip | undefined;
}

/** The exit code of the program below where the module is missing; venv's own are 0 and 1. */
const withoutVenvModule = 97;
/** `python -m venv` that tells a missing module (Python's embeddable package for Windows) from a failure. */
const venvProgram = `
import sys
try:
    import venv
except ImportError:
    sys.exit(${withoutVenvModule})
venv.main()
`;

/** uv takes 10 ms and venv 50; a uv that cannot (an old one, a Python it does not know) is no reason to fail. */
async function makeVenv(plan: VenvPlan): Promise<MadeVenv> {
  const { path, base, signal } = plan;
  const site = plan.systemSitePackages ? ['--system-site-packages'] : [];
  plan.onProgress(`Creating ${path} with Python ${base.version}`);
  if (plan.uv) {
    // pip's files take as long: they come at the same time, into a folder that uv must not mind.
    const [made, placed] = await Promise.allSettled([makeWithUv(plan, plan.uv, site), placeBeforehand(plan)]);
    if (made.status === 'rejected') throw made.reason;
    const pip = placed.status === 'fulfilled' ? placed.value : undefined;
    if (made.value && (!pip || isOnlyLibrary(plan, pip.library))) return { with: 'uv', pip };
    signal.throwIfAborted();
    await removeEntry(path);
    await mkdir(path);
  }
  const failure = await run(plan, base.executable, ['-I', '-c', venvProgram, '--without-pip', ...site, path]);
  if (failure?.exitCode === withoutVenvModule) throw errors.noVenvModule(base.executable);
  if (failure) throw failure.error;
  return { with: 'venv' };
}

function isOnlyLibrary({ path, machine }: VenvPlan, library: string): boolean {
  const [only, ...others] = readVenv(path, machine)?.libraries ?? [];
  return only === library && others.length === 0;
}

/** @returns whether uv made it. */
async function makeWithUv(plan: VenvPlan, uv: Uv, site: readonly string[]): Promise<boolean> {
  const { path, base } = plan;
  // Just this interpreter: none that a project pins, none from the network.
  const only = ['--no-config', '--no-project', '--offline', '--no-python-downloads', '--python', base.executable];
  return (await run(plan, uv.path, ['venv', '--quiet', '--allow-existing', ...only, ...site, path])) === undefined;
}

/** @returns pip's files in the folder where CPython's venvs have their packages; undefined where that is not known. */
async function placeBeforehand(plan: VenvPlan): Promise<PlacedPip | undefined> {
  const { path, base, machine } = plan;
  if (base.implementation !== 'cpython') return undefined;
  const [wheel] = await ownPipWheels(plan);
  if (wheel === undefined) return undefined;
  const [major = 3, minor = 0] = base.versionInfo;
  const version = `python${major}.${minor}${base.freeThreaded ? 't' : ''}`;
  const library = machine.platform === 'win32' ? ['Lib'] : ['lib', version];
  return await placePip(wheel, join(path, ...library, 'site-packages'), cacheOf(plan));
}

async function putPipInside(plan: VenvPlan, placed: PlacedPip | undefined): Promise<void> {
  const { path, base, machine, uv, signal } = plan;
  plan.onProgress('Adding pip');
  const venv = readVenv(path, machine);
  const [library] = venv?.libraries ?? [];
  if (!venv || venv.broken !== undefined || library === undefined) {
    throw errors.venvBroken(path, venv?.broken ?? 'it was not made');
  }
  if (placed) {
    await finishPip(placed, venv, machine.platform);
    return;
  }
  const [wheel] = await pipWheels(plan);
  signal.throwIfAborted();
  if (wheel !== undefined) {
    await finishPip(await placePip(wheel, library, cacheOf(plan)), venv, machine.platform);
    return;
  }
  // The last resort, and the only one that asks the index, by the user's configuration: Debian's Python has no ensurepip.
  const install = ['pip', 'install', '--quiet', '--python', venv.python, 'pip'];
  const env = childEnvironment({
    host: machine.env,
    extra: installerCaches(machine.env, machine.platform),
    isTool: true,
  });
  if (!uv || (await run(plan, uv.path, install, env))) {
    throw errors.noPipForVenv(base.executable, machine.platform);
  }
}

/** @returns those of some wheels of pip that can be put into a venv of the plan, newest first. */
const usableWheels = async ({ base, machine }: VenvPlan, wheels: readonly (string | undefined)[]): Promise<string[]> =>
  await pipWheelsFor(
    base.version,
    wheels.filter((wheel) => wheel !== undefined),
    machine.platform === 'win32' ? launcherName(executableArch(base.executable)) : undefined,
  );

const ownPipWheels = async (plan: VenvPlan): Promise<string[]> => await usableWheels(plan, [plan.base.ensurepipWheel]);

/** @returns wheels of pip for the base: its own, else those of the machine's other Pythons that support it. */
async function pipWheels(plan: VenvPlan): Promise<string[]> {
  const own = await ownPipWheels(plan);
  if (own.length > 0) return own;
  const others = await plan.finder.discover({ signal: plan.signal });
  return await usableWheels(
    plan,
    others.map(({ ensurepipWheel }) => ensurepipWheel),
  );
}

function cacheOf({ cacheFolder }: VenvPlan): string | undefined {
  try {
    return cacheFolder ?? dirname(privateFolder('wheels'));
  } catch {
    return undefined; // No reason to fail.
  }
}

interface Failure {
  readonly exitCode: number | null;
  readonly error: ToolError;
}

/** @returns undefined after a success, else why it failed. */
async function run(
  plan: VenvPlan,
  command: string,
  args: readonly string[],
  env = unconfigured(plan.machine),
): Promise<Failure | undefined> {
  const { signal, path } = plan;
  const outcome = await runProcess({ command, args, cwd: dirname(path), env, signal, spill: false });
  signal.throwIfAborted();
  const { exitCode } = outcome;
  if (outcome.ending === 'exited' && exitCode === 0) return undefined;
  const output = textOf(outcome.stderr).trim() || textOf(outcome.stdout).trim();
  // Windows numbers it otherwise: ERROR_DISK_FULL.
  const error = /No space left on device|ENOSPC|os error (28|112)\b|WinError 112\b/i.test(output)
    ? errors.noSpace(`creating "${path}"`)
    : errors.installerFailed(command, exitCode, output.split(/\r?\n/).slice(-5).join('\n'));
  return { exitCode, error };
}

/** @returns an environment in which uv and pip do as they are told, whatever the user configured for them. */
function unconfigured({ env, platform }: Machine): Record<string, string> {
  const isSetting = (name: string) => /^(PIP|UV)_(?!CACHE_DIR$)/i.test(name);
  const kept = Object.entries(childEnvironment({ host: env, isTool: true })).filter(([name]) => !isSetting(name));
  return { ...Object.fromEntries(kept), ...installerCaches(env, platform), PIP_CONFIG_FILE: devNull };
}
