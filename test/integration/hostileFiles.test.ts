import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installedUv } from '../support/installers';
import { connectOverStdio, type ConnectedClient, type Fields } from '../support/mcpClient';
import { obstacle, obstacles } from '../support/obstacles';
import { itOnUnix, onWindows } from '../support/platform';
import { testPythons } from '../support/pythons';
import { writeWheel } from '../support/wheels';

/** Files of a workspace and of the user, relative to the workspace's folder. */
const files = {
  environment: ['.venv/pyvenv.cfg', '.venv/bin/python', '.venv/pip.conf'],
  metadata: [
    'METADATA',
    'RECORD',
    'INSTALLER',
    'WHEEL',
    'REQUESTED',
    'top_level.txt',
    'entry_points.txt',
    'direct_url.json',
    '',
  ].map((name) => `SITE/victim-1.0.dist-info/${name}`),
  library: [
    'SITE/extra.pth',
    'SITE/linked.egg-link',
    'SITE/legacy-1.0.egg-info/PKG-INFO',
    'SITE/legacy-1.0.egg-info/requires.txt',
    'SITE/old-1.0.egg-info',
    'SITE/sitecustomize.py',
  ],
  project: [
    'pyproject.toml',
    'uv.toml',
    'setup.cfg',
    'requirements.txt',
    'base.txt',
    'constraints.txt',
    'pylock.toml',
    'script.py',
    '.python-version',
    '.gitignore',
  ],
  git: ['', 'HEAD', 'config', 'packed-refs', 'refs/heads/main', 'commondir'].map((name) => `project/.git/${name}`),
  user: [
    'home/.config/pip/pip.conf',
    'home/.pip/pip.conf',
    'home/.config/uv/uv.toml',
    'STATE/selected',
    'CACHE/scripts',
  ],
};

const dialogue = (timeout: number): readonly (readonly [tool: string, input: Record<string, unknown>])[] => [
  ['python.venv', { action: 'info' }],
  ['python.venv', { action: 'list' }],
  ['python.pip', { action: 'list' }],
  ['python.pip', { action: 'show', packages: ['victim', 'legacy'] }],
  ['python.pip', { action: 'freeze' }],
  ['python.run', { code: 'print(1)', timeout }],
  ['python.run', { code: 'import victim_nowhere', timeout }],
  ['python.run', { file: 'script.py', timeout }],
];

/** A call that is kept waits for ever, or for an installer's ten minutes. */
const answerLimitMs = 20_000;

const errorOf = ({ error }: Fields): { kind: string; message: string } | undefined =>
  error as { kind: string; message: string } | undefined;

