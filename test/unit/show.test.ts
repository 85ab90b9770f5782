import assert from 'node:assert/strict';
import { join } from 'node:path';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { showPackages } from '../../src/core/packages/show';
import { SitePackages, suiteFolder } from '../support/sitePackages';
import type { ProjectSpec } from '../support/wheels';

describe('show', () => {
  const folder = suiteFolder();
  let number = 0;
  const venv = (version?: string) => new SitePackages(join(folder(), String(number++)), version);
  const show = (site: SitePackages, ...names: string[]) =>
    showPackages(new InstalledMetadata(), site.environment, names);

  it('answers in the order asked, and says what is missing', async () => {
    const site = venv();
    await site.install({ name: 'Foo_Bar', version: '1.0', metadata: { Summary: 'Does foo' } });
    assert.deepEqual(await show(site, 'nope', 'foo.bar'), [
      { name: 'nope', error: '"nope" is not installed' },
      {
        name: 'Foo_Bar',
        version: '1.0',
        summary: 'Does foo',
        home_page: '',
        author: '',
        author_email: '',
        license: '',
        location: site.path,
        requires: [],
        required_by: [],
      },
    ]);
  });

  it('names what is required here, and by whom, whatever the spelling', async () => {
    const site = venv();
    const requires = [
      'B.x>=1',
      'a [extra] ; python_version > "3"',
      'c @ https://host/c;v=1.zip',
      'd; sys_platform == "nowhere"',
      'e@ https://host/e.zip ; extra == "x"',
      'a<9',
      'f; what is this',
    ];
    await site.install({ name: 'top', version: '1', requires });
    await site.install({ name: 'b-X', version: '1' });
    const [top, required] = await show(site, 'top', 'b_x');
    assert.ok(top && 'requires' in top && required && 'requires' in required);
    assert.deepEqual(top.requires, ['a', 'B.x', 'c', 'f']);
    assert.deepEqual(required.required_by, ['top']);
  });

  it('looks for home page and license where the pip that is there would', async () => {
    const spec: ProjectSpec = {
      name: 'x',
      version: '1',
      metadata: {
        'Metadata-Version': '2.4',
        License: 'old',
        'License-Expression': 'MIT',
        'Project-URL': ['Docs, https://docs', 'Home Page, https://pep753', 'home-page, https://pypi'],
      },
    };
    const shownBy = async (pip: string) => {
      const site = venv();
      await site.install({ name: 'pip', version: pip });
      await site.write('x-1.dist-info/METADATA', metadataWithoutVersionHeader(spec));
      const [shown] = await show(site, 'x');
      return shown && 'license' in shown ? [shown.home_page, shown.license] : [];
    };
    assert.deepEqual(await shownBy('24.0'), ['', 'old']);
    assert.deepEqual(await shownBy('24.1'), ['https://pypi', 'old']);
    assert.deepEqual(await shownBy('25.0'), ['https://pypi', 'MIT']);
    assert.deepEqual(await shownBy('25.1'), ['https://pep753', 'MIT']);
  });
});

/** The metadata with its own Metadata-Version in place of the one that fixtures write. */
function metadataWithoutVersionHeader({ name, version, metadata = {} }: ProjectSpec): string {
  const lines = Object.entries({ Name: name, Version: version, ...metadata }).flatMap(([header, values]) =>
    [values].flat().map((value) => `${header}: ${value}\n`),
  );
  return lines.join('');
}
