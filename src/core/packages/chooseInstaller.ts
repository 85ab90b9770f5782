import type { Environment } from '../environment';
import { errors } from '../errors';
import { tryParseVersion, compareVersions } from './version';

export type InstallerSetting = 'auto' | 'uv' | 'pip';

/** What speaks for and against uv in one install. */
export interface InstallerFacts {
  readonly setting: InstallerSetting;
  readonly uvFound: boolean;
  readonly environment: Environment;
  /** The option of pip's configuration that uv can't be told of. */
  readonly pipOption: string | undefined;
  /** The option in the requirements file that uv does not know. */
  readonly fileOption: string | undefined;
  /** Why uv must not read its configuration, as a clause (see `whyUvIsMisled`). */
  readonly uvMisled: string | undefined;
}

export interface InstallerChoice {
  readonly installer: 'uv' | 'pip';
  readonly notes: readonly string[];
}

/** The oldest Python that uv supports. */
const uvSince = '3.8';

function tooOldForUv({ version }: Environment): boolean {
  const [own, wanted] = [tryParseVersion(version.replace(/\+$/, '')), tryParseVersion(uvSince)];
  return own !== undefined && wanted !== undefined && compareVersions(own, wanted) < 0;
}

/** Options in a requirements file that uv ignores with a warning or refuses, where pip obeys them. */
const pipOnly = new Set([
  '--pre',
  '--prefer-binary',
  '--trusted-host',
  '--use-feature',
  '--config-settings',
  '--config-setting',
  '--global-option',
  '--install-option',
  '--build-option',
]);

/** @returns the first of a requirements file's options that uv does not know. */
export const optionUnknownToUv = (options: Iterable<string>): string | undefined =>
  [...options].find((option) => pipOnly.has(option));

/**
 * `auto` is uv where it is found and does what pip would do: it can be told pip's configuration, knows the options of
 * the requirements file, supports the Python, and needs not see inherited packages (it takes none for installed).
 *
 * @throws ToolError installer_failed where uv is set and was not found.
 */
export function chooseInstaller(facts: InstallerFacts): InstallerChoice {
  const { setting, uvFound, environment, pipOption, fileOption, uvMisled } = facts;
  if (setting === 'pip') return { installer: 'pip', notes: [] };
  if (setting === 'uv') {
    if (!uvFound) throw errors.installerNotFound('uv');
    const notes: string[] = [];
    if (pipOption !== undefined) notes.push(`uv can't be told pip's configured "${pipOption}"; it was not applied.`);
    if (fileOption !== undefined) notes.push(`uv does not know "${fileOption}" in the requirements file.`);
    if (uvMisled !== undefined) notes.push(`uv's configuration was not read: ${uvMisled}.`);
    return { installer: 'uv', notes };
  }
  if (!uvFound || tooOldForUv(environment) || environment.libraries.inherited.length > 0) {
    return { installer: 'pip', notes: [] };
  }
  const reason =
    pipOption !== undefined
      ? `uv can't be told pip's configured "${pipOption}"`
      : fileOption !== undefined
        ? `uv does not know "${fileOption}" in the requirements file`
        : uvMisled;
  return reason === undefined
    ? { installer: 'uv', notes: [] }
    : { installer: 'pip', notes: [`pip was used: ${reason}.`] };
}
