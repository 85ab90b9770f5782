import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { quoted } from '../files/quoted';
import { isSameUrl } from './directUrl';
import { isUntouched, type Snapshot } from './installDiff';
import type { InstallOrder } from './installer';
import { evaluateMarker, markerEnvironment, type Marker } from './markers';
import { existingInside } from './projectPath';
import { parseRequirement } from './requirement';
import { readRequirementsFile } from './requirementsFile';
import {
  isInstallableFolder,
  pathArgument,
  resolveRequirement,
  splitExtras,
  type ResolvedRequirement,
} from './resolveRequirement';
import type { SpecifierSet } from './version';

/** What a caller may ask to be installed, all of it as given. */
export interface InstallRequest {
  readonly packages?: readonly string[];
  /** Path of a requirements file. */
  readonly requirements?: string | undefined;
  /** Path of a project to install in editable mode, extras behind it. */
  readonly editable?: string | undefined;
  readonly upgrade?: boolean;
  /** Only wheels: nothing is built, so no code of a package runs. */
  readonly onlyBinary?: boolean;
}

/** A distribution that was asked for: by name, by where it comes from, or both. */
export interface Wanted {
  /** Undefined where it must not be repeated. */
  readonly text: string | undefined;
  readonly name: string | undefined;
  readonly url: string | undefined;
  /** Empty where any version will do. */
  readonly specifiers: SpecifierSet;
  readonly marker: Marker | undefined;
}

/** A request that was checked, in the form that an installer takes. */
export interface CheckedRequest {
  readonly order: InstallOrder;
  readonly wanted: readonly Wanted[];
  /** The options that the requirements file uses. */
  readonly fileOptions: ReadonlySet<string>;
  /** The files outside the folder that the requirements file includes, relative; they are never quoted. */
  readonly outside: readonly string[];
  /** The requirements file with all that it includes, absolute. */
  readonly requirementsFiles: readonly string[];
}

/** Below what Windows takes for a whole command line. */
const maxArguments = 24_000;

const tooManyPackages = () =>
  errors.invalidInput('That is too long a list of packages for one call.', 'Put them in a requirements file.');

async function checkedEditable(root: string, home: string, editable: string) {
  if (editable.trim().startsWith('-') || /[\n\r]/.test(editable)) {
    throw errors.invalidInput(`"editable" is the path of a project, not "${editable}".`, 'Use {"editable": "."}.');
  }
  const [path, extras] = splitExtras(editable);
  const folder = await existingInside(root, path, home);
  if (!(await stat(folder)).isDirectory()) throw errors.notADirectory(path);
  if (!(await isInstallableFolder(folder))) {
    throw errors.invalidInput(
      `The folder "${path}" has neither a pyproject.toml nor a setup.py, so it can't be installed.`,
      'Name the folder that holds one of them.',
    );
  }
  const url = pathToFileURL(folder).href;
  const wanted: Wanted = { text: editable, name: undefined, url, specifiers: [], marker: undefined };
  return { argument: pathArgument(folder, extras), wanted };
}

async function checkedFile(root: string, home: string, path: string) {
  const file = await existingInside(root, path, home);
  if ((await stat(file)).isDirectory()) {
    throw errors.invalidInput(
      `"${path}" is a folder, not a requirements file.`,
      'Name a file such as "requirements.txt".',
    );
  }
  if (/^(pyproject\.toml|setup\.(py|cfg))$/.test(basename(file))) {
    throw errors.invalidInput(
      `"${path}" belongs to a project and is no requirements file.`,
      'Install the project with {"packages": ["."]}, or in editable mode with {"editable": "."}.',
    );
  }
  return { file, content: await readRequirementsFile(file, root) };
}

/**
 * @param root the folder that paths start from and, for `requirements` and `editable`, must lie in.
 * @throws ToolError invalid_input, requirement_invalid, file_not_found, outside_workspace; nothing was started then.
 */
export async function checkRequest(root: string, home: string, request: InstallRequest): Promise<CheckedRequest> {
  const { packages = [], requirements, editable, upgrade = false, onlyBinary } = request;
  if (packages.length === 0 && requirements === undefined && editable === undefined) {
    throw errors.invalidInput(
      'There is nothing to install.',
      'Give "packages", "requirements" or "editable", for example {"action": "install", "packages": ["requests"]}.',
    );
  }
  if (packages.length > maxArguments / 4) throw tooManyPackages();
  const resolved = await Promise.all(packages.map((text) => resolveRequirement(root, text)));
  if (resolved.reduce((length, { argument }) => length + argument.length + 3, 0) > maxArguments) {
    throw tooManyPackages();
  }
  const file = requirements === undefined ? undefined : await checkedFile(root, home, requirements);
  const project = editable === undefined ? undefined : await checkedEditable(root, home, editable);
  return {
    order: {
      requirements: resolved.map(({ argument }) => argument),
      files: file ? [file.file] : [],
      editables: project ? [project.argument] : [],
      upgrade,
      onlyBinary,
    },
    wanted: [
      ...resolved.map((each) => ({ ...each, specifiers: specifiersOf(each) })),
      ...(file?.content.requirements ?? []).map(({ name, specifiers, marker, outside }) => ({
        text: outside ? undefined : name,
        name,
        url: undefined,
        specifiers,
        marker,
      })),
      ...(project ? [project.wanted] : []),
    ],
    fileOptions: file?.content.options ?? new Set(),
    outside: file?.content.outside ?? [],
    requirementsFiles: file?.content.files ?? [],
  };
}

function specifiersOf({ text, name, url }: ResolvedRequirement): SpecifierSet {
  return name === undefined || url !== undefined ? [] : parseRequirement(text).specifiers;
}

/** @returns which of the wanted were there already ("name==version"), and which do not apply to the environment. */
export function compareWithRequest(
  wanted: readonly Wanted[],
  environment: Environment,
  before: Snapshot,
  after: Snapshot,
): { readonly satisfied: readonly string[]; readonly notes: readonly string[] } {
  const markers = markerEnvironment(environment);
  const satisfied = new Set<string>();
  const notes: string[] = [];
  for (const { text, name, url, marker } of wanted) {
    if (marker && !evaluateMarker(marker, markers)) {
      const named = text === undefined ? 'A requirement of a file outside the folder' : `"${quoted(text)}"`;
      notes.push(`${named} does not apply to this Python (${environment.version}, ${process.platform}); skipped.`);
      continue;
    }
    const found =
      name === undefined
        ? [...after.values()].find(({ directUrl }) => url !== undefined && directUrl && isSameUrl(directUrl.url, url))
        : after.get(name);
    if (found && isUntouched(before, after, found.normalizedName)) satisfied.add(`${found.name}==${found.version}`);
  }
  return { satisfied: [...satisfied], notes };
}
