import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { editDistance } from '../nearestNames';
import { isSameName } from '../pathIdentity';
import { hasModule } from '../packages/importNames';
import { readPyproject } from '../packages/pyproject';
import { namesIn } from '../files/readFiles';
import { declaredProviderHint } from './declaredProvider';
import { importNameOf, knownImportNames, knownProviders } from './knownDistributions';
import { missingPartHint } from './missingPart';
import { foldersOnPath, realOf, runWith } from './runAgain';
import type { FailedRun, HintSources } from './runHint';
import { installCall, shownCall } from './shownCall';
import { standardModuleHint } from './standardModules';
import { partsOf, wantedModule, type WantedModule } from './wantedModule';
import { foldersWithModule } from './workspaceModules';

/**
 * @returns the next step where a module is missing, in the order of certainty: in the workspace, installed, in another
 * venv, declared, of Python itself, well known, unknown; undefined where none is missing. Files are read only.
 */
export async function missingModuleHint(sources: HintSources, run: FailedRun): Promise<string | undefined> {
  const wanted = wantedModule(run);
  if (!wanted) return undefined;
  return (
    (await inWorkspace(sources, run, wanted)) ??
    (await inActive(sources, run, wanted)) ??
    (await inOtherVenv(sources, run, wanted)) ??
    (await declaredProviderHint(sources.root, run.environment, wanted)) ??
    standardModuleHint(wanted.name, run.environment.version) ??
    wellKnown(wanted) ??
    (await missingPartHint(sources, run, wanted)) ??
    (await unknown(sources, run, wanted))
  );
}

async function inWorkspace({ root }: HintSources, { request }: FailedRun, wanted: WantedModule) {
  if (partsOf(wanted) > 1) return undefined;
  // A folder that is called like a well-known package is seldom meant.
  const regular = knownProviders(wanted.imported).length > 0;
  const onPath = await foldersOnPath(request, root);
  const folders = await foldersWithModule(root, wanted.module, { regular });
  const real = await Promise.all(folders.map(realOf));
  const folder = folders.find((_, index) => !onPath.includes(real[index] ?? ''));
  if (folder === undefined) return undefined;
  const where = `"${wanted.name}" is in ${folder === root ? 'the folder root' : shownPath(root, folder)}, which is not on the path`;
  const again = runWith(request, folder, root);
  const project = dirname(folder);
  if (basename(folder) === 'src' && (await isProject(project))) {
    const editable = shownPath(root, project) || '.';
    return `${where}: install the project with ${shownCall('pip', { action: 'install', editable })}, or ${again}.`;
  }
  return `${where}: ${again}.`;
}

async function isProject(folder: string): Promise<boolean> {
  const { installable = false, isProject: described = false } =
    (await readPyproject(join(folder, 'pyproject.toml'))) ?? {};
  return installable || described || existsSync(join(folder, 'setup.py'));
}

const shownPath = (root: string, path: string): string => relative(root, path).split(sep).join('/');

async function inActive({ metadata }: HintSources, { environment }: FailedRun, wanted: WantedModule) {
  if (partsOf(wanted) > 1 || !(await hasModule(metadata, environment, wanted.name))) return undefined;
  return (
    `"${wanted.name}" is installed in the environment that ran this, so it is the path that hides it: look for changes ` +
    'of sys.path, an option such as -S or -I, or another python that was started ("python" in place of sys.executable).'
  );
}

async function inOtherVenv({ venvs, metadata }: HintSources, { environment: used }: FailedRun, wanted: WantedModule) {
  if (partsOf(wanted) > 1) return undefined;
  for (const { name: path, environment } of await venvs.environments()) {
    if (isSameName(environment.path, used.path) || !(await hasModule(metadata, environment, wanted.name))) continue;
    const select = shownCall('venv', { action: 'select', path });
    return `"${wanted.name}" is installed in another venv, ${path}: ${select}, then run again.`;
  }
  return undefined;
}

function wellKnown(wanted: WantedModule): string | undefined {
  const [distribution] = knownProviders(wanted.imported, partsOf(wanted));
  if (distribution !== undefined) return `Install what provides "${wanted.name}": ${installCall([distribution])}.`;
  const name = partsOf(wanted) === 1 ? importNameOf(wanted.name) : undefined;
  return name === undefined ? undefined : `The distribution "${wanted.name}" is imported as "${name}".`;
}

async function unknown({ root }: HintSources, { request }: FailedRun, { name }: WantedModule): Promise<string> {
  const [folder = root] = await foldersOnPath(request, root);
  const files = namesIn(folder)
    .filter((file) => file.endsWith('.py'))
    .map((file) => file.slice(0, -'.py'.length));
  const near = nearest(name, files);
  if (near !== undefined) return `No module "${name}" is known, but there is "${near}" in the folder: is that meant?`;
  const known = nearest(name, knownImportNames());
  const spelling =
    known === undefined ? '' : ` Is "${known}" meant? Then: ${installCall(knownProviders(known).slice(0, 1))}.`;
  return `No package is known to provide "${name}": check its name before installing, a guess can be a malicious look-alike.${spelling}`;
}

/** @returns the candidate that a slip of the finger makes the name of. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const tolerated = name.length > 5 ? 2 : name.length > 3 ? 1 : 0;
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= tolerated && candidate !== name)
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
}
