import assert from 'node:assert/strict';
import { parseIni, pipConfigurationFiles, readPipConfiguration } from '../../src/core/packages/pipConfiguration';
import { pipEnvironment } from '../../src/core/packages/pipInstaller';

const read = async (files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    await readPipConfiguration({
      platform: 'linux',
      env,
      home: '/home/me',
      prefix: '/venv',
      read: (path) => Promise.resolve(files[path]),
    }),
  );

describe("pip's configuration", () => {
  it('lies where pip looks for it on Linux', () => {
    assert.deepEqual(
      pipConfigurationFiles({
        platform: 'linux',
        env: { XDG_CONFIG_DIRS: '/a:/b', XDG_CONFIG_HOME: '' },
        home: '/home/me',
        prefix: '/venv',
      }),
      [
        '/a/pip/pip.conf',
        '/b/pip/pip.conf',
        '/etc/pip.conf',
        '/home/me/.pip/pip.conf',
        '/home/me/.config/pip/pip.conf',
        '/venv/pip.conf',
      ],
    );
  });

  it('lies where pip looks for it on macOS and Windows', () => {
    assert.deepEqual(pipConfigurationFiles({ platform: 'darwin', env: {}, home: '/Users/me', prefix: '/venv' }), [
      '/Library/Application Support/pip/pip.conf',
      '/Users/me/.pip/pip.conf',
      '/Users/me/.config/pip/pip.conf',
      '/Users/me/Library/Application Support/pip/pip.conf',
      '/venv/pip.conf',
    ]);
    const env = { APPDATA: 'C:\\Users\\me\\AppData\\Roaming', PROGRAMDATA: 'C:\\ProgramData' };
    assert.deepEqual(pipConfigurationFiles({ platform: 'win32', env, home: 'C:\\Users\\me', prefix: 'D:\\venv' }), [
      'C:\\ProgramData\\pip\\pip.ini',
      'C:\\Users\\me\\pip\\pip.ini',
      'C:\\Users\\me\\AppData\\Roaming\\pip\\pip.ini',
      'D:\\venv\\pip.ini',
    ]);
  });

  it('is taken from the later file, the narrower section and last of all the variables', async () => {
    const files = {
      '/etc/pip.conf': '[global]\ntimeout = 1\nproxy = http://a\n[install]\nretries = 2\n[wheel]\nretries = 9\n',
      '/home/me/.config/pip/pip.conf': '[global]\ntimeout: 3\nretries = 4\nindex_url = https://user\n',
      '/venv/pip.conf': '[global]\n--index-url = https://venv\n',
    };
    assert.deepEqual(await read(files, { PIP_PROXY: 'http://b', PIP_TIMEOUT: '', HOME: '/x' }), {
      timeout: '3',
      proxy: 'http://b',
      retries: '2',
      'index-url': 'https://venv',
    });
  });

  it("leaves the user's file out where PIP_CONFIG_FILE names one that exists, and all files where that is the null device", async () => {
    const files = {
      '/home/me/.config/pip/pip.conf': '[global]\ntimeout = 1\nretries = 1\n',
      '/etc/pip.conf': '[global]\nproxy = http://a\n',
      '/other.conf': '[global]\ntimeout = 2\n',
    };
    assert.deepEqual(await read(files, { PIP_CONFIG_FILE: '/other.conf' }), { proxy: 'http://a', timeout: '2' });
    assert.deepEqual(await read(files, { PIP_CONFIG_FILE: '/missing.conf' }), {
      proxy: 'http://a',
      timeout: '1',
      retries: '1',
    });
    assert.deepEqual(await read(files, { PIP_CONFIG_FILE: '/dev/null', PIP_PRE: '1' }), { pre: '1' });
  });

  it('may have values of several lines, comments and stray lines', () => {
    const text =
      '; note\nlost = 1\n[global]\nfind-links =\n    /a\n    # no\n    /b\nempty\nx = a=b ; kept\n\n[install]\n';
    assert.deepEqual(Object.fromEntries(parseIni(text).get('global') ?? []), {
      'find-links': '/a\n/b',
      x: 'a=b ; kept',
    });
  });

  it('reaches pip as variables, without what would send an install out of the venv', () => {
    const env = pipEnvironment(
      new Map([
        ['find-links', '/a\n/b'],
        ['index-url', 'https://host.test/simple'],
        ['target', '/elsewhere'],
        ['user', 'true'],
      ]),
      { PATH: '/bin', PYTHONPATH: '/lib', PIP_TARGET: '/elsewhere', PIP_ROOT: '/r', pip_prefix: '/p' },
    );
    assert.equal(env['PIP_FIND_LINKS'], '/a /b');
    assert.equal(env['PIP_INDEX_URL'], 'https://host.test/simple');
    assert.equal(env['PIP_REQUIRE_VIRTUALENV'], '1');
    assert.deepEqual(
      Object.keys(env).filter((name) => /TARGET|USER$|ROOT$|PREFIX|PYTHONPATH/i.test(name)),
      [],
    );
  });
});
