import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readPipConfiguration } from '../../src/core/packages/pipConfiguration';
import { pipEnvironment } from '../../src/core/packages/pipInstaller';
import { installedPythons, plainEnv } from '../support/installers';

/** The options that pip would install with, as its own parser sees its files and variables. */
const oracle = `import json, sys
sys.path.append(sys.argv[1])
from pip._internal.commands import create_command
options, _ = create_command('install').parser.parse_args(['x'])
names = ['index_url', 'extra_index_urls', 'find_links', 'constraints', 'timeout', 'retries', 'no_index', 'pre', 'proxy']
json.dump({name: getattr(options, name) for name in names}, sys.stdout)
`;

describe("pip's configuration, as pip sees it", function () {
  this.timeout(20_000);

  it('is the same to a pip that gets it as variables', async function () {
    // Where the files lie on the other platforms is for the unit tests: real ones can't be moved there.
    if (process.platform !== 'linux') return this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'python-tools-test-'));
    const home = join(folder, 'home');
    const files = {
      'xdg/one/pip/pip.conf': '[global]\ntimeout = 1\nretries = 1\nproxy = http://one\n[install]\npre = yes\n',
      'xdg/two/pip/pip.conf':
        '[global]\ntimeout = 2\n[install]\nconstraint =\n  /c1.txt\n  # no\n  /c2.txt\n[wheel]\nretries=9\n',
      'home/.pip/pip.conf': '[global]\nfind_links = /legacy\nindex-url = https://legacy\n',
      'home/.config/pip/pip.conf': '[global]\nindex-url: https://user/simple\nno-index = off\npre = no\n',
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const env = Object.fromEntries(
      Object.entries(
        plainEnv({
          HOME: home,
          XDG_CONFIG_HOME: join(home, '.config'),
          XDG_CONFIG_DIRS: `${join(folder, 'xdg/one')}:${join(folder, 'xdg/two')}`,
          PIP_EXTRA_INDEX_URL: 'https://a https://b',
          PIP_RETRIES: '7',
          PIP_PROXY: '',
        }),
      ).filter(([name]) => name !== 'PIP_CONFIG_FILE'),
    );
    const configuration = await readPipConfiguration({
      platform: process.platform,
      env,
      home,
      prefix: join(folder, 'venv'),
      read: (path) => readFile(path, 'utf8').catch(() => undefined),
    });
    try {
      const pythons = await installedPythons();
      for (const { executable, ensurepipWheel = '' } of [pythons[0], pythons.at(-1)].filter((each) => !!each)) {
        const ask = (variables: Record<string, string>): unknown =>
          JSON.parse(execFileSync(executable, ['-c', oracle, ensurepipWheel], { env: variables, encoding: 'utf8' }));
        assert.deepEqual(ask(pipEnvironment(configuration, env)), ask(env));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
