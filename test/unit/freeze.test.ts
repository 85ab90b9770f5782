import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freeze } from '../../src/core/packages/freeze';
import { gitSource } from '../../src/core/packages/gitSource';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { listPackages } from '../../src/core/packages/list';
import { onWindows } from '../support/platform';
import { SitePackages, suiteFolder } from '../support/sitePackages';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('freeze', () => {
  const folder = suiteFolder();
  let number = 0;
  const venv = (version?: string) => new SitePackages(join(folder(), String(number++)), version);
  const linesOf = async (site: SitePackages) =>
    (await freeze(new InstalledMetadata(), site.environment)).requirements.split('\n');

  it('pins every distribution, in the order of the names as written', async () => {
    const site = venv();
    for (const name of ['b', 'A_c', 'a-b']) await site.install({ name, version: '1.0' });
    await site.install({ name: 'odd', version: 'not a version' });
    const expected = { requirements: 'a-b==1.0\nA_c==1.0\nb==1.0\nodd===not a version', count: 4 };
    assert.deepEqual(await freeze(new InstalledMetadata(), site.environment), expected);
  });

  it('of nothing is empty', async () => {
    assert.deepEqual(await freeze(new InstalledMetadata(), venv().environment), { requirements: '', count: 0 });
  });

  it('leaves out pip, and what builds packages by the rules of the pip that is there', async () => {
    const frozen = async (python: string, pip: string | undefined) => {
      const site = venv(python);
      for (const name of ['setuptools', 'wheel', 'argparse']) await site.install({ name, version: '1' });
      if (pip !== undefined) await site.install({ name: 'pip', version: pip });
      return await linesOf(site);
    };
    assert.deepEqual(await frozen('3.12.0', '23.1.2'), ['']);
    assert.deepEqual(await frozen('3.11.9', '24.0'), ['']);
    assert.deepEqual(await frozen('3.12.0', '23.2'), ['setuptools==1', 'wheel==1']);
    assert.deepEqual(await frozen('3.13.0', undefined), ['setuptools==1', 'wheel==1']);
    assert.deepEqual(await frozen('3.12.0rc1', '24.0'), ['setuptools==1', 'wheel==1']);
  });

  it('counts requirements, not the comments above editable ones', async () => {
    const site = venv();
    const project = join(folder(), 'editable');
    await mkdir(project, { recursive: true });
    const directUrl = { url: pathToFileURL(project).href, dir_info: { editable: true } };
    await site.install({ name: 'project', version: '1' }, directUrl);
    assert.deepEqual(await freeze(new InstalledMetadata(), site.environment), {
      // As pip prints it: by os.path.normcase.
      requirements: `# Editable install with no version control (project==1)\n-e ${onWindows ? project.toLowerCase() : project}`,
      count: 1,
    });
    const listed = await listPackages(new InstalledMetadata(), site.environment);
    assert.deepEqual(listed, [{ name: 'project', version: '1', editable_project_location: project }]);
  });
});

describe('the git repository of an editable project', () => {
  const folder = suiteFolder();
  const project = () => join(folder(), 'repository');
  const write = async (path: string, content: string) => {
    await mkdir(join(project(), path, '..'), { recursive: true });
    await writeFile(join(project(), path), content);
  };
  const remote = (url: string, name = 'origin') => `[core]\n\tbare = false\n[remote "${name}"]\n\turl = ${url}\n`;

  beforeEach(async () => {
    await rm(project(), { recursive: true, force: true });
    await write('pyproject.toml', '');
    await write('.git/HEAD', 'ref: refs/heads/main\n');
    await write('.git/refs/heads/main', `${commit}\n`);
    await write('.git/config', remote('https://host/x.git'));
  });

  it('is read from its files', async () => {
    const known = { kind: 'known', url: 'https://host/x.git', commit, subdirectory: undefined };
    assert.deepEqual(await gitSource(project()), known);
  });

  it('may be detached, or keep its branches packed', async () => {
    const commitNow = async () => {
      const source = await gitSource(project());
      return source.kind === 'known' ? source.commit : source.kind;
    };
    const other = commit.replaceAll('0', 'f');
    await write('.git/HEAD', `${other}\n`);
    assert.equal(await commitNow(), other);
    await write('.git/HEAD', 'ref: refs/heads/feature/x\n');
    await write('.git/packed-refs', `# pack-refs with: peeled\n${other} refs/heads/feature/x\n^${commit}\n`);
    assert.equal(await commitNow(), other);
    await write('.git/HEAD', 'ref: refs/heads/not-yet\n');
    assert.equal(await commitNow(), 'unknown');
  });

  it('may lie above the project, which is then named by its subdirectory', async () => {
    await write('python/sub/setup.py', '');
    const source = await gitSource(join(project(), 'python/sub'));
    assert.equal(source.kind === 'known' && source.subdirectory, join('python', 'sub'));
  });

  it('is followed from a linked worktree to where its branches are kept', async () => {
    await write('.git/worktrees/tree/HEAD', 'ref: refs/heads/main\n');
    await write('.git/worktrees/tree/commondir', '../..\n');
    await write('tree/.git', `gitdir: ${join(project(), '.git/worktrees/tree')}\n`);
    await write('tree/pyproject.toml', '');
    const source = await gitSource(join(project(), 'tree'));
    assert.equal(source.kind === 'known' && source.commit, commit);
  });

  it('has an address that pip understands', async () => {
    const addressOf = async (config: string) => {
      await write('.git/config', config);
      const source = await gitSource(project());
      return source.kind === 'known' ? source.url : source.kind;
    };
    assert.equal(await addressOf(remote('git@host.org:team/x.git')), 'ssh://git@host.org/team/x.git');
    assert.equal(await addressOf(remote(project().replaceAll(sep, '/'))), pathToFileURL(project()).href);
    assert.equal(await addressOf(remote('../gone')), 'invalid-remote');
    assert.equal(await addressOf('[core]\n'), 'no-remote');
    assert.equal(await addressOf(remote('https://a/1', 'fork') + remote('https://a/2')), 'https://a/2');
    assert.equal(await addressOf(remote('https://a/1', 'fork') + remote('https://a/3', 'other')), 'https://a/1');
  });
});
