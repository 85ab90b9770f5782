import { dirname, join } from 'node:path';
import type { Environment } from '../environment';
import { namesIn, readText } from '../files/readFiles';
import { compareVersions, tryParseVersion } from './version';

/** A pip that runs under an environment's own Python, wherever pip itself lies. */
export interface PipCommand {
  /** The arguments of `environment.python` that come before pip's own. */
  readonly args: readonly string[];
  readonly version: string;
}

/**
 * `python -m pip` would import a pip.py, logging.py or the like that lies in the folder it starts from; this does not,
 * and unlike `-I` and `-P` it works for every version and leaves the user's site-packages in sight.
 *
 * Before Python 3.10 pip asks distutils where packages go, which reads that from `[install]` of a setup.cfg in the current
 * folder and of the user's pydistutils.cfg. As pip does, it first takes away what puts setuptools' distutils in its place.
 */
const start = `import sys
sys.path[:] = [p for p in sys.path if p]
if sys.version_info < (3, 10):
    try:
        __import__("_distutils_hack").remove_shim()
    except (ImportError, AttributeError):
        pass
    import distutils.dist
    distutils.dist.Distribution.parse_config_files = lambda *arguments, **options: None
import runpy
runpy.run_module("pip", run_name="__main__", alter_sys=True)
`;
const startFrom = start.replace('import runpy', 'sys.path.insert(0, sys.argv.pop(1))\nimport runpy');

/** @returns the pip that is installed where the environment's Python finds it. */
export const installedPip = (version: string): PipCommand => ({ args: ['-c', start], version });

/** @returns a pip that is run out of a wheel, which pip supports and ensurepip lives on. */
export const wheelPip = (wheel: string, version: string): PipCommand => ({ args: ['-c', startFrom, wheel], version });

/** @returns whether pip is at least `minimum`; false for a version that is none. */
export function pipIsAtLeast(pip: PipCommand, minimum: string): boolean {
  const [version, wanted] = [tryParseVersion(pip.version), tryParseVersion(minimum)];
  return version !== undefined && wanted !== undefined && compareVersions(version, wanted) >= 0;
}

/** @returns the value of `home` in pyvenv.cfg (PEP 405): the folder that holds the base interpreter. */
async function baseFolder(environment: Environment): Promise<string | undefined> {
  const text = (await readText(join(environment.path, 'pyvenv.cfg'), 64 * 1024)) ?? '';
  return /^home[ \t]*=(.+)$/m.exec(text)?.[1]?.trim();
}

/**
 * @returns the pip in the wheel that the base interpreter brings for `ensurepip`, for a venv without pip (uv makes
 * such); undefined where the base brings none (Debian).
 */
export async function bundledPip(environment: Environment): Promise<PipCommand | undefined> {
  const home = await baseFolder(environment);
  if (home === undefined) return undefined;
  const [major = '', minor = ''] = environment.version.split('.');
  const folders = [
    join(dirname(home), 'lib', `python${major}.${minor}`, 'ensurepip', '_bundled'),
    join(home, 'Lib', 'ensurepip', '_bundled'),
    join(dirname(home), 'share', 'python-wheels'),
  ];
  for (const folder of folders) {
    for (const file of namesIn(folder)) {
      const version = /^pip-([^-]+)-py[^-]*-none-any\.whl$/.exec(file)?.[1];
      if (version !== undefined) return wheelPip(join(folder, file), version);
    }
  }
  return undefined;
}
