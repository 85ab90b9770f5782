import { lstat } from 'node:fs/promises';
import { homeFolder } from '../files/homeFolder';
import type { Environment } from '../environment';
import { errors } from '../errors';
import { readIfThere } from '../files/namedFiles';
import { readText } from '../files/readFiles';
import { chooseInstaller, optionUnknownToUv, type InstallerSetting } from './chooseInstaller';
import { refuseHeldOptions } from './heldInstaller';
import type { Snapshot } from './installDiff';
import type { Installer } from './installer';
import { whyDistutilsMisleads } from './distutilsConfiguration';
import { bundledPip, installedPip, type PipCommand } from './pipCommand';
import { readPipConfiguration, redirectingOptions, type PipConfiguration } from './pipConfiguration';
import { PipInstaller } from './pipInstaller';
import { whyUvIsMisled } from './uvConfiguration';
import { UvInstaller } from './uvInstaller';
import { uvSettings } from './uvSettings';

export interface InstallerChooserOptions {
  /** The folder that requirements files and uv's configuration are relative to, absolute. */
  readonly root: string;
  readonly findUv: () => Promise<{ readonly path: string; readonly version: string } | undefined>;
  readonly installerSetting: () => InstallerSetting;
  /** A pip other than the environment's own, for one without. Default: the wheel that its base brings for ensurepip. */
  readonly findPip?: (environment: Environment) => Promise<PipCommand | undefined>;
  /** Default: this process's. */
  readonly hostEnv?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
}

/** An installer ready to run, what can stand in for it where it can't tell a plan, and what the caller should know. */
export interface ChosenInstaller {
  readonly installer: Installer;
  readonly fallback: readonly Installer[];
  readonly notes: readonly string[];
}

const isThere = async (path: string): Promise<boolean> =>
  await lstat(path).then(
    () => true,
    () => false,
  );

/** Looks at the configuration of both installers and picks one (see `chooseInstaller`). */
export class InstallerChooser {
  readonly #options: InstallerChooserOptions;

  constructor(options: InstallerChooserOptions) {
    this.#options = options;
  }

  /** @throws ToolError installer_failed where there is neither the installer that is set nor, for `auto`, any. */
  async choose(
    environment: Environment,
    installed: Snapshot,
    fileOptions: ReadonlySet<string>,
  ): Promise<ChosenInstaller> {
    const { root, platform = process.platform, hostEnv = process.env, home = homeFolder() } = this.#options;
    const setting = this.#options.installerSetting();
    const files = { root, home, platform, read: readText, exists: isThere };
    const [configuration, found, pips, uvMisled, distutils] = await Promise.all([
      readPipConfiguration({ platform, env: hostEnv, home, prefix: environment.path, read: readIfThere }),
      setting === 'pip' ? undefined : this.#options.findUv(),
      this.#pips(environment, installed),
      setting === 'pip' ? undefined : whyUvIsMisled({ ...files, env: hostEnv }),
      whyDistutilsMisleads(environment, files),
    ]);
    refuseHeldOptions(configuration, root);
    const settings = uvSettings(configuration, hostEnv);
    const pip = pips.length > 0 ? [new PipInstaller({ pips, configuration, hostEnv, platform })] : [];
    if (pip.length === 0 && !found) throw errors.pipNotFound();
    if (pip.length === 0 && distutils !== undefined) throw errors.refused(`Nothing was installed, since ${distutils}.`);
    const uv = distutils === undefined ? found : undefined;
    if (pip[0] && found && !uv) {
      const notes = [`pip was used: ${distutils}.`, ...ignoredOptions(configuration)];
      return { installer: pip[0], fallback: [], notes };
    }
    const choice = chooseInstaller({
      // Without any pip, what speaks for pip is no more than a note.
      setting: pip.length === 0 ? 'uv' : setting,
      uvFound: uv !== undefined,
      environment,
      pipOption: settings.ruledOutBy,
      fileOption: optionUnknownToUv(fileOptions),
      uvMisled,
    });
    const notes = [...choice.notes, ...ignoredOptions(configuration)];
    if (choice.installer === 'pip' && pip[0]) return { installer: pip[0], fallback: [], notes };
    if (!uv) throw errors.installerNotFound('uv');
    const withUv = new UvInstaller({
      uv: uv.path,
      settings,
      readConfig: uvMisled === undefined,
      equalIndexes: fileOptions.has('--extra-index-url'),
      hostEnv,
    });
    return { installer: withUv, fallback: pip, notes };
  }

  /** The environment's own pip first, then one from elsewhere that it can run. */
  async #pips(environment: Environment, installed: Snapshot): Promise<PipCommand[]> {
    const own = installed.get('pip');
    const [bundled, other] = await Promise.all([bundledPip(environment), this.#options.findPip?.(environment)]);
    return [own && installedPip(own.version), other, bundled].filter((pip) => pip !== undefined);
  }
}

/** An option that pip was to be given everywhere and is not given here is something to tell, unless it forbids bases. */
const ignoredOptions = (configuration: PipConfiguration): string[] =>
  [...configuration.keys()]
    .filter((option) => redirectingOptions.has(option) && option !== 'require-virtualenv')
    .map((option) => `pip's configured "${option}" is not obeyed here: packages go into the environment.`);