describe('files that somebody else wrote', () => {
  const python = testPythons().find(({ minor }) => minor >= 11) ?? testPythons().at(-1);
  let base: string;
  let root: string;
  let site: string;
  let environment: Record<string, string>;
  let client: ConnectedClient;

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const placed = (path: string): string =>
    path
      .replace(/^SITE/, site)
      .replace(/^STATE/, join(base, 'state/python-tools-mcp'))
      .replace(/^CACHE/, join(base, 'cache/python-tools-mcp'))
      .replace(/^home/, join(base, 'home'))
      .replace(/^(?!\/)/, `${root}/`)
      .replace(/\/$/, '');

  before(async function () {
    if (onWindows || !python) this.skip();
    this.timeout(120_000);
    base = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-')));
    root = join(base, 'work');
    site = join(root, `.venv/lib/python3.${python.minor}/site-packages`);
    mkdirSync(root);
    execFileSync(python.path, ['-m', 'venv', '--without-pip', join(root, '.venv')]);
    const place = site.slice(root.length + 1);
    for (const [name, text] of Object.entries({
      METADATA: 'Metadata-Version: 2.1\nName: victim\nVersion: 1.0\n\nbody\n',
      RECORD: 'victim.py,,\n',
      INSTALLER: 'pip\n',
      WHEEL: 'Wheel-Version: 1.0\nTag: py3-none-any\n',
      REQUESTED: '',
      'top_level.txt': 'victim\n',
      'entry_points.txt': '[console_scripts]\nvictim = victim:main\n',
      'direct_url.json': JSON.stringify({ url: `file://${root}/project`, dir_info: { editable: true } }),
    })) {
      write(`${place}/victim-1.0.dist-info/${name}`, text);
    }
    write(`${place}/extra.pth`, `${root}/project\n`);
    write(`${place}/linked.egg-link`, `${root}/project\n.\n`);
    write(`${place}/legacy-1.0.egg-info/PKG-INFO`, 'Metadata-Version: 1.0\nName: legacy\nVersion: 1.0\n');
    write(`${place}/legacy-1.0.egg-info/requires.txt`, 'victim\n');
    write(`${place}/old-1.0.egg-info`, 'Metadata-Version: 1.0\nName: old\nVersion: 1.0\n');
    write(`${place}/sitecustomize.py`, '');
    write('pyproject.toml', '[project]\nname = "work"\nversion = "1"\ndependencies = ["victim"]\n');
    write('requirements.txt', '--no-index\n-r base.txt\n-c constraints.txt\nvictim\n');
    write('base.txt', 'legacy\n');
    write('constraints.txt', 'victim<2\n');
    for (const name of ['uv.toml', 'setup.cfg', '.gitignore', 'pylock.toml']) write(name, '');
    write('.python-version', `3.${python.minor}\n`);
    write('script.py', '# /// script\n# dependencies = []\n# ///\nprint("script")\n');
    write('project/setup.py', '');
    for (const name of ['pyproject.toml', 'setup.py', 'setup.cfg']) write(`editable/${name}`, '');
    write('project/.git/HEAD', 'ref: refs/heads/main\n');
    write('project/.git/config', '[remote "origin"]\n\turl = https://host.invalid/project.git\n');
    write('project/.git/packed-refs', '# pack-refs with: peeled\n');
    write('project/.git/refs/heads/main', `${'a'.repeat(40)}\n`);
    await writeWheel(join(root, 'wheels'), { name: 'harmless', version: '1.0' });
    const uv = await installedUv();
    environment = {
      HOME: join(base, 'home'),
      XDG_STATE_HOME: join(base, 'state'),
      XDG_CACHE_HOME: join(base, 'cache'),
      XDG_CONFIG_HOME: join(base, 'home/.config'),
      UV_NO_CONFIG: 'false',
      PIP_CONFIG_FILE: '',
      PATH: [...(uv ? [dirname(uv.path)] : []), dirname(python.path), '/usr/bin', '/bin'].join(delimiter),
    };
    mkdirSync(environment['HOME'] ?? '', { recursive: true });
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
  });
  beforeEach(async () => {
    client = await connectOverStdio(['--workspace', root], { env: environment });
  });
  afterEach(async () => {
    await client.close();
  });

  /** Puts something in the place of a file while `use` works, and the file back after it. */
  async function withObstacle(name: string, path: string, use: () => Promise<void>): Promise<void> {
    const aside = join(base, 'aside');
    const isThere = existsSync(path);
    if (isThere) renameSync(path, aside);
    mkdirSync(dirname(path), { recursive: true });
    try {
      obstacle(name).put(path);
      await use();
    } finally {
      rmSync(path, { recursive: true, force: true });
      if (isThere) renameSync(aside, path);
    }
  }

  /** Calls one after the other. @throws where one is answered by an internal error, or not at all. */
  async function talk(path: string, timeout = 1): Promise<Fields[]> {
    const answers: Fields[] = [];
    for (const [tool, input] of dialogue(timeout)) answers.push(await ask(path, tool, input));
    return answers;
  }

  async function ask(path: string, tool: string, input: Record<string, unknown>): Promise<Fields> {
    const what = `${path}: ${tool} ${JSON.stringify(input)}`;
    const limit = new AbortController();
    const answer = await Promise.race([
      client.ask(tool, input),
      delay(answerLimitMs, undefined, { signal: limit.signal }),
    ]).finally(() => {
      limit.abort();
    });
    assert.ok(answer, `no answer: ${what}`);
    assert.notEqual(errorOf(answer)?.kind, 'internal', `${what}: ${JSON.stringify(answer)}`);
    return answer;
  }

  for (const { name } of obstacles) {
    describe(`with ${name} in their place`, () => {
      for (const [kind, paths] of Object.entries(files)) {
        itOnUnix('such files')(`never keep a call: those of the ${kind}`, async function (this: Mocha.Context) {
          this.timeout(120_000);
          for (const path of paths) {
            await withObstacle(name, placed(path), async () => {
              await talk(path);
            });
          }
          const [info] = await talk('nothing', 30);
          assert.equal(info?.['exists'], true);
        });
      }
    });
  }

  /** What hangs, or exhausts, whoever reads it without a bound. */
  const holding = ['a FIFO', 'a link to /dev/zero', 'a sparse file of 5 GB'] as const;

  for (const installer of ['pip', 'uv'] as const) {
    describe(`before ${installer} reads them`, () => {
      beforeEach(async function () {
        if (installer === 'uv' && !(await installedUv())) this.skip();
        await client.close();
        client = await connectOverStdio(['--workspace', root, '--installer', installer], { env: environment });
      });

      for (const name of holding) {
        itOnUnix('such files')(`are refused where they are ${name}`, async function (this: Mocha.Context) {
          this.timeout(200_000);
          const install = { action: 'install', packages: ['./wheels/harmless-1.0-py3-none-any.whl'] };
          for (const path of [...files.environment, ...files.metadata, ...files.library, 'uv.toml', 'setup.cfg']) {
            await withObstacle(name, placed(path), async () => {
              const { success } = await ask(path, 'python.pip', install);
              if (success) await ask(path, 'python.pip', { action: 'uninstall', packages: ['harmless'] });
            });
          }
          for (const path of ['pyproject.toml', 'setup.py', 'setup.cfg']) {
            await withObstacle(name, join(root, 'editable', path), async () => {
              const { success } = await ask(path, 'python.pip', { action: 'install', editable: 'editable' });
              assert.equal(success, false);
            });
          }
          const { installed, error } = await ask('nothing', 'python.pip', install);
          assert.deepEqual(installed, [{ name: 'harmless', version: '1.0' }], JSON.stringify(error));
          await ask('nothing', 'python.pip', { action: 'uninstall', packages: ['harmless'] });
        });
      }
    });
  }

  /** What a call answers that names a file, and something else has its name. */
  const named: readonly (readonly [path: string, tool: string, input: Record<string, unknown>])[] = [
    ['requirements.txt', 'python.pip', { action: 'install', requirements: 'requirements.txt' }],
    ['base.txt', 'python.pip', { action: 'install', requirements: 'requirements.txt' }],
    ['constraints.txt', 'python.pip', { action: 'install', requirements: 'requirements.txt', dry_run: true }],
    ['script.py', 'python.run', { file: 'script.py' }],
  ];
  for (const [path, tool, input] of named) {
    itOnUnix('such files')(`are named by the error of a call that needs them: ${path}`, async () => {
      for (const [name, why] of [
        ['a FIFO', /"PATH" is not a regular file/],
        ['a link to /dev/zero', /"PATH" (is not a regular file|lies outside)/],
        ['a sparse file of 5 GB', /"PATH" is larger than \d+ MB/],
        ['a folder', /"PATH" is a folder/],
      ] as const) {
        await withObstacle(name, placed(path), async () => {
          const error = errorOf(await ask(path, tool, input));
          assert.match(error?.kind ?? '', /^(invalid_input|outside_workspace)$/, name);
          assert.match(error?.message ?? '', new RegExp(why.source.replace('PATH', path)));
        });
      }
    });
  }

  itOnUnix('such files')(
    'are no more than lost where they are what was remembered',
    async function (this: Mocha.Context) {
      this.timeout(120_000);
      await ask('nothing', 'python.venv', { action: 'select', path: '.venv' });
      await ask('nothing', 'python.run', { file: 'script.py' });
      const remembered = ['state', 'cache'].flatMap((folder) =>
        readdirSync(join(base, folder), { recursive: true, encoding: 'utf8' })
          .filter((path) => path.endsWith('.json'))
          .map((path) => join(base, folder, path)),
      );
      assert.ok(remembered.length >= 3, remembered.join());
      for (const { name } of obstacles) {
        for (const path of remembered) {
          await withObstacle(name, path, async () => {
            await client.close();
            client = await connectOverStdio(['--workspace', root], { env: environment });
            for (const [tool, input] of [
              ['python.venv', { action: 'info' }],
              ['python.venv', { action: 'select', path: '.venv' }],
              ['python.run', { file: 'script.py' }],
            ] as const) {
              const answer = await ask(path, tool, input);
              assert.equal(answer.success, true, `${name}: ${path}: ${JSON.stringify(answer)}`);
            }
          });
        }
      }
    },
  );

  itOnUnix('such files')('are refused in what a requirements file names by its path', async () => {
    write('lines.txt', '');
    for (const line of ['./held', '-e ./held', '--find-links=./held', `file://${root}/held`, './project']) {
      write('lines.txt', `--no-index\n${line}\n`);
      const path = line === './project' ? 'project/pyproject.toml' : 'held';
      await withObstacle('a FIFO', placed(path), async () => {
        const answer = await ask(line, 'python.pip', { action: 'install', requirements: 'lines.txt' });
        assert.match(errorOf(answer)?.message ?? '', new RegExp(`"${path}" is not a regular file`), line);
      });
    }
  });

  itOnUnix('such files')('are named as what an interpreter may be waiting for', async () => {
    await withObstacle('a FIFO', placed('SITE/extra.pth'), async () => {
      const { timed_out: timedOut, hint } = await ask('extra.pth', 'python.run', { code: 'print(1)', timeout: 1 });
      assert.equal(timedOut, true);
      assert.match(String(hint), /waiting as it starts: ".*extra\.pth" is not a regular file/);
    });
  });

  itOnUnix('such files')('make an environment broken where its python is none', async () => {
    const executable = placed('.venv/bin/python');
    for (const name of ['a FIFO', 'a link to /dev/zero', 'a sparse file of 5 GB', 'a folder', 'a socket']) {
      await withObstacle(name, executable, async () => {
        if (name.startsWith('a sparse')) chmodSync(executable, 0o755);
        const info = await ask(name, 'python.venv', { action: 'info', path: '.venv' });
        assert.match(String(info['broken']), /^its bin.python is (not a file|no program)$/, name);
        const create = { action: 'create', path: 'other', python: executable };
        assert.equal(errorOf(await ask(name, 'python.venv', create))?.kind, 'interpreter_not_found', name);
      });
    }
  });

  itOnUnix('such files')('never count as satisfied where nobody can read them', async () => {
    const requirementsOf = ({ requirements }: Fields) =>
      requirements as { satisfied?: boolean; unknown?: string[]; missing?: string[] };
    write('requirements.txt', 'victim\n');
    const before = requirementsOf(await ask('nothing', 'python.venv', { action: 'info' }));
    assert.deepEqual([before.satisfied, before.unknown], [true, undefined]);
    for (const name of ['a FIFO', 'a link to /dev/zero', 'a sparse file of 5 GB', 'a socket', 'a link to nothing']) {
      for (const path of ['requirements.txt', 'pyproject.toml']) {
        await withObstacle(name, placed(path), async () => {
          const { satisfied, unknown } = requirementsOf(await ask(path, 'python.venv', { action: 'info' }));
          assert.equal(satisfied, undefined, `${path}: ${name}`);
          assert.match(unknown?.join('\n') ?? '', new RegExp(`^${path}: `));
        });
      }
    }
  });

  itOnUnix('such files')('make an environment broken, with the reason, where its pyvenv.cfg is none', async () => {
    for (const [name, reason] of [
      ['a FIFO', /pyvenv\.cfg cannot be used: it is not a regular file/],
      ['a sparse file of 5 GB', /pyvenv\.cfg cannot be used: it is larger than 64 KB/],
    ] as const) {
      await withObstacle(name, placed('.venv/pyvenv.cfg'), async () => {
        const info = await ask('.venv/pyvenv.cfg', 'python.venv', { action: 'info', path: '.venv' });
        assert.match(String(info['broken']), reason);
        const run = await ask('.venv/pyvenv.cfg', 'python.run', { code: 'print(1)' });
        assert.deepEqual([run['venv'], run['stdout']], [null, '1\n']);
        const deleted = await ask('.venv/pyvenv.cfg', 'python.venv', { action: 'delete', path: '.venv' });
        assert.equal(errorOf(deleted)?.kind, 'not_a_venv');
      });
    }
  });
});
