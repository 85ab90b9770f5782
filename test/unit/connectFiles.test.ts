import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scopesOf, agents, type AgentId, type Scope } from '../../src/connect/agents';
import { ConnectError, type Connection, type ConnectionPlan } from '../../src/connect/connection';
import { hideValues } from '../../src/connect/hideValues';
import { applyConnection, planConnection } from '../../src/connect/planConnection';
import { thisMachine } from '../../src/core/files/storage';
import { itAsRoot, itOnUnix, itWithFileLinks, itWithFolderLinks, linkFolder } from '../support/platform';

const json = '{\n  "mcpServers": {\n    "other": { "command": "x" }\n  }\n}\n';

describe('the files of other agents', () => {
  let home: string;
  let project: string;
  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'connect-')));
    project = join(home, 'project');
    await mkdir(project);
  });
  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  const to = (agent: AgentId = 'mcp', scope: Scope = 'project'): Connection => ({
    agent,
    scope,
    project,
    name: 'python',
    launch: { command: '/usr/bin/node', args: ['/opt/python-tools-mcp/dist/stdio.js'], env: {} },
    machine: { ...thisMachine(), env: {}, home },
  });
  const write = async (file: string, text = json): Promise<string> => {
    const path = join(home, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  const connect = async (connection: Connection): Promise<ConnectionPlan> => {
    const plan = await planConnection(connection);
    await applyConnection(plan);
    return plan;
  };
  /** @returns why it is refused, after which nothing is changed. */
  const refusal = async (connection: Connection): Promise<string> => {
    const before = await contents(home);
    const error: unknown = await planConnection(connection).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ConnectError, String(error));
    assert.match(error.paste ?? '', /python-tools-mcp/);
    assert.deepEqual(await contents(home), before);
    return error.message;
  };
  /** @returns what is in a folder, links by where they lead. */
  const contents = async (folder: string): Promise<string[]> => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const isShort = entry.isFile() && (await stat(path)).size < 1000;
      const text = isShort ? await readFile(path, 'utf8') : '';
      return `${path}: ${entry.isSymbolicLink() ? await readlink(path) : text}`;
    });
    return (await Promise.all(texts)).sort();
  };

  itAsRoot('keep their owner, group and mode, also where root writes them', async () => {
    for (const [agent, scope, name] of [
      ['mcp', 'project', 'project/.mcp.json'],
      ['codex', 'user', '.codex/config.toml'],
    ] as const) {
      const file = await write(name, agent === 'mcp' ? json : 'model = "o3"\n');
      await chown(file, 12345, 54321);
      await chmod(file, 0o664);
      const { ino } = await stat(file);
      await connect(to(agent, scope));
      const { uid, gid, mode } = await stat(file);
      assert.deepEqual([uid, gid, mode & 0o7777], [12345, 54321, 0o664]);
      assert.notEqual((await stat(file)).ino, ino, 'whole or not at all');
      assert.match(await readFile(file, 'utf8'), /python-tools-mcp/);
    }
  });

  itAsRoot('belong to the owner of their folder where root makes them, the folders between too', async () => {
    await chown(project, 12345, 54321);
    for (const agent of agents.filter((each) => scopesOf(each).includes('project'))) {
      const { file } = await connect(to(agent.id));
      for (let path = file; path !== project; path = dirname(path)) {
        const { uid, gid } = await stat(path);
        assert.deepEqual([uid, gid], [12345, 54321], path);
      }
    }
  });

  it('stay one file under both names where they are hard links', async () => {
    const file = await write('project/.mcp.json');
    const other = join(home, 'other.json');
    await link(file, other);
    const { ino } = await stat(file);
    const { after } = await connect(to());
    for (const path of [file, other]) {
      assert.equal(await readFile(path, 'utf8'), after);
      assert.deepEqual([(await stat(path)).ino, (await stat(path)).nlink], [ino, 2]);
    }
    await applyConnection(await planConnection(to(), { remove: true }));
    assert.equal(await readFile(other, 'utf8'), json, 'shorter again');
    assert.deepEqual(await readdir(project), ['.mcp.json']);
  });

  it('are left alone where they are read-only, whoever asks', async () => {
    const file = await write('project/.mcp.json');
    const plan = await planConnection(to());
    await chmod(file, 0o444);
    assert.match(await refusal(to()), /\.mcp\.json is read-only\. .*make it writable/);
    await assert.rejects(applyConnection(plan), /is read-only/);
    assert.equal(await readFile(file, 'utf8'), json);
    assert.deepEqual(await readdir(project), ['.mcp.json']);
    await chmod(file, 0o644);
    await connect(to());
    await chmod(file, 0o444);
    assert.equal((await planConnection(to())).change, 'connected', 'nothing needs to be written');
    await assert.rejects(planConnection(to(), { remove: true }), /is read-only/);
    await chmod(file, 0o644);
  });

  itWithFileLinks('are not written through a link that leads out of the project', async () => {
    const secret = await write('elsewhere/mcp.json');
    for (const target of [secret, join('..', 'elsewhere', 'mcp.json'), join(home, 'none', 'made.json'), 'hop']) {
      await symlink(secret, join(project, 'hop'));
      await symlink(target, join(project, '.mcp.json'));
      assert.match(await refusal(to()), /\.mcp\.json leads out of the project, to .*(mcp|made)\.json\./);
      await rm(join(project, '.mcp.json'));
      await rm(join(project, 'hop'));
    }
  });

  itWithFolderLinks('are not written in a folder that leads out of the project', async () => {
    await mkdir(join(home, 'elsewhere'));
    linkFolder(join(home, 'elsewhere'), join(project, '.vscode'));
    assert.match(await refusal(to('vscode')), /leads out of the project/);
    await write('elsewhere/mcp.json', '{"servers": {}}');
    assert.match(await refusal(to('vscode')), /leads out of the project/);
  });

  itWithFileLinks('are written through a link that stays in the project, or that is the user’s own', async () => {
    const shared = await write('project/shared/mcp.json');
    await symlink(join('shared', 'mcp.json'), join(project, '.mcp.json'));
    const own = await write('dotfiles/codex.toml', 'model = "o3"\n');
    await mkdir(join(home, '.codex'));
    await symlink(own, join(home, '.codex', 'config.toml'));
    for (const [connection, target] of [
      [to(), shared],
      [to('codex', 'user'), own],
    ] as const) {
      const { file } = await connect(connection);
      assert.ok((await lstat(file)).isSymbolicLink());
      assert.match(await readFile(target, 'utf8'), /python-tools-mcp/);
    }
    await chmod(own, 0o444);
    await assert.rejects(planConnection(to('codex', 'user'), { remove: true }), /is read-only/);
    await chmod(own, 0o644);
  });

  itWithFileLinks('are not written where they became others after the change was shown', async () => {
    const file = await write('project/.mcp.json');
    const elsewhere = await write('elsewhere/mcp.json');
    const plan = await planConnection(to());
    await rename(file, join(project, 'old.json'));
    await symlink(elsewhere, file);
    await assert.rejects(applyConnection(plan), /has changed in the meantime/);
    assert.equal(await readFile(elsewhere, 'utf8'), json);
  });

  it('are not replaced where they were made, or removed, after the change was shown', async () => {
    const plan = await planConnection(to('gemini'));
    const file = await write('project/.gemini/settings.json', '{}');
    await assert.rejects(applyConnection(plan), /has changed in the meantime/);
    assert.equal(await readFile(file, 'utf8'), '{}');
    const other = await planConnection(to('gemini'));
    await rm(file);
    await assert.rejects(applyConnection(other), /has changed in the meantime/);
    assert.deepEqual(await readdir(dirname(file)), []);
  });

  itWithFolderLinks('are not made in a folder that became a link after the change was shown', async () => {
    const plan = await planConnection(to('vscode'));
    await mkdir(join(home, 'elsewhere'));
    linkFolder(join(home, 'elsewhere'), join(project, '.vscode'));
    await assert.rejects(applyConnection(plan), /has changed in the meantime/);
    assert.deepEqual(await readdir(join(home, 'elsewhere')), []);
  });

  it('are refused by name where they are no files, or far too large', async () => {
    const file = join(project, '.mcp.json');
    await mkdir(file);
    assert.match(await refusal(to()), /it is a folder. It was not touched/);
    await rm(file, { recursive: true });
    await writeFile(file, '');
    await truncate(file, 5 * 1024 ** 3);
    assert.match(await refusal(to()), /it is larger than 64 MB/);
  });

  itOnUnix('FIFOs')('are refused where they would never end, or never begin', async () => {
    execFileSync('mkfifo', [join(project, '.mcp.json')]);
    assert.match(await refusal(to()), /it is not a regular file/);
    await mkdir(join(home, '.codex'));
    await symlink('/dev/zero', join(home, '.codex', 'config.toml'));
    assert.match(await refusal(to('codex', 'user')), /it is not a regular file/);
    await symlink('.claude.json', join(home, '.claude.json'));
    assert.match(await refusal(to('claude', 'user')), /cannot be read \(ELOOP\)/);
  });
});

