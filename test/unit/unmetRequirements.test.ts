import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importNames } from '../../src/core/packages/importNames';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { readPyproject } from '../../src/core/packages/pyproject';
import { listedRequirement } from '../../src/core/packages/requirement';
import { inconsistencies, unmetRequirements } from '../../src/core/packages/unmetRequirements';
import { SitePackages, suiteFolder } from '../support/sitePackages';

describe('Requirements that are not met', () => {
  const folder = suiteFolder();
  let site: SitePackages;
  const unmet = async (...requirements: string[]) => {
    const installed = await new InstalledMetadata().read(site.environment);
    return unmetRequirements(requirements.map(listedRequirement), site.environment, installed);
  };

  before(async () => {
    site = new SitePackages(folder());
    await site.install({ name: 'Alpha.One', version: '1.5rc1', requires: ['beta<1', 'none; python_version < "3"'] });
    await site.install({
      name: 'beta',
      version: '2.0',
      extras: { all: ['beta[fast]', 'beta[loud]'], fast: ['speed>=1'], loud: ['alpha-one<1'] },
    });
  });

  it('are those that apply, by name and version', async () => {
    assert.deepEqual(await unmet('alpha_one>=1', 'beta==2.*', 'other; sys_platform == "none"'), []);
    assert.deepEqual(await unmet('Other>1 ; python_version > "3"', 'BETA>2'), [
      { requirement: 'Other>1', installed: undefined, requiredBy: undefined },
      { requirement: 'BETA>2', installed: '2.0', requiredBy: undefined },
    ]);
  });

  it('are those of the extras asked for, too, also where one extra asks for others', async () => {
    assert.deepEqual(await unmet('beta[all]'), [
      { requirement: 'speed>=1', installed: undefined, requiredBy: 'beta' },
      { requirement: 'alpha-one<1', installed: '1.5rc1', requiredBy: 'beta' },
    ]);
  });

  it('are those of what is installed, as pip check has it', async () => {
    const installed = await new InstalledMetadata().read(site.environment);
    assert.deepEqual(await inconsistencies(site.environment, installed), [
      { requirement: 'beta<1', installed: '2.0', requiredBy: 'Alpha.One' },
    ]);
  });
});

describe('A pyproject.toml', () => {
  const folder = suiteFolder();
  const read = async (text: string) => {
    const path = join(folder(), 'pyproject.toml');
    await writeFile(path, text);
    const project = await readPyproject(path);
    return project?.lists.map(({ kind, name, requirements }) => [kind, name, ...requirements.map(({ text: t }) => t)]);
  };

  it('lists the dependencies of the project, its extras and its groups', async () => {
    const text = [
      '[project]',
      'dependencies = ["a>=1 ; python_version > \'3\'", "not a requirement", 3]',
      'optional-dependencies.dev = ["b"]',
      '[dependency-groups]',
      'one = ["c", {include-group = "two"}]',
      'two = ["d", {include-group = "one"}]',
    ];
    assert.deepEqual(await read(text.join('\n')), [
      ['project', '', "a>=1 ; python_version > '3'"],
      ['extra', 'dev', 'b'],
      ['group', 'one', 'c', 'd'],
      ['group', 'two', 'd', 'c'],
    ]);
  });

  it('may be of Poetry, may only configure tools, and may be no TOML', async () => {
    assert.deepEqual(await read('[tool.poetry.dependencies]\npython = "^3.9"\nflask = "^3"\n'), [
      ['project', '', 'flask'],
    ]);
    assert.deepEqual(await read('[tool.ruff]\nline-length = 100\n'), []);
    assert.equal(await read('[project\n'), undefined);
  });
});

describe('The names that a distribution is imported by', () => {
  const folder = suiteFolder();

  it('are those of top_level.txt, else those of its files', async () => {
    const site = new SitePackages(folder());
    await site.install({ name: 'listed', version: '1' });
    await site.write('listed-1.dist-info/top_level.txt', 'one\n_two\n');
    await site.install({ name: 'recorded', version: '1' });
    const record = ['bs4/__init__.py,,', 'single.py,,', '_fast.cpython-312-x86_64-linux-gnu.so,,', '../../bin/x,,'];
    await site.write('recorded-1.dist-info/RECORD', `${record.join('\n')}\nrecorded-1.dist-info/RECORD,,\n`);
    const named = (await new InstalledMetadata().read(site.environment)).map((each) => [each.name, importNames(each)]);
    assert.deepEqual(Object.fromEntries(named), { listed: ['one', '_two'], recorded: ['bs4', 'single', '_fast'] });
  });
});
