import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { executableOnPath } from '../interpreters/executableOnPath';
import { isSamePlace, realPath } from '../pathIdentity';
import { textOf } from '../process/capture';
import { childEnvironment } from '../process/environment';
import { runProcess } from '../process/runProcess';
import { readText, wouldHold } from '../files/readFiles';

/** What `pip freeze` can say about the git repository that a project's folder lies in. */
export type GitSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-remote' }
  | { readonly kind: 'invalid-remote'; readonly url: string }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'known';
      readonly url: string;
      readonly commit: string;
      readonly subdirectory: string | undefined;
    };

interface Repository {
  /** What `git rev-parse --git-dir` prints, absolute. */
  readonly gitFolder: string;
  /** Where configuration and branches are kept: another folder only for linked worktrees. */
  readonly commonFolder: string;
  /** The folder that holds `.git`. */
  readonly root: string;
}

const isThere = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  );

/** Walks up from the folder to the one that holds `.git`, a folder or (worktrees, submodules) a file that names one. */
async function findRepository(folder: string): Promise<Repository | undefined> {
  const dotGit = join(folder, '.git');
  if (await isThere(dotGit)) {
    const pointer = /^gitdir: (.+)$/m.exec((await readText(dotGit)) ?? '')?.[1];
    const gitFolder = pointer === undefined ? dotGit : resolve(folder, pointer.trim());
    const common = (await readText(join(gitFolder, 'commondir'))) ?? '.';
    return { gitFolder, commonFolder: resolve(gitFolder, common.trim()), root: folder };
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : await findRepository(parent);
}

/** @returns what git prints, or undefined where it fails or is not there. */
async function git(args: readonly string[], folder: string): Promise<string | undefined> {
  const command = executableOnPath('git', folder);
  if (command === undefined) return undefined;
  const env = childEnvironment({ isTool: true });
  const outcome = await runProcess({ command, args, cwd: folder, env, timeoutMs: 5000 });
  return outcome.exitCode === 0 ? textOf(outcome.stdout).trim() : undefined;
}

/** In bytes, of HEAD and the configuration. */
const largestOfGit = 1024 * 1024;

/** @returns whether git would wait for one of the files that it is asked about, or be busy with it: then it is not asked. */
async function wouldHoldGit({ gitFolder, commonFolder }: Repository, ref?: string): Promise<boolean> {
  const held = await Promise.all([
    wouldHold(join(gitFolder, 'HEAD'), largestOfGit),
    wouldHold(join(commonFolder, 'config'), largestOfGit),
    wouldHold(join(commonFolder, 'packed-refs')),
    ref === undefined ? false : wouldHold(join(commonFolder, ref), largestOfGit),
  ]);
  return held.includes(true);
}

/** @returns the addresses of the remotes by their names, from the configuration file; undefined where git must be asked. */
function remotesIn(config: string): Map<string, string> | undefined {
  if (/^[ \t]*\[include/im.test(config)) return undefined;
  const remotes = new Map<string, string>();
  let remote: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) remote = /^remote "(.*)"$/i.exec(section)?.[1];
    const [name = '', ...rest] = line.split('=');
    if (name.trim().toLowerCase() !== 'url' || rest.length === 0 || remote === undefined) continue;
    const url = rest.join('=').trim();
    // Quotes, a comment, or escapes other than those of a Windows path.
    if (/["\\;#]/.test(url.replaceAll('\\\\', ''))) return undefined;
    if (!remotes.has(remote)) remotes.set(remote, url.replaceAll('\\\\', '\\'));
  }
  return remotes;
}

async function remoteUrl({ commonFolder, root }: Repository): Promise<string | undefined> {
  const config = await readText(join(commonFolder, 'config'));
  const remotes =
    (config === undefined ? undefined : remotesIn(config)) ??
    new Map(
      ((await git(['config', '--get-regexp', String.raw`remote\..*\.url`], root)) ?? '').split('\n').flatMap((line) => {
        const end = line.indexOf('.url ');
        if (!line.startsWith('remote.') || end === -1) return [];
        return [[line.slice('remote.'.length, end), line.slice(end + '.url '.length)] as const];
      }),
    );
  const [first] = remotes.values();
  return (remotes.get('origin') ?? first)?.split(' ')[0];
}

async function headCommit(repository: Repository): Promise<string | undefined> {
  const { gitFolder, commonFolder, root } = repository;
  const isCommit = /^[0-9a-f]{40,64}$/;
  const head = ((await readText(join(gitFolder, 'HEAD'))) ?? '').trim();
  if (isCommit.test(head)) return head;
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  if (ref !== undefined) {
    const loose = ((await readText(join(commonFolder, ref))) ?? '').trim();
    if (isCommit.test(loose)) return loose;
    const packed = ((await readText(join(commonFolder, 'packed-refs'))) ?? '').split('\n');
    const line = packed.find((each) => each.endsWith(` ${ref}`));
    if (line !== undefined) return line.slice(0, line.indexOf(' '));
  }
  if (await wouldHoldGit(repository, ref)) return undefined;
  // Branches may be kept in another format (reftable), or there is no commit yet.
  return await git(['rev-parse', 'HEAD'], root);
}

/** @returns the address in the form that pip takes, or undefined where there is none. */
async function pipAddress(url: string): Promise<string | undefined> {
  if (/^\w+:\/\//.test(url)) return url;
  if (await isThere(url)) return pathToFileURL(url).href;
  const [, user = '', host, path] = /^(\w+@)?([^/:]+):(\w[^:]*)$/.exec(url) ?? [];
  return host === undefined || path === undefined ? undefined : `ssh://${user}${host}/${path}`;
}

/** @returns the folder of the project, relative to the repository as pip sees it; undefined where it is its root. */
async function subdirectoryOf(folder: string, { gitFolder, root }: Repository): Promise<string | undefined> {
  let project = folder;
  while (!(await isThere(join(project, 'pyproject.toml'))) && !(await isThere(join(project, 'setup.py')))) {
    if (dirname(project) === project) return undefined;
    project = dirname(project);
  }
  // Git prints its folder with links resolved where it had to search for it.
  const top = dirname(root === folder ? gitFolder : await realPath(gitFolder));
  return isSamePlace(top, project) ? undefined : relative(top, project);
}

/** @returns where the project in the folder comes from, read from the repository's files, or from git where they do not say. */
export async function gitSource(folder: string): Promise<GitSource> {
  const repository = await findRepository(folder);
  if (!repository) return { kind: 'none' };
  if (await wouldHoldGit(repository)) return { kind: 'unknown' };
  const url = await remoteUrl(repository);
  if (url === undefined) return { kind: 'no-remote' };
  const address = await pipAddress(url);
  if (address === undefined) return { kind: 'invalid-remote', url };
  const commit = await headCommit(repository);
  if (commit === undefined) return { kind: 'unknown' };
  return { kind: 'known', url: address, commit, subdirectory: await subdirectoryOf(folder, repository) };
}
