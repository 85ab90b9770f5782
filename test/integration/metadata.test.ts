import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../src/core/environment';
import { freeze } from '../../src/core/packages/freeze';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { countPackages, listPackages } from '../../src/core/packages/list';
import { showPackages } from '../../src/core/packages/show';
import { itWithFolderLinks, linkFolder, onWindows } from '../support/platform';
import { cleanEnvironment, testPythons, type TestPython } from '../support/pythons';
import { executableOf, scripts, sitePackagesOf } from '../support/venvLayout';
import { metadataOf, type ProjectSpec, writeProject, writeSimpleIndex, writeWheel } from '../support/wheels';

const run = promisify(execFile);

/** Without git, what it makes is left out of what is compared. */
const hasGit = spawnSync('git', ['--version']).status === 0;

/** Runs pip's list, freeze and show in one process, since most of their time is the importing of pip. */
const askPip = `
import contextlib, io, json, sys
sys.path.remove('')
from pip._internal.cli.main import main
def ask(*args):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(args))
    if code:
        sys.exit('pip %s: %s' % (' '.join(args), err.getvalue()))
    return out.getvalue()
packages = json.loads(ask('list', '--format=json'))
# Its time grows with the square of the number of packages.
names = [package['name'] for package in packages][::len(packages) // 30 + 1]
show = ask('show', *names) if sys.argv[1] == 'show' else ''
json.dump({'names': names, 'list': packages, 'freeze': ask('freeze'), 'show': show}, sys.stdout)
`;

interface PipAnswers {
  /** Those that were asked for with show. */
  readonly names: readonly string[];
  readonly list: readonly object[];
  readonly freeze: string;
  readonly show: string;
}

async function pipAnswers(python: string, cwd: string, what: 'show' | 'no show'): Promise<PipAnswers> {
  const options = { cwd, env: cleanEnvironment(cwd), maxBuffer: 1 << 26 };
  const { stdout } = await run(python, ['-c', askPip, what], options);
  return JSON.parse(stdout) as PipAnswers;
}

/** The output of `pip show`, as our `showPackages` returns it. */
function parseShow(output: string): object[] {
  const pattern =
    /^Name: (.*)\nVersion: (.*)\nSummary: ([^]*?)\nHome-page: (.*)\nAuthor: ([^]*?)\nAuthor-email: ([^]*?)\nLicense(?:-Expression)?: ([^]*?)\nLocation: (.*)\n(?:Editable project location: (.*)\n)?Requires: (.*)\nRequired-by: (.*)$/gm;
  const listOf = (text = '') => (text === '' ? [] : text.split(', '));
  return [...output.replaceAll('\r\n', '\n').matchAll(pattern)].map((match) => {
    const [, name, version, summary, home_page, author, author_email, license, location, editable, requires, by] =
      match;
    return {
      name,
      version,
      summary,
      home_page,
      author,
      author_email,
      license,
      location,
      ...(editable === undefined ? {} : { editable_project_location: editable }),
      requires: listOf(requires),
      required_by: listOf(by),
    };
  });
}

/** On Windows pip spells some folders in lower case, whatever the disk has. */
function comparable<T extends object>(packages: readonly T[]): T[] {
  const isPlace = (field: string): boolean => ['location', 'editable_project_location'].includes(field);
  return packages.map((each) => {
    const spelled = Object.entries(each).map(([field, value]: [string, unknown]): [string, unknown] => [
      field,
      onWindows && isPlace(field) ? String(value).toLowerCase() : value,
    ]);
    return Object.assign({ ...each }, Object.fromEntries(spelled));
  });
}

