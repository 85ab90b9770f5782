import assert from 'node:assert/strict';
import type { Environment } from '../../src/core/environment';
import { chooseInstaller, optionUnknownToUv, type InstallerFacts } from '../../src/core/packages/chooseInstaller';
import { whyUvIsMisled } from '../../src/core/packages/uvConfiguration';
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
    uvMisled: undefined,
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
    assert.equal(choose({ uvMisled: '/x/uv.toml is not valid TOML' }).installer, 'pip');
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
  const misled = async (files: Record<string, string | undefined>, env = {}, platform: NodeJS.Platform = 'linux') =>
    await whyUvIsMisled({
      root: '/code/project',
      home: '/home/me',
      env,
      platform,
      read: (path) => Promise.resolve(files[path.replaceAll('\\', '/')]),
      exists: (path) => Promise.resolve(path.replaceAll('\\', '/') in files),
    });

  for (const text of [
    '[pip]\ntarget = "x"',
    'pip.prefix = "x"',
    'pip = { target = "x" }',
    '"pip".target = "x"',
    "'pip' . 'target' = 'x'",
    '["pip"]\n"t\\u0061rget" = "x"',
    '"p\\U00000069p" = { no-index = true, "prefix" = "x" }',
    '[pip]\r\ntarget = """\r\nx"""',
    '[pip]\noutput-file = "pylock.toml"',
    '[pip]\npython-version = "3.8"',
    '[pip]\npython-platform = "windows"',
  ]) {
    it(`is not read where it says ${JSON.stringify(text)}`, async () => {
      assert.match((await misled({ '/code/project/uv.toml': text })) ?? '', /uv\.toml sets "pip\.[a-z-]+"/);
      const project = `[tool.uv]\n${text.replace(/^\[/, '[tool.uv.').replace(/^(?=["'p])/, '')}`;
      assert.match((await misled({ '/code/pyproject.toml': project })) ?? '', /sets "tool\.uv\.pip\.[a-z-]+"/);
    });
  }

  it('is not read where it is no TOML, or cannot be read', async () => {
    assert.equal(await misled({ '/code/uv.toml': '[pip\n' }), '/code/uv.toml is not valid TOML');
    assert.equal(await misled({ '/uv.toml': undefined }), '/uv.toml cannot be read');
  });

  it('is obeyed otherwise', async () => {
    const files = {
      '/code/project/pyproject.toml':
        '[tool.ruff]\ntarget-version = "py312"\n[tool.x]\nprefix = "v"\n[project]\nname = "x"\n',
      '/code/project/uv.toml':
        '[pip]\nno-index = true\n# target = "x"\n[[index]]\nurl = "x"\n[tool.uv.pip]\ntarget = "x"\n',
      '/code/uv.toml': '[pip]\nsystem = true\npython = "/x"\nbreak-system-packages = true\n',
      '/code/pyproject.toml': '[pip]\ntarget = "x"\n',
      '/pyproject.toml': 'tool = "x"\n',
    };
    assert.equal(await misled(files), undefined);
  });

  it('is looked for in the folder, above it, and where the user and the system keep theirs', async () => {
    const text = '[pip]\ntarget = "x"\n';
    const places: [path: string, env?: Record<string, string>, platform?: NodeJS.Platform][] = [
      ['/code/project/uv.toml'],
      ['/code/uv.toml'],
      ['/uv.toml'],
      ['/home/me/.config/uv/uv.toml'],
      ['/etc/uv/uv.toml'],
      ['/etc/xdg/uv/uv.toml'],
      ['/c/uv/uv.toml', { XDG_CONFIG_HOME: '/c' }],
      ['/b/uv/uv.toml', { XDG_CONFIG_DIRS: '/a:/b' }],
      ['/named.toml', { UV_CONFIG_FILE: '/named.toml' }],
      ['/code/project/named.toml', { UV_CONFIG_FILE: 'named.toml' }],
      ['/roaming/uv/uv.toml', { AppData: '/roaming' }, 'win32'],
      ['/shared/uv/uv.toml', { ProgramData: '/shared' }, 'win32'],
    ];
    for (const [path, env, platform] of places) {
      assert.match((await misled({ [path]: text }, env, platform)) ?? '', /sets "pip\.target"/, path);
    }
    assert.equal(await misled({ '/named.toml': text }), undefined);
  });
});
