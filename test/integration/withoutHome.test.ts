import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { installedUv } from '../support/installers';
import { connected, project, stdioServer, type ConnectedClient } from '../support/mcpClient';
import { itAsRoot, itOnUnix } from '../support/platform';
import { testPythons } from '../support/pythons';
import { writeWheel } from '../support/wheels';

/** A user that no list knows, as `docker run --user 12345` has it. */
const stranger = 12345;

/** Homes as containers, services and `sudo` have them; undefined: the variable is not there. */
const homes: readonly (string | undefined)[] = [
  undefined,
  ...['', 'relative', '/', '/nonexistent', '/dev/null', '/etc/passwd', '/proc/1', '/proc/self/x', '/root'],
];

describe('a user without a home, whom the system does not know', function () {
  this.timeout(120_000);
  let base: string;
  let python: string | undefined;
  let uv: string | undefined;
  const clients: ConnectedClient[] = [];
  before(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'stranger-')));
    if (process.getuid?.() !== 0) return;
    // The sources and this machine's Pythons may lie where only root may enter.
    chmodSync(base, 0o755);
    for (const part of ['stdio.js', 'stdioServer.js', 'toml.js', 'python']) {
      cpSync(join(project, 'dist', part), join(base, 'server', part), { recursive: true });
    }
    python = [...testPythons().map(({ path }) => path), '/usr/bin/python3'].find((path) => {
      const program = 'import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 8))';
      return spawnSync(path, ['-I', '-c', program], { uid: stranger, gid: stranger, cwd: '/' }).status === 0;
    });
    const found = await installedUv();
    if (found) {
      uv = join(base, 'uv');
      copyFileSync(found.path, uv);
      chmodSync(uv, 0o755);
    }
    mkdirSync(join(base, 'wheels'));
    await writeWheel(join(base, 'wheels'), { name: 'alpha', version: '1.0' });
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(({ close }) => close()));
  });

  let count = 0;
  const newFolder = (): string => {
    const folder = join(base, `project-${count++}`);
    mkdirSync(folder);
    return folder;
  };
  const newProject = (): string => {
    const folder = newFolder();
    chownSync(folder, stranger, stranger);
    return folder;
  };
  const start = async (folder: string, variables: Readonly<Record<string, string | undefined>>) => {
    const server = join(base, 'server/stdio.js');
    const become = [
      `process.setgroups([]); process.setgid(${stranger}); process.setuid(${stranger});`,
      `process.argv.splice(1, 0, ${JSON.stringify(server)}); require(${JSON.stringify(server)});`,
    ].join(' ');
    const env: Record<string, string | undefined> = {
      PATH: `${dirname(python ?? '')}:/usr/bin:/bin`,
      TMPDIR: join(base, 'tmp'),
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: join(base, 'wheels'),
      PYTHON_TOOLS_UV: '',
      ...variables,
    };
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ['-e', become, '--', '--workspace', folder, '--interpreter', python ?? ''],
        cwd: folder,
        env: Object.fromEntries(
          Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
        stderr: 'ignore',
      }),
    );
    const connection = connected(client);
    clients.push(connection);
    return connection;
  };

  const doesAll = async (variables: Readonly<Record<string, string | undefined>>, title: string): Promise<void> => {
    const folder = newProject();
    const { ask } = await start(folder, variables);
    const run = await ask('python.run', { code: 'print("x" * 300_000)' });
    assert.ok(run.success && JSON.stringify(run['truncated']).includes('"bytes":300001'), title);
    const plan = await ask('python.pip', { action: 'install', packages: ['alpha'], dry_run: true });
    assert.ok(plan.success, `${title}: ${JSON.stringify(plan)}`);
    const installed = await ask('python.pip', { action: 'install', packages: ['alpha'] });
    assert.deepEqual(
      installed['installed'],
      [{ name: 'alpha', version: '1.0' }],
      `${title}: ${JSON.stringify(installed)}`,
    );
    assert.equal((await ask('python.run', { code: 'import alpha; print(1)' }))['stdout'], '1\n', title);
    assert.match(JSON.stringify(await ask('python.pip', { action: 'list' })), /"alpha"/, title);
    assert.equal((await ask('python.pip', { action: 'freeze' }))['requirements'], 'alpha==1.0', title);
    assert.deepEqual(readdirSync(folder), ['.venv'], title);
  };

  for (const [installer, variants] of [
    ['uv', homes],
    ['pip', homes.slice(0, 5)],
  ] as const) {
    itAsRoot(
      `runs, plans, installs and lists with ${installer}, and leaves nothing in the project`,
      async function (this: Mocha.Context) {
        if (python === undefined || (installer === 'uv' && uv === undefined)) {
          console.log(`      skipped: no ${python === undefined ? 'Python that every user may run' : 'uv'}`);
          this.skip();
        }
        mkdirSync(join(base, 'tmp'), { recursive: true });
        chmodSync(join(base, 'tmp'), 0o1777);
        for (const home of variants) {
          const uvPath = installer === 'uv' ? uv : '';
          await doesAll({ HOME: home, PYTHON_TOOLS_UV: uvPath }, `HOME ${home ?? 'unset'}, ${installer}`);
        }
        assert.ok(readdirSync(join(base, 'tmp')).every((name) => /^python-tools-mcp-\w{6}$/.test(name)));
      },
    );
  }

  itAsRoot('has no folder for temporary files either, and works', async function (this: Mocha.Context) {
    if (python === undefined) this.skip();
    for (const variables of [
      { TMPDIR: '/nonexistent' },
      { TMPDIR: 'relative' },
      { TMPDIR: '/proc/1' },
      { TMPDIR: '/root' },
    ]) {
      const { ask } = await start(newProject(), variables);
      assert.equal((await ask('python.run', { code: 'print(1)' }))['stdout'], '1\n', variables.TMPDIR);
    }
  });

  itAsRoot(
    'keeps state and caches where variables of the XDG specification name a folder',
    async function (this: Mocha.Context) {
      if (python === undefined) this.skip();
      const home = newProject();
      const variables = {
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_STATE_HOME: join(home, 'state'),
        PYTHON_TOOLS_UV: '',
      };
      const folder = newProject();
      const { ask } = await start(folder, variables);
      const { notes = [] } = await ask('python.venv', { action: 'create' });
      assert.ok(!JSON.stringify(notes).includes('could not be saved'));
      assert.deepEqual(readdirSync(home).sort(), ['cache', 'state']);
    },
  );

  itOnUnix('folders that can be removed while they are used')(
    'may start the server in a folder that is gone',
    async () => {
      const gone = mkdtempSync(join(tmpdir(), 'gone-'));
      const start = `process.chdir(${JSON.stringify(gone)}); require('node:fs').rmdirSync(${JSON.stringify(gone)});
      process.argv.splice(1, 0, ${JSON.stringify(stdioServer)}); require(${JSON.stringify(stdioServer)});`;
      const served = newFolder();
      for (const [flags, expected] of [
        [[], /"kind":"no_folder".*--workspace/],
        [['--workspace', served], /"stdout":"1\\n"/],
      ] as const) {
        const client = new Client({ name: 'test', version: '1.0.0' });
        if (!existsSync(gone)) mkdirSync(gone);
        await client.connect(
          new StdioClientTransport({
            command: process.execPath,
            args: ['-e', start, '--', ...flags],
            stderr: 'ignore',
          }),
        );
        clients.push(connected(client));
        const result = await client.callTool({ name: 'python.run', arguments: { code: 'print(1)' } });
        assert.match(JSON.stringify(result.structuredContent), expected);
      }
    },
  );
});
