import { win32 } from 'node:path';
import type { Machine } from '../files/storage';
import { localAppData, pathRules } from '../files/storage';
import type { ReadFolder } from './places';

/** @returns the folders into which conda's installers install, those of the environment first. */
export function condaRoots(machine: Machine, read: ReadFolder, more: readonly string[] = []): string[] {
  const { platform, env, home } = machine;
  const rules = pathRules(platform);
  const parents =
    platform === 'win32'
      ? [home, localAppData(machine), env['ProgramData'] ?? 'C:\\ProgramData', 'C:\\', 'C:\\tools']
      : [home, `${home}/opt`, '/opt', '/opt/homebrew', '/usr/local', '/usr/local/Caskroom/miniconda/base'];
  const named = [env['CONDA_ROOT'], env['MAMBA_ROOT_PREFIX'], ...(platform === 'win32' ? [windowsRoot(env)] : [])];
  const found = [...parents, ...more].flatMap((parent) =>
    read(parent)
      .filter(isCondaFolder)
      .map((name) => rules.join(parent, name)),
  );
  const usual = platform === 'win32' ? [] : ['/opt/conda', '/opt/homebrew/Caskroom/miniforge/base'];
  return [...named.filter((root) => root !== undefined), ...found, ...usual];
}

/** @returns whether a folder is called as the installers of conda call theirs. */
export const isCondaFolder = (name: string): boolean =>
  /^\.?(mini|ana)conda3?$|^(mini|mamba)forge3?$|^micromamba$/i.test(name);

/** An activated conda names its program: ROOT\Scripts\conda.exe. */
const windowsRoot = ({ CONDA_EXE: program }: Machine['env']): string | undefined =>
  program === undefined ? undefined : win32.dirname(win32.dirname(program));