async function assertAgreement(
  environment: Environment,
  cwd: string,
  what: 'show' | 'no show' = 'show',
): Promise<void> {
  const pip = await pipAnswers(environment.python, cwd, what);
  const metadata = new InstalledMetadata();
  assert.deepEqual(comparable(await listPackages(metadata, environment)), comparable(pip.list));
  assert.equal(await countPackages(metadata, environment), pip.list.length);
  const frozen = await freeze(metadata, environment);
  assert.deepEqual(frozen.requirements.split('\n'), pip.freeze.trimEnd().split(/\r?\n/));
  assert.equal(frozen.count, frozen.requirements.split('\n').filter((line) => !/^(#|$)/.test(line)).length);
  if (what === 'no show') return;
  const shown = parseShow(pip.show);
  assert.equal(shown.length, pip.names.length);
  assert.deepEqual(comparable(await showPackages(metadata, environment, pip.names)), comparable(shown));
}

/** Paths that only the interpreter itself knows. */
async function describePython(python: string, cwd: string) {
  const program = `import json, os, site, sys, sysconfig
folders = ['/usr/share/python-wheels']
try:
    import ensurepip
    folders.insert(0, os.path.join(os.path.dirname(ensurepip.__file__), '_bundled'))
except ImportError:
    pass
wheels = [os.path.join(folder, name) for folder in folders if os.path.isdir(folder)
          for name in sorted(os.listdir(folder), reverse=True) if name.startswith('pip-')]
print(json.dumps({'prefix': sys.prefix, 'site': site.getsitepackages(), 'scripts': sysconfig.get_path('scripts'),
                  'wheel': wheels[0] if wheels else None}))`;
  const { stdout } = await run(python, ['-c', program], { cwd, env: cleanEnvironment(cwd) });
  return JSON.parse(stdout) as { prefix: string; site: string[]; scripts: string; wheel: string | null };
}

/** Writes the metadata of an installed wheel. */
async function writeDistInfo(sitePackages: string, spec: ProjectSpec, directUrl?: object): Promise<void> {
  const folder = join(sitePackages, `${spec.name.replace(/[-_.]+/g, '_')}-${spec.version}.dist-info`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'METADATA'), metadataOf(spec));
  await writeFile(join(folder, 'INSTALLER'), 'uv\n');
  if (directUrl) await writeFile(join(folder, 'direct_url.json'), JSON.stringify(directUrl));
}

describe('installed metadata, compared with pip', function () {
  this.timeout(120_000);
  let folder: string;
  let fixtures: { readonly wheels: string; readonly index: string };

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'metadata-')));
    const wheels = join(folder, 'wheels');
    const built = await Promise.all([
      writeWheel(wheels, {
        name: 'Plain.Name',
        version: '1.0',
        requires: ['under_score>=1', 'other-thing; python_version < "3.11"', 'absent; sys_platform == "nowhere"'],
        extras: { test: ['under_score', 'pytest; python_version > "3"'] },
        metadata: { Summary: 'Says hello', 'Home-page': 'https://example.org/plain', Author: 'The Plain Authors' },
      }),
      writeWheel(wheels, {
        name: 'under_score',
        version: '1.10.post2',
        metadata: { 'Project-URL': ['Source, https://example.org/source', 'Home Page, https://example.org/home'] },
      }),
      writeWheel(wheels, { name: 'by-path', version: '0.1rc1', requires: ['Under.Score', 'plain-name[test]'] }),
    ]);
    fixtures = { wheels, index: await writeSimpleIndex(join(folder, 'index'), built) };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function venv(
    python: TestPython,
    options: { readonly name?: string; readonly pip?: string; readonly inherit?: boolean } = {},
  ) {
    const root = join(folder, options.name ?? 'venv', String(python.minor));
    const { wheel, site } = await describePython(python.path, folder);
    const pip = options.pip ?? wheel ?? undefined;
    if (pip === undefined) return undefined;
    const flags = options.inherit ? ['--system-site-packages'] : [];
    const env = cleanEnvironment(folder);
    await run(python.path, ['-m', 'venv', '--without-pip', ...flags, root], { cwd: folder, env });
    const executable = executableOf(root, 'python');
    const own = sitePackagesOf(root, `3.${python.minor}`);
    await run(executable, ['-m', 'zipfile', '-e', pip, own], { cwd: folder, env });
    const environment: Environment = {
      path: root,
      python: executable,
      version: python.version,
      isVenv: true,
      scripts: dirname(executable),
      libraries: { own: [own], inherited: options.inherit ? site : [] },
    };
    const install = (...args: string[]) =>
      run(executable, ['-m', 'pip', 'install', '-q', '--index-url', fixtures.index, ...args], { cwd: folder, env });
    return { environment, sitePackages: own, install };
  }

  /** What an installer leaves that was killed while it wrote the metadata. Most versions of `pip show` fail on it. */
  async function killInstaller(sitePackages: string): Promise<void> {
    await mkdir(join(sitePackages, 'empty-1.0.dist-info'));
    await mkdir(join(sitePackages, 'half_written-1.0.dist-info'));
    await writeFile(join(sitePackages, 'half_written-1.0.dist-info/RECORD'), '');
  }

  /** Writes what installers write, and what they leave behind when they are killed, faster than they do. */
  async function fillByHand(sitePackages: string, python: TestPython): Promise<void> {
    const write = async (path: string, content: string | Buffer) => {
      const target = join(sitePackages, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    };
    const distInfo = (spec: ProjectSpec, directUrl?: object) => writeDistInfo(sitePackages, spec, directUrl);
    await distInfo(
      { name: 'from-vcs', version: '2.0' },
      {
        url: 'https://example.org/from-vcs.git',
        subdirectory: 'python/sub',
        vcs_info: { vcs: 'git', commit_id: '0123456789abcdef0123456789abcdef01234567', requested_revision: 'main' },
      },
    );
    await distInfo(
      { name: 'From_Archive', version: '2.1' },
      {
        url: 'https://example.org/from_archive-2.1.zip',
        archive_info: { hash: 'sha256=00ff', hashes: { sha256: '00ff' } },
      },
    );
    await distInfo(
      { name: 'new-hash', version: '2.1' },
      { url: 'https://example.org/new_hash-2.1.zip', archive_info: { hashes: { sha512: 'aa', sha256: '00ff' } } },
    );
    await distInfo({ name: 'from-folder', version: '1' }, { url: 'file:///nowhere/at%20all', dir_info: {} });
    await distInfo({ name: 'invalid-url', version: '1' }, { url: 'file:///nowhere' });
    await distInfo({
      name: 'licensed',
      version: '01.0.0-1',
      metadata: {
        'Metadata-Version': '2.4',
        License: 'MIT License\n        \n        Permission is\n          hereby granted',
        'License-Expression': 'MIT',
        Summary: 'Größe – 大きさ',
        'Author-email': 'The Authors <authors@example.org>',
        'Project-URL': 'homepage, https://example.org/licensed',
      },
      description: 'Name: not-this\n\nA body.\n',
    });
    await distInfo({
      name: 'long-head',
      version: '3',
      metadata: { Keywords: 'word '.repeat(3000), Summary: 'far down' },
    });
    await distInfo({ name: 'argparse', version: '1.4' });
    await distInfo({ name: 'setuptools', version: '60.0' });
    await distInfo({ name: 'wheel', version: '0.40' });
    // The same name twice in one folder, as an interrupted upgrade leaves it, and the remains of killed uninstalls.
    await distInfo({ name: 'twice', version: '1.9' });
    await write('~ackage-1.0.dist-info/METADATA', metadataOf({ name: 'package', version: '1.0' }));
    // setuptools' and distutils' forms.
    await write('egg_folder-0.5-py3.9.egg-info/PKG-INFO', metadataOf({ name: 'egg-folder', version: '0.5' }));
    await write(
      'egg_folder-0.5-py3.9.egg-info/requires.txt',
      'under_score\n\n[extra]\nabsent\n\n[:python_version>"3"]\nTwice\n',
    );
    await write(
      'egg_file-0.6.egg-info',
      metadataOf({ name: 'egg-file', version: '0.6', metadata: { License: 'UNKNOWN' } }),
    );
    await write('un_packed-0.7-py3.9.egg/EGG-INFO/PKG-INFO', metadataOf({ name: 'un-packed', version: '0.7' }));
    if (python.minor < 11) {
      // From 3.11 on pip lists such an egg twice; here it is listed once.
      await write('on_path-0.8-py3.9.egg/EGG-INFO/PKG-INFO', metadataOf({ name: 'on-path', version: '0.8' }));
      await write('eggs.pth', './on_path-0.8-py3.9.egg\n');
    }
    // A folder that a .pth file adds, with a distribution of its own and one that site-packages shadows.
    await write('added.pth', '# comment\nimport sys\nadded-by-pth\n/does/not/exist\n');
    await write('added-by-pth/in_added.egg-info/PKG-INFO', metadataOf({ name: 'in-added', version: '4.2' }));
    await write('added-by-pth/twice-7.egg-info/PKG-INFO', metadataOf({ name: 'twice', version: '7' }));
  }

  /** As `setup.py develop` installed a project. */
  async function develop(sitePackages: string, project: string, name: string): Promise<void> {
    const info = join(project, `${name.replaceAll('-', '_')}.egg-info`);
    await mkdir(info, { recursive: true });
    await writeFile(join(info, 'PKG-INFO'), metadataOf({ name, version: '0.0.1' }));
    await writeFile(join(project, 'setup.py'), '');
    await writeFile(join(sitePackages, `${name}.egg-link`), `${project}\n.`);
    await writeFile(join(sitePackages, 'easy-install.pth'), `${project}\n`);
  }

  /** A project in a git repository, installed in editable mode. */
  async function gitProject(sitePackages: string, repository: string, remote: string | undefined, subdirectory = '.') {
    if (!hasGit) return;
    const name = `git-${basename(repository)}`;
    const source = await writeProject(join(repository, subdirectory), { name, version: '1.0' });
    const git = (...args: string[]) => run('git', args, { cwd: repository, env: cleanEnvironment(folder) });
    await git('init', '-q');
    if (remote !== undefined) await git('remote', 'add', 'origin', remote);
    await git('add', '.');
    await git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '-q', '-m', 'First');
    const directUrl = { url: pathToFileURL(source).href, dir_info: { editable: true } };
    await writeDistInfo(sitePackages, { name, version: '1.0' }, directUrl);
  }

  async function compareVenv(python: TestPython): Promise<'compared' | 'no pip'> {
    const made = await venv(python);
    if (!made) return 'no pip';
    const { environment, sitePackages, install } = made;
    await fillByHand(sitePackages, python);
    const projects = join(folder, `projects-${python.minor}`);
    await develop(sitePackages, join(projects, 'developed'), 'legacy-develop');
    await gitProject(sitePackages, join(projects, 'top'), 'git@example.org:team/top.git');
    await gitProject(sitePackages, join(projects, 'inner'), 'https://example.org/inner', 'python/sub');
    await gitProject(sitePackages, join(projects, 'local'), undefined);
    await gitProject(sitePackages, join(projects, 'gone'), '../no/such/place');
    const editable = await writeProject(join(projects, 'plain'), { name: 'Editable.Plain', version: '0.1' });
    const wheel = join(fixtures.wheels, 'by_path-0.1rc1-py3-none-any.whl');
    await install('--no-deps', 'Plain.Name', 'under_score', wheel, '-e', editable);
    await assertAgreement(environment, folder);
    await killInstaller(sitePackages);
    await assertAgreement(environment, folder, 'no show');
    return 'compared';
  }

  async function compareBase(python: TestPython): Promise<'compared' | 'no pip'> {
    const { prefix, site, scripts } = await describePython(python.path, folder);
    const options = { cwd: folder, env: cleanEnvironment(folder) };
    const hasPip = await run(python.path, ['-c', 'import pip'], options).then(
      () => true,
      () => false,
    );
    if (!hasPip) return 'no pip';
    const libraries = { own: site, inherited: [] };
    const { path, version } = python;
    await assertAgreement({ path: prefix, python: path, version, isVenv: false, scripts, libraries }, folder);
    return 'compared';
  }

  const pythons = testPythons();
  if (pythons.length === 0) it.skip('no Python 3.8 or newer was found');

  /** Starts at most two at once, in the order asked for: most of the time goes by in single processes. */
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  function inOneOfTwoLanes<T>(work: () => Promise<T>): Promise<T> {
    const result = Promise.resolve(lanes.shift()).then(work);
    lanes.push(result.catch(() => undefined));
    return result;
  }
  const started = new Map<string, Promise<unknown>>();
  before(() => {
    for (const python of pythons) {
      started.set(
        `venv ${python.minor}`,
        inOneOfTwoLanes(() => compareVenv(python)),
      );
      started.set(
        `base ${python.minor}`,
        inOneOfTwoLanes(() => compareBase(python)),
      );
    }
    for (const each of started.values()) each.catch(() => undefined); // Reported by the test that awaits it.
  });

  for (const python of pythons) {
    it(`lists, freezes and shows a venv of Python ${python.version} as its pip does`, async function () {
      if ((await started.get(`venv ${python.minor}`)) === 'no pip') this.skip();
    });

    it(`lists, freezes and shows the base Python ${python.version} as its pip does`, async function () {
      if ((await started.get(`base ${python.minor}`)) === 'no pip') this.skip();
    });
  }

  it('counts what a venv with system_site_packages inherits, unless it has its own', async function () {
    const python = pythons.at(-1) ?? this.skip();
    const { environment, install } = (await venv(python, { name: 'inheriting', inherit: true })) ?? this.skip();
    await install('--no-deps', 'Plain.Name');
    await assertAgreement(environment, folder);
    const distributions = await new InstalledMetadata().read(environment);
    assert.equal(distributions.find(({ normalizedName }) => normalizedName === 'plain-name')?.inherited, false);
    assert.equal(distributions.filter(({ normalizedName }) => normalizedName === 'pip').length, 1);
  });

  for (const python of new Set([...pythons.slice(0, 1), ...pythons.slice(-1)])) {
    it(`agrees with the newest pip that the index has for Python ${python.version}`, async function () {
      const downloads = join(folder, `newest-${python.minor}`);
      const env = cleanEnvironment(folder);
      try {
        await run(python.path, ['-m', 'pip', 'download', '-q', '--no-deps', '-d', downloads, 'pip'], {
          cwd: folder,
          env: { ...env, PIP_RETRIES: '0', PIP_TIMEOUT: '10', PIP_CERT: process.env['PIP_CERT'] ?? '' },
        });
      } catch {
        this.skip(); // The index is out of reach.
      }
      const [wheel] = await readdir(downloads);
      const pip = join(downloads, wheel ?? '');
      const { environment, sitePackages, install } = (await venv(python, { name: 'newest-pip', pip })) ?? this.skip();
      await fillByHand(sitePackages, python);
      await gitProject(sitePackages, join(downloads, 'sub'), 'https://example.org/sub', 'python');
      await install(
        '--no-deps',
        'Plain.Name',
        '-e',
        await writeProject(join(downloads, 'e'), { name: 'e', version: '1' }),
      );
      await assertAgreement(environment, folder);
    });
  }

  itWithFolderLinks('finds the same through a link to the venv', async function (this: Mocha.Context) {
    const python = pythons[0] ?? this.skip();
    const { environment } = (await venv(python, { name: 'behind-link' })) ?? this.skip();
    const link = join(folder, 'link');
    linkFolder(environment.path, link);
    const sitePackages = sitePackagesOf(link, `3.${python.minor}`);
    await assertAgreement(
      {
        path: link,
        python: executableOf(link, 'python'),
        version: python.version,
        isVenv: true,
        scripts: join(link, scripts),
        libraries: { own: [sitePackages], inherited: [] },
      },
      folder,
    );
  });
});
