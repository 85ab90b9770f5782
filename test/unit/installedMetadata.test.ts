import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { countPackages, listPackages } from '../../src/core/packages/list';
import { itWithFolderLinks, linkFolder } from '../support/platform';
import { SitePackages, suiteFolder } from '../support/sitePackages';
import { metadataOf } from '../support/wheels';

describe('installed metadata', () => {
  const folder = suiteFolder();
  let number = 0;
  const venv = (version?: string, inherited?: readonly string[]) =>
    new SitePackages(join(folder(), String(number++)), version, inherited);
  const namesIn = async (site: SitePackages, metadata = new InstalledMetadata()) =>
    (await metadata.read(site.environment)).map(({ name }) => name).sort();

  it('of a venv that is not there is empty', async () => {
    assert.deepEqual(await namesIn(venv()), []);
    assert.equal(await countPackages(new InstalledMetadata(), venv().environment), 0);
  });

  it('says where a distribution is, who installed it, what it requires', async () => {
    const site = venv();
    await site.install({ name: 'Foo.Bar', version: '1.0-1', requires: ['a>1', 'b; extra == "x"'] });
    const [distribution] = await new InstalledMetadata().read(site.environment);
    assert.ok(distribution);
    assert.equal(distribution.name, 'Foo.Bar');
    assert.equal(distribution.normalizedName, 'foo-bar');
    assert.equal(distribution.metadataPath, join(site.path, 'Foo_Bar-1.0-1.dist-info'));
    assert.equal(distribution.location, site.path);
    assert.equal(distribution.installer(), 'pip');
    assert.deepEqual(distribution.requirements(), ['a>1', 'b; extra == "x"']);
    assert.equal(distribution.inherited, false);
  });

  it('is kept until a folder or a .pth file changes', async () => {
    const site = venv();
    await site.install({ name: 'one', version: '1' });
    await site.write('paths.pth', '../added\n');
    await site.age('paths.pth');
    const metadata = new InstalledMetadata();
    const first = await metadata.read(site.environment);
    assert.equal(await metadata.read(site.environment), first);

    await site.install({ name: 'two', version: '1' });
    assert.deepEqual(await namesIn(site, metadata), ['one', 'two']);

    await site.age('paths.pth');
    assert.notEqual(await metadata.read(site.environment), first);
    const added = join(dirname(site.path), 'added/three.egg-info');
    await mkdir(added, { recursive: true });
    await writeFile(join(added, 'PKG-INFO'), metadataOf({ name: 'three', version: '3' }));
    assert.deepEqual(await namesIn(site, metadata), ['one', 'three', 'two']);

    await site.write('paths.pth', '# nothing\n');
    assert.deepEqual(await namesIn(site, metadata), ['one', 'two']);
  });

  it('is not kept while a change may still go unnoticed', async () => {
    const site = venv();
    await site.install({ name: 'one', version: '1' });
    const metadata = new InstalledMetadata();
    const first = await metadata.read(site.environment);
    assert.notEqual(await metadata.read(site.environment), first);

    await mkdir(join(site.path, 'half-1.0.dist-info'));
    await site.age();
    assert.deepEqual(await namesIn(site, metadata), ['half', 'one']);
    await site.write('half-1.0.dist-info/METADATA', metadataOf({ name: 'Half', version: '1.0' }));
    assert.deepEqual(await namesIn(site, metadata), ['Half', 'one']);
  });

  it('prefers what comes first on the path, and tells what is inherited', async () => {
    const base = venv();
    const site = venv('3.12.1', [base.path]);
    await base.install({ name: 'shared', version: '1' });
    await base.install({ name: 'base-only', version: '1' });
    await site.install({ name: 'Shared', version: '2' });
    const found = await new InstalledMetadata().read(site.environment);
    assert.deepEqual(
      found.map(({ name, version, inherited }) => ({ name, version, inherited })),
      [
        { name: 'Shared', version: '2', inherited: false },
        { name: 'base-only', version: '1', inherited: true },
      ],
    );
  });

  it('passes over the leftovers of killed uninstalls, and survives what is no metadata', async () => {
    const site = venv();
    await site.write('~umpy-1.0.dist-info/METADATA', metadataOf({ name: 'numpy', version: '1.0' }));
    await site.write('binary-2.0.dist-info/METADATA', Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x0a]));
    await site.write(
      'latin-1.0.dist-info/METADATA',
      Buffer.from('Name: latin\nAuthor: J\xf6rg\nVersion: 1.0\n', 'latin1'),
    );
    await site.write('nameless.dist-info/METADATA', 'Metadata-Version: 2.1\n');
    await site.write('folder-1.0.dist-info/METADATA/x', '');
    await site.write('.dist-info/METADATA', '');
    await site.write('broken.egg-link', '\0\n');
    await site.write('empty.egg-link', '');
    await site.write('broken.pth', '\0\n\xff\n');
    assert.deepEqual(await namesIn(site), ['binary', 'folder', 'latin']);
  });

  it('finds a version that stands far down in a long header', async () => {
    const site = venv('3.9.1');
    const text = `Metadata-Version: 2.1\nSummary: ${'long '.repeat(5000)}\nName: Late\nVersion: 7\n`;
    await site.write('late.egg-info/PKG-INFO', text);
    const expected = [{ name: 'Late', version: '7' }];
    assert.deepEqual(await listPackages(new InstalledMetadata(), site.environment), expected);
  });

  itWithFolderLinks('is found through links', async () => {
    const site = venv();
    const elsewhere = venv();
    await elsewhere.install({ name: 'linked', version: '1' });
    await mkdir(dirname(site.path), { recursive: true });
    linkFolder(elsewhere.path, site.path);
    linkFolder(join(site.path, 'linked-1.dist-info'), join(site.path, 'alias-1.dist-info'));
    assert.deepEqual(await namesIn(site), ['linked', 'linked']);
  });

  it('reads a thousand distributions without keeping others waiting', async function () {
    this.timeout(20_000);
    const site = venv();
    for (let index = 0; index < 1000; index++) await site.install({ name: `package-${index}`, version: '1' });
    let turns = 0;
    let waiting = true;
    const wait = () => {
      turns++;
      if (waiting) setImmediate(wait);
    };
    setImmediate(wait);
    assert.equal((await listPackages(new InstalledMetadata(), site.environment)).length, 1000);
    waiting = false;
    assert.ok(turns > 2);
    await rm(site.path, { recursive: true });
  });
});
