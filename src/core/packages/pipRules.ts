import { compareVersions, parseVersion, tryParseVersion } from './version';

/** What differs between versions of pip in how they list, freeze and show. */
export interface PipRules {
  /**
   * pip reads metadata through `importlib.metadata` from 22.2 on where Python is 3.11 or newer, else through
   * `pkg_resources`: which names, versions and locations are printed depends on it.
   */
  readonly backend: 'importlib' | 'pkg_resources';
  /** From 24.2 on (importlib): name and version come from the folder's name, so that one without METADATA counts. */
  readonly nameFromFolder: boolean;
  /** Up to 23.0 (pkg_resources): of two versions in one folder the newer wins, since 23.1 the first by name. */
  readonly newestWins: boolean;
  /** Up to 25.0 (importlib): eggs and the targets of .egg-links in a folder count, though no .pth file names them. */
  readonly followsEggs: boolean;
  /** From 24.0 on: an .egg-link is also looked for under the name as written. */
  readonly rawEggLinkNames: boolean;
  /** What freeze leaves out. From 23.2 on and Python 3.12: pip only, no longer what builds packages. */
  readonly frozenWithout: ReadonlySet<string>;
  /** From 26.1 on: freeze takes an archive's hash from the newer field of direct_url.json. */
  readonly newHashes: boolean;
  /** From 24.1 on: show prints the version as the metadata spells it (importlib). */
  readonly rawVersionShown: boolean;
  /** From 24.1 on: show names each requirement once. */
  readonly requirementsOnce: boolean;
  /** How show finds a missing Home-page among the Project-URLs: from 24.1 on as PyPI does, from 25.1 on by PEP 753. */
  readonly homepage: 'header' | 'pypi' | 'pep753';
  /** From 25.0 on: show prefers License-Expression (PEP 639). */
  readonly licenseExpression: boolean;
}

/**
 * @param pip the version of the environment's pip, undefined for none: then the rules of the newest known.
 * @param python the environment's Python version.
 */
export function pipRules(pip: string | undefined, python: string): PipRules {
  const version = pip === undefined ? undefined : tryParseVersion(pip);
  const since = (release: string): boolean => !version || compareVersions(version, parseVersion(release)) >= 0;
  const pythonVersion = tryParseVersion(python.replace(/\+$/, ''));
  const pythonSince = (release: string): boolean =>
    !pythonVersion || compareVersions(pythonVersion, parseVersion(`${release}.dev0`)) >= 0;
  const importlib = since('22.2') && pythonSince('3.11');
  return {
    backend: importlib ? 'importlib' : 'pkg_resources',
    nameFromFolder: !importlib || since('24.2'),
    newestWins: !importlib && !since('23.1'),
    followsEggs: importlib && !since('25.1'),
    rawEggLinkNames: since('24.0'),
    frozenWithout: new Set(
      since('23.2') && pythonSince('3.12') ? ['pip'] : ['pip', 'setuptools', 'distribute', 'wheel'],
    ),
    newHashes: since('26.1'),
    rawVersionShown: importlib && since('24.1'),
    requirementsOnce: since('24.1'),
    homepage: since('25.1') ? 'pep753' : since('24.1') ? 'pypi' : 'header',
    licenseExpression: since('25.0'),
  };
}
