import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { parse as parseToml } from 'smol-toml';
import { keepServer, refreshKeptServer, startFile } from '../../src/connect/keptServer';
import { nodeOfExtension } from '../../src/connect/node';
import { thisMachine, type Machine } from '../../src/core/files/storage';
import { connected, exitOf, stdioServer, type ConnectedClient } from '../support/mcpClient';
import { itAsRoot } from '../support/platform';

interface Started {
  readonly command: string;
  readonly args: string[];
}

describe('python-tools-mcp connect', function () {
  this.timeout(30_000);
  let home: string;
  let project: string;
  const clients: ConnectedClient[] = [];
  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'connect-')));
    project = join(home, 'project');
    await mkdir(project);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(({ close }) => close()));
    await rm(home, { recursive: true, force: true });
  });

  const environment = (): Record<string, string> => ({
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: join(home, 'local'),
    PATH: dirname(process.execPath),
  });
  const run = async (args: readonly string[], server = stdioServer) => {
    const child = spawn(process.execPath, [server, 'connect', ...args], { cwd: project, env: environment() });
    child.stdin.end();
    const [out, error, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), exitOf(child)]);
    return { out, error, code };
  };
  /** Starts what an agent would start, with no more environment than Codex gives. */
  const start = async ({ command, args }: Started): Promise<ConnectedClient> => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({ command, args, cwd: project, env: environment(), stderr: 'ignore' }),
    );
    const connection = connected(client);
    clients.push(connection);
    return connection;
  };
  const serverIn = async (file: string): Promise<Started> => {
    const written = (JSON.parse(await readFile(file, 'utf8')) as { mcpServers: { python: Started } }).mcpServers.python;
    return { command: written.command, args: written.args };
  };
  const answer = async (client: ConnectedClient): Promise<unknown> =>
    (await client.ask('python.run', { code: 'print(6 * 7)' }))['stdout'];

  it('shows the change and writes nothing where nobody agrees', async () => {
    const { out, error, code } = await run(['claude']);
    assert.equal(code, 2);
    assert.match(out, /^--- \/dev\/null\n\+\+\+ .*\.mcp\.json\n@@ .*\n\+\{/);
    assert.match(error, /was not written: pass --yes/);
    assert.equal((await run(['claude', '--dry-run'])).code, 0);
    assert.deepEqual(await readdir(project), []);
  });

  it('says what is wrong with its arguments', async () => {
    for (const args of [
      ['nobody'],
      ['codex', '--workspace', 'nowhere'],
      ['codex', '--user', '--project'],
      ['--what'],
    ]) {
      const { error, code } = await run(args);
      assert.equal(code, 2);
      assert.match(error, /See --help/);
    }
    assert.match((await run(['--help'])).out, /^Usage: python-tools-mcp connect/);
  });

  it('writes a command line that starts the server in the folder of the agent', async () => {
    const { code, out } = await run(['claude', '--yes']);
    assert.equal(code, 0, out);
    const client = await start(await serverIn(join(project, '.mcp.json')));
    assert.equal(await answer(client), '42\n');
    const { stdout } = await client.ask('python.run', { code: 'import os; print(os.getcwd())' });
    assert.equal(stdout, `${project}\n`);
    assert.match((await run(['claude', '--yes'])).out, /already connected/);
  });

  it('connects several agents, says so as JSON, lists them and forgets them', async () => {
    const { code, out } = await run(['codex', 'gemini', '--yes', '--json', '--trust']);
    assert.equal(code, 0);
    const outcomes = JSON.parse(out) as { agent: string; change: string; written: boolean }[];
    assert.deepEqual(
      outcomes.map(({ agent, change, written }) => `${agent} ${change} ${written}`),
      ['codex add true', 'gemini add true'],
    );
    const toml = parseToml(await readFile(join(home, '.codex/config.toml'), 'utf8')) as unknown;
    const { command, args } = (toml as { mcp_servers: { python: Started } }).mcp_servers.python;
    assert.equal(await answer(await start({ command, args })), '42\n');
    assert.match((await run([])).out, /codex +Codex +connected/);
    assert.equal((await run(['codex', '--remove', '--yes'])).code, 0);
    assert.doesNotMatch(await readFile(join(home, '.codex/config.toml'), 'utf8'), /python/);
  });

  it('shows no value of another entry, as text or as JSON', async () => {
    const other = {
      command: 'npx',
      args: ['--password=hunter2', 'postgres://user:hunter2@host/db'],
      env: { A: 'hunter2' },
    };
    await writeFile(join(project, '.mcp.json'), JSON.stringify({ mcpServers: { other } }, undefined, 2));
    for (const flags of [[], ['--dry-run'], ['--json'], ['--yes', '--json'], ['--remove', '--dry-run']]) {
      const { out, error } = await run(['claude', ...flags]);
      assert.match(out, /•••/);
      assert.doesNotMatch(out + error, /hunter2/);
    }
    assert.match(await readFile(join(project, '.mcp.json'), 'utf8'), /hunter2/);
  });

  itAsRoot('leaves nothing of root in the home of a user for whom root ran it', async () => {
    await chown(home, 12345, 54321);
    await chown(project, 12345, 54321);
    const machine: Machine = { ...thisMachine(), home, env: environment() };
    await keepServer(dirname(stdioServer), '1.0.0', machine);
    assert.equal((await run(['claude', 'codex', 'vscode', '--yes'])).code, 0);
    for (const entry of await readdir(home, { recursive: true })) {
      const { uid, gid } = await stat(join(home, entry));
      // What Node.js keeps compiled is a cache of its own.
      if (!entry.includes('cache')) assert.deepEqual([uid, gid], [12345, 54321], entry);
    }
  });

  itAsRoot("keeps the owner of a file that is somebody else's, and refuses one that may only be read", async () => {
    const [user, other, group] = [12345, 23456, 54321];
    const build = join(home, 'dist');
    await cp(dirname(stdioServer), build, { recursive: true });
    const file = join(project, '.mcp.json');
    await writeFile(file, '{}');
    for (const folder of [home, project]) await chown(folder, user, group);
    await chown(file, other, group);
    const asUser = async (): Promise<{ code: number | null; error: string }> => {
      const args = [join(build, 'stdio.js'), 'connect', 'claude', '--yes'];
      const child = spawn(process.execPath, args, { cwd: project, env: environment(), uid: user, gid: group });
      child.stdin.end();
      child.stdout.resume();
      const [error, code] = await Promise.all([textOf(child.stderr), exitOf(child)]);
      return { code, error };
    };
    await chmod(file, 0o644);
    const refused = await asUser();
    assert.equal(refused.code, 1);
    assert.match(refused.error, /You have no permission to write .*\.mcp\.json/);
    await chmod(file, 0o664);
    assert.deepEqual(await asUser(), { code: 0, error: '' });
    const { uid, gid, mode } = await stat(file);
    assert.deepEqual([uid, gid, mode & 0o777], [other, group, 0o664]);
    assert.match(await readFile(file, 'utf8'), /python/);
    assert.deepEqual(await readdir(project), ['.mcp.json']);
  });

  it('fails for one agent, and goes on with the next', async () => {
    await mkdir(join(home, '.codex'));
    await writeFile(join(home, '.codex/config.toml'), 'a = = 1\n');
    const { error, code } = await run(['codex', 'claude', '--yes']);
    assert.equal(code, 1);
    assert.match(error, /codex: .*cannot be parsed.* line 1.*\nTo add it by hand:\n\n\[mcp_servers\.python\]/);
    assert.ok(await stat(join(project, '.mcp.json')));
  });

  it("goes on to work when an update has replaced the extension's folder, also for a server that runs", async () => {
    const extension = (version: string): string =>
      join(home, `.vscode/extensions/python-tools-mcp.python-tools-mcp-${version}/dist`);
    const old = extension('0.1.0');
    await cp(dirname(stdioServer), old, { recursive: true });
    assert.equal((await run(['claude', '--yes'], join(old, 'stdio.js'))).code, 0);
    const line = await serverIn(join(project, '.mcp.json'));
    assert.ok(!line.args.join().includes('0.1.0'));
    const running = await start(line);
    assert.equal(await answer(running), '42\n');

    const updated = extension('0.2.0');
    await mkdir(dirname(updated));
    await rename(old, updated);
    await rm(dirname(old), { recursive: true });
    const file = join(updated, 'stdioServer.js');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('title: "Python Tools"', 'title: "Updated"'));
    assert.equal(await answer(await start(line)), '42\n', 'before the new version has been active');
    const machine: Machine = { ...thisMachine(), home, env: environment() };
    assert.equal(await refreshKeptServer(updated, '0.2.0', machine), true);
    assert.equal(await refreshKeptServer(updated, '0.2.0', machine), false);
    const next = await start(line);
    assert.equal(next.client.getServerVersion()?.title, 'Updated');
    assert.equal(await answer(next), '42\n');
    assert.equal(await answer(running), '42\n', 'the server that ran before');
  });

  it('does from the copy whatever it does from the build', async () => {
    const machine: Machine = { ...thisMachine(), home, env: environment() };
    await keepServer(dirname(stdioServer), '1.0.0', machine);
    const copy = startFile(machine);
    const script = '# /// script\n# dependencies = []\n# ///\nimport sys; print(sys.prefix)\n';
    await writeFile(join(project, 'script.py'), script);
    await writeFile(join(project, 'pyproject.toml'), '[project]\nname = "p"\ndependencies = ["absent-one"]\n');
    const client = await start({ command: process.execPath, args: [copy] });
    const { stdout, error } = await client.ask('python.run', { file: 'script.py' });
    assert.equal(error, undefined);
    assert.match(String(stdout), /scripts/);
    await client.ask('python.venv', { action: 'create' });
    const { requirements } = await client.ask('python.venv', { action: 'info' });
    assert.match(JSON.stringify(requirements), /absent-one/);
    assert.match((await run(['--help'], copy)).out, /^Usage: python-tools-mcp connect/);
  });

  it('keeps one copy where several windows make it at once, and none where no agent was connected', async () => {
    const machine: Machine = { ...thisMachine(), home, env: environment() };
    const build = dirname(stdioServer);
    assert.equal(await refreshKeptServer(build, '9.0.0', machine), false);
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        await keepServer(build, '1.0.0', machine);
      }),
    );
    assert.equal(await refreshKeptServer(build, '0.9.9', machine), false, 'a newer one stays');
    const server = join(home, '.local/state/python-tools-mcp/server');
    if (process.platform === 'linux') {
      const names = (await readdir(server)).map((name) => name.replace(/-[0-9a-f]{12}$/, ''));
      assert.deepEqual(names.sort(), ['1.0.0', 'current.json', 'start.js']);
    }
  });

  it("starts with the Node.js on PATH, else with the editor's own", async () => {
    const machine: Machine = { ...thisMachine(), home, env: environment() };
    const onPath = await nodeOfExtension({ execPath: '/opt/code', isElectron: true }, machine);
    assert.deepEqual(onPath.launch, { command: process.execPath, args: [], env: {} });

    const bare = { ...machine, env: { ...environment(), PATH: home } };
    await writeFile(join(home, 'node'), '#!/bin/sh\necho 18.20.0 /usr/bin/node\n', { mode: 0o755 });
    const electron = await nodeOfExtension({ execPath: '/snap/code/184/usr/share/code/code', isElectron: true }, bare);
    assert.deepEqual(electron.launch, {
      command: '/snap/code/current/usr/share/code/code',
      args: [],
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });

    const remote = join(home, '.vscode-server/bin/0123/node');
    await mkdir(dirname(remote), { recursive: true });
    await cp(process.execPath, remote);
    const kept = await nodeOfExtension({ execPath: remote, isElectron: false }, bare);
    await kept.prepare();
    await rm(dirname(remote), { recursive: true });
    assert.equal(await answer(await start({ command: kept.launch.command, args: [stdioServer] })), '42\n');
  });
});