describe('the change as it is shown in a terminal', () => {
  const secrets = ['hunter2', 'S3cr3t', '31415926', 'p@ss', 'Pa55'];

  it('has the names of other entries, and none of their values', async () => {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'connect-')));
    const launch = { command: '/usr/bin/node', args: ['/opt/python-tools-mcp/dist/stdio.js'], env: { A: 'ours' } };
    const to = (agent: AgentId, scope: Scope): Connection => ({
      agent,
      scope,
      project: home,
      name: 'python',
      launch,
      machine: { ...thisMachine(), env: {}, home },
    });
    try {
      const file = join(home, '.mcp.json');
      await writeFile(
        file,
        `\uFEFF{ // hunter2
  "mcpServers": {
    "python": { "command": "npx", "args": ["-y", "python-tools-mcp@0", "--token=S3cr3t"], "env": { "B": "hunter2" } }, /* hunter2
    hunter2 */ "db": { "url": "postgres://user:Pa55@host/db", "pin": 31415926,
      "args": [
        "--password",
        "hunter2", "--password=S3cr3t"
      ], "headers": { "X-Whatever": "p@ss" }, "\\u006b": "hunter\\u0032", "enabled": true
    }
  }
}
`,
      );
      const plan = await planConnection(to('mcp', 'project'));
      const [diff, after] = [plan.diff(), plan.after];
      for (const secret of secrets) assert.ok(!diff.includes(secret), `${secret} in ${diff}`);
      assert.match(after, /31415926/);
      for (const shown of [
        '"db": { "url": "•••"',
        '"npx"',
        '"-y"',
        '"python-tools-mcp@0"',
        '"/usr/bin/node"',
        '"ours"',
        '"args": [',
      ]) {
        assert.ok(diff.includes(shown), `${shown} in ${diff}`);
      }
      await mkdir(join(home, '.codex'));
      await writeFile(
        join(home, '.codex', 'config.toml'),
        `[mcp_servers.db] # hunter2
command = 'p@ss'
args = [
  "--password", "hunter2",
  'S3cr3t', # hunter2
]
env = { A = "hunter2", "b c" = 'S3cr3t', d.e = 31415926 }
more."K" = """
hunter2 "" Pa55
S3cr3t""""
other.date = 1979-05-27
`,
      );
      const toml = (await planConnection(to('codex', 'user'))).diff();
      for (const secret of [...secrets, '1979']) assert.ok(!toml.includes(secret), `${secret} in ${toml}`);
      for (const shown of [
        'S3cr3t"',
        'other.date = •••',
        '+[mcp_servers.python]',
        'command = "/usr/bin/node"',
        'tool_timeout_sec = 1800',
      ]) {
        assert.equal(toml.includes(shown), !shown.includes('S3cr3t'), `${shown} in ${toml}`);
      }
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  it('has as many lines as the text, whatever that is, and takes time in proportion to it', () => {
    const texts = [
      '"',
      "'",
      '"""',
      "'''",
      '/*',
      '//',
      '#',
      '[',
      '"\\',
      'a',
      '{"a":"',
      '[a',
      '"""a\n\n"""""',
      '\r\n"a\r\nb"\r\n',
    ];
    for (const format of ['json', 'toml'] as const) {
      for (const text of texts) {
        const hidden = hideValues(text, format, new Set());
        assert.equal(hidden.split('\n').length, text.split('\n').length, text);
      }
      for (const text of texts) {
        const time = (length: number): number => {
          const started = process.cpuUsage().user;
          hideValues(text.repeat(length / text.length), format, new Set());
          return process.cpuUsage().user - started;
        };
        assert.ok(time(200_000) <= 30 * Math.max(time(20_000), 10_000), JSON.stringify(text));
      }
    }
  });
});
