import type { Finder } from './interpreters/finder';
import type { Interpreter } from './interpreters/interpreter';
import { declaredRequirements } from './packages/declaredRequirements';
import type { InstalledMetadata } from './packages/installedMetadata';
import { inconsistencies, unmetRequirements, type UnmetRequirement } from './packages/unmetRequirements';
import { isInside } from './paths';
import { thisMachine } from './files/storage';
import { basePythonOf, readVenv } from './venv/readVenv';
import type { VenvManager } from './venv/venvManager';
import type { ListedVenv } from './venv/venvResults';

/** What an agent needs to know of a folder at the start, beside its active venv; the names are those of the contract. */
export interface FolderOverview {
  /** The other venvs, as `list` has them. */
  readonly venvs?: readonly ListedVenv[];
  readonly requirements: RequirementsOverview;
  /** Base interpreters, newest first, at most eight: the setting's and those of the folder's venvs before any other. */
  readonly interpreters: readonly { readonly version: string; readonly path: string }[];
  readonly notes?: readonly string[];
}

export interface RequirementsOverview {
  /** Requirements files and pyproject.toml, relative, at most 20. */
  readonly files: readonly string[];
  /** False where something is missing or conflicting; not there without a venv, and where a file could not be judged. */
  readonly satisfied?: boolean;
  /** Files that could not be judged, and why. */
  readonly unknown?: readonly string[];
  /** Those of the files whose own requirements are not met, where there are others. */
  readonly unsatisfied_files?: readonly string[];
  /** Requirements of the files with nothing installed for them. */
  readonly missing?: readonly string[];
  readonly conflicting?: readonly ConflictingRequirement[];
}

/** A requirement and the version that stands in its place; null where an installed distribution misses another one. */
export interface ConflictingRequirement {
  readonly requirement: string;
  readonly installed: string | null;
  readonly required_by?: string;
}

/** What an overview is made from. */
export interface OverviewSources {
  /** The folder, absolute. */
  readonly root: string;
  readonly finder: Finder;
  readonly venvs: VenvManager;
  readonly metadata: InstalledMetadata;
  /** The interpreter for new venvs, as the user has set it. */
  readonly interpreterSetting: string;
}

const mostInterpreters = 8;
const mostRequirements = 20;

/** @returns the folder's other venvs, the machine's interpreters and the state of the requirements. @throws cancelled. */
export async function folderOverview(
  { root, finder, venvs, metadata, interpreterSetting }: OverviewSources,
  signal?: AbortSignal,
): Promise<FolderOverview> {
  const listed = await venvs.list();
  const named = [interpreterSetting, ...basesOf(root, listed.venvs)];
  const [found, requirements] = await Promise.all([
    finder.discover({ folder: root, signal, named }),
    requirementsOverview(root, venvs, metadata),
  ]);
  const others = listed.venvs.filter(({ active }) => !active);
  const none = 'there is no working venv: runs use the base interpreter; python.pip install creates .venv by default';
  return {
    ...(others.length > 0 ? { venvs: others } : {}),
    requirements: requirements.shown,
    interpreters: shownOf(found).map(({ version, executable: path }) => ({ version, path })),
    ...noted([...(listed.active === null ? [none] : []), ...(listed.notes ?? []), ...requirements.notes]),
  };
}

/**
 * @returns the base interpreters of the venvs, as far as their files tell. One inside the folder, or on a share, is left
 * out: whoever wrote the project could have a program of theirs run by a look at it.
 */
function basesOf(root: string, venvs: readonly ListedVenv[]): string[] {
  const machine = thisMachine();
  return venvs.flatMap(({ path }) => {
    const venv = readVenv(path, machine);
    const base = venv && basePythonOf(venv);
    return base === undefined || isInside(root, base) || /^[\\/]{2}/.test(base) ? [] : [base];
  });
}

/** @returns those to show, in the order in which they come: what was named before whatever else is on the machine. */
function shownOf(found: readonly Interpreter[]): Interpreter[] {
  const isNamed = ({ source }: Interpreter) => source === 'named';
  const first = [...found.filter(isNamed), ...found.filter((each) => !isNamed(each))].slice(0, mostInterpreters);
  return found.filter((each) => first.includes(each));
}

async function requirementsOverview(root: string, venvs: VenvManager, metadata: InstalledMetadata) {
  const active = await venvs.active().catch(() => undefined); // A selected venv that broke, which info itself says.
  const { files, lists, unknown } = await declaredRequirements(root);
  const unjudged = unknown.length > 0 ? { unknown } : {};
  const environment = active?.environment;
  if (!environment) return { shown: { files, ...unjudged }, notes: [] };
  const distributions = await metadata.read(environment);
  const unsatisfied = new Set<string>();
  const unmet = new Map<string, UnmetRequirement>();
  let unnamed = 0;
  for (const { file, kind, requirements } of lists) {
    if (kind === 'extra' || kind === 'group') continue; // Nobody has to install them.
    for (const outside of [false, true]) {
      const asked = requirements.filter((each) => each.outside === outside);
      for (const each of unmetRequirements(asked, environment, distributions)) {
        unsatisfied.add(file);
        if (outside) unnamed++;
        else unmet.set(keyOf(each), each);
      }
    }
  }
  for (const each of await inconsistencies(environment, distributions)) unmet.set(keyOf(each), each);
  const missing = [...unmet.values()].filter(isMissing).map(({ requirement }) => requirement);
  const conflicting = [...unmet.values()].filter((each) => !isMissing(each)).map(shownConflict);
  return {
    shown: {
      files,
      // What could not be read may be met or not.
      ...(unmet.size + unnamed > 0 || unknown.length === 0 ? { satisfied: unmet.size + unnamed === 0 } : {}),
      ...unjudged,
      ...(unsatisfied.size > 0 && files.length > 1 ? { unsatisfied_files: [...unsatisfied] } : {}),
      ...(missing.length > 0 ? { missing: missing.slice(0, mostRequirements) } : {}),
      ...(conflicting.length > 0 ? { conflicting: conflicting.slice(0, mostRequirements) } : {}),
    },
    notes: [...leftOut(missing.length, 'missing'), ...leftOut(conflicting.length, 'conflicting'), ...notNamed(unnamed)],
  };
}

const keyOf = ({ requirement, requiredBy }: UnmetRequirement): string => `${requirement} ${requiredBy ?? ''}`;

const isMissing = ({ installed, requiredBy }: UnmetRequirement): boolean =>
  installed === undefined && requiredBy === undefined;

const shownConflict = ({ requirement, installed, requiredBy }: UnmetRequirement): ConflictingRequirement => ({
  requirement,
  installed: installed ?? null,
  ...(requiredBy === undefined ? {} : { required_by: requiredBy }),
});

const leftOut = (count: number, what: string): string[] =>
  count > mostRequirements ? [`${count - mostRequirements} more requirements are ${what}`] : [];

const notNamed = (count: number): string[] =>
  count > 0 ? [`${count} requirements of files outside the folder are not met; these files are not quoted`] : [];

const noted = (notes: readonly string[]): { notes?: readonly string[] } => (notes.length > 0 ? { notes } : {});
