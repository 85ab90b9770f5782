import assert from 'node:assert/strict';
import { join, normalize } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { chooseInstaller, optionUnknownToUv, type InstallerFacts } from '../../src/core/packages/chooseInstaller';
import { redirectsInstalls, redirectingUvConfiguration } from '../../src/core/packages/uvConfiguration';
import { uvSettings } from '../../src/core/packages/uvSettings';

const environment = (version = '3.12.1', inherited: string[] = []): Environment => ({
  path: '/venv',
  python: '/venv/bin/python',
  version,
  isVenv: true,
  scripts: '/venv/bin',
  libraries: { own: ['/venv/lib'], inherited },
});
const choose = (facts: Partial<InstallerFacts>) =>
  chooseInstaller({
    setting: 'auto',
    uvFound: true,
    environment: environment(),
    pipOption: undefined,
    fileOption: undefined,
    uvRedirect: undefined,
    ...facts,
  });

describe('the choice between uv and pip', () => {
  it('falls on uv where it is found and nothing speaks against it', () => {
    assert.deepEqual(choose({}), { installer: 'uv', notes: [] });
    assert.equal(choose({ uvFound: false }).installer, 'pip');
    assert.equal(choose({ setting: 'pip' }).installer, 'pip');
  });

  it('falls on pip, with the reason, where uv would do something else', () => {
    assert.match(choose({ pipOption: 'no-binary' }).notes.join(), /"no-binary"/);
    assert.deepEqual(choose({ fileOption: '--pre' }).notes, [
      'pip was used: uv does not know "--pre" in the requirements file.',
    ]);
    assert.equal(choose({ uvRedirect: '/x/uv.toml' }).installer, 'pip');
    assert.equal(choose({ environment: environment('3.7.16') }).installer, 'pip');
    assert.equal(choose({ environment: environment('3.12.1', ['/usr/lib']) }).installer, 'pip');
  });

  it('is the one that is set, with a note of what it can not do', () => {
    const { installer, notes } = choose({ setting: 'uv', pipOption: 'prefer-binary' });
    assert.equal(installer, 'uv');
    assert.match(notes.join(), /was not applied/);
    assert.throws(() => choose({ setting: 'uv', uvFound: false }), { kind: 'installer_failed' });
  });

  it('knows which options of a requirements file are for pip only', () => {
    assert.equal(optionUnknownToUv(['--index-url', '--hash']), undefined);
    assert.equal(optionUnknownToUv(['--hash', '--prefer-binary']), '--prefer-binary');
  });
});

describe("what uv is told of pip's configuration", () => {
  const told = (options: Readonly<Record<string, string>>, host: Readonly<Record<string, string>> = {}) =>
    uvSettings(new Map(Object.entries(options)), host);

  it('is all that it has a word for', () => {
    assert.deepEqual(
      told({
        'index-url': 'https://me:secret@host.test/simple',
        'extra-index-url': 'https://a\nhttps://b',
        'find-links': '/a /b',
        constraint: '/c.txt',
        'no-index': 'true',
        'trusted-host': 'host.test',
        cert: '/ca.pem',
        proxy: 'proxy.test:3128',
        timeout: '12.5',
        pre: 'yes',
        'no-binary': 'a,b',
        'disable-pip-version-check': '1',
      }),
      {
        env: {
          UV_DEFAULT_INDEX: 'https://me:secret@host.test/simple',
          UV_INDEX_URL: 'https://me:secret@host.test/simple',
          UV_EXTRA_INDEX_URL: 'https://a https://b',
          UV_INDEX_STRATEGY: 'unsafe-best-match',
          UV_FIND_LINKS: '/a,/b',
          UV_CONSTRAINT: '/c.txt',
          UV_INSECURE_HOST: 'host.test',
          SSL_CERT_FILE: '/ca.pem',
          HTTP_PROXY: 'http://proxy.test:3128',
          HTTPS_PROXY: 'http://proxy.test:3128',
          http_proxy: 'http://proxy.test:3128',
          https_proxy: 'http://proxy.test:3128',
          UV_HTTP_TIMEOUT: '13',
          UV_PRERELEASE: 'allow',
        },
        flags: ['--no-index', '--no-binary=a', '--no-binary=b'],
        ruledOutBy: undefined,
      },
    );
  });

  it('is nothing where pip is configured to do what uv does anyway, or to install elsewhere', () => {
    const options = { 'no-index': 'off', 'prefer-binary': '0', 'use-pep517': '1', target: '/x', user: '1' };
    assert.deepEqual(told(options), { env: {}, flags: [], ruledOutBy: undefined });
  });

  it('rules uv out where it has no word for it, and where an option is not known at all', () => {
    assert.equal(told({ 'prefer-binary': '1' }).ruledOutBy, 'prefer-binary');
    assert.equal(told({ 'find-links': '/a,b' }).ruledOutBy, 'find-links');
    assert.equal(told({ 'keyring-provider': 'import' }).ruledOutBy, 'keyring-provider');
    assert.equal(told({ 'option-of-next-year': '1' }).ruledOutBy, 'option-of-next-year');
  });

  it('does not overrule what the user has set for uv itself', () => {
    const { env } = told({ 'index-url': 'https://pip', timeout: '5' }, { UV_DEFAULT_INDEX: 'https://uv' });
    assert.deepEqual(env, { UV_HTTP_TIMEOUT: '5' });
  });
});

describe("uv's own configuration", () => {
  it('is known to redirect installs by the keys of its pip section', () => {
    assert.equal(redirectsInstalls('[pip]\ntarget = "x"\n', 'uv.toml'), true);
    assert.equal(redirectsInstalls('pip.prefix = "x"\n', 'uv.toml'), true);
    assert.equal(redirectsInstalls('pip = { target = "x" }\n', 'uv.toml'), true);
    assert.equal(redirectsInstalls('[tool.uv.pip]\n"prefix" = "x"\n', 'pyproject.toml'), true);
    assert.equal(redirectsInstalls('[tool.uv]\npip = { target = "x" }\n', 'pyproject.toml'), true);
  });

  it('is obeyed otherwise', () => {
    assert.equal(
      redirectsInstalls('[tool.ruff]\ntarget-version = "py312"\n[tool.x]\nprefix = "v"\n', 'pyproject.toml'),
      false,
    );
    assert.equal(
      redirectsInstalls('[pip]\nno-index = true\n# target = "x"\n[[index]]\nprefix = "x"\n', 'uv.toml'),
      false,
    );
  });

  it('is looked for in the folder, above it, and where the user and the system keep theirs', async () => {
    const asked: string[] = [];
    const personal = join('/home/me', '.config', 'uv', 'uv.toml');
    const found = await redirectingUvConfiguration({
      root: '/code/project',
      home: '/home/me',
      env: {},
      read: (path) => {
        asked.push(path);
        return Promise.resolve(path === personal ? '[pip]\ntarget="x"' : undefined);
      },
    });
    assert.equal(found, personal);
    assert.deepEqual(
      asked.slice(0, 3),
      ['/code/project/uv.toml', '/code/project/pyproject.toml', '/code/uv.toml'].map((path) => normalize(path)),
    );
  });
});
