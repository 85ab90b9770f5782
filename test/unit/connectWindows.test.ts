import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { agents, scopesOf, type AgentId } from '../../src/connect/agents';
import type { Connection } from '../../src/connect/connection';
import { nodeOfExtension } from '../../src/connect/node';
import { planConnection } from '../../src/connect/planConnection';
import { tomlFormat } from '../../src/connect/tomlFormat';
import { thisMachine, type Machine } from '../../src/core/files/storage';
import { parseFlags } from '../../src/mcp/flags';

const windows: Machine = {
  platform: 'win32',
  arch: 'x64',
  env: { LOCALAPPDATA: 'C:\\Users\\Jörg\\AppData\\Local', ProgramFiles: 'C:\\Program Files' },
  home: 'C:\\Users\\Jörg',
};

/** The parser of TOML makes objects without a prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Described, not run: these hold on every system. */
describe('the configuration of other agents on Windows', () => {
  const project = 'C:\\R&D\\100% größer';
  const to = (agent: AgentId, more: Partial<Connection> = {}): Connection => ({
    agent,
    scope: 'project',
    project,
    name: 'python',
    launch: { command: 'C:\\Program Files\\nodejs\\node.exe', args: ['C:\\python-tools-mcp\\dist\\stdio.js'], env: {} },
    machine: windows,
    ...more,
  });
  const everywhere = agents.flatMap((agent) => scopesOf(agent).map((scope) => ({ agent, scope })));
  const npx = { command: 'cmd', args: ['/c', 'npx', '-y', 'python-tools-mcp@1'], env: {} };

  it('is where each agent looks for it', async () => {
    const fileOf = async ({ agent, scope }: (typeof everywhere)[number]): Promise<string> =>
      `${agent.id} ${scope}: ${(await planConnection(to(agent.id, { scope }))).file}`;
    assert.deepEqual(await Promise.all(everywhere.map(fileOf)), [
      `claude project: ${project}\\.mcp.json`,
      'claude user: C:\\Users\\Jörg\\.claude.json',
      'codex user: C:\\Users\\Jörg\\.codex\\config.toml',
      `codex project: ${project}\\.codex\\config.toml`,
      `gemini project: ${project}\\.gemini\\settings.json`,
      'gemini user: C:\\Users\\Jörg\\.gemini\\settings.json',
      'copilot user: C:\\Users\\Jörg\\.copilot\\mcp-config.json',
      `opencode project: ${project}\\opencode.json`,
      'opencode user: C:\\Users\\Jörg\\.config\\opencode\\opencode.json',
      `cursor project: ${project}\\.cursor\\mcp.json`,
      'cursor user: C:\\Users\\Jörg\\.cursor\\mcp.json',
      'windsurf user: C:\\Users\\Jörg\\.codeium\\windsurf\\mcp_config.json',
      `vscode project: ${project}\\.vscode\\mcp.json`,
      `mcp project: ${project}\\.mcp.json`,
    ]);
  });

  it('says every path as it is, whatever characters it has', async () => {
    const folders = [
      'C:\\Program Files\\nodejs',
      "C:\\Users\\O'Neil\\new\\table",
      'C:\\ü&%PATH%^!',
      '\\\\server\\c$\\x y',
      "C:\\a'''b",
    ];
    for (const folder of folders) {
      const launch = { command: `${folder}\\node.exe`, args: [`${folder}\\stdio.js`], env: { FOLDER: `${folder}\\` } };
      for (const { agent, scope } of everywhere) {
        const { after } = await planConnection(to(agent.id, { scope, launch }));
        const written = plain(agent.format === 'toml' ? parseToml(after) : JSON.parse(after));
        const { python } = (written as Record<string, Record<string, Record<string, unknown>>>)[agent.servers] ?? {};
        const line = [python?.['command'], python?.['args'] ?? []].flat(2);
        assert.deepEqual(line.slice(0, 2), [launch.command, ...launch.args], `${agent.id} ${scope}`);
        assert.deepEqual(python?.['env'] ?? python?.['environment'], launch.env);
      }
    }
  });

  it('replaces paths in whatever quotes of TOML they were', () => {
    const entry = { command: "C:\\O'Neil\\node.exe", args: ['C:\\new\\stdio.js'] };
    for (const old of ["'C:\\old'", '"C:\\\\old"', "'''C:\\old'''", '"""C:\\\\old"""']) {
      const text = `[mcp_servers.python]\r\ncommand = ${old} # mine\r\nargs = [${old}]\r\n\r\n[other]\r\np = 'C:\\keep' # it\r\n`;
      const after = tomlFormat.set(text, ['mcp_servers', 'python'], entry);
      assert.deepEqual(plain(parseToml(after)['mcp_servers']), { python: entry });
      assert.ok(after.includes("p = 'C:\\keep' # it\r\n") && after.includes('# mine\r\n'));
      assert.doesNotMatch(after, /[^\r]\n/);
    }
  });

  it('has Codex pass on what no program of Windows starts without', async () => {
    const passedOn = async (machine: Machine): Promise<readonly string[]> => {
      const { after } = await planConnection(to('codex', { scope: 'user', machine }));
      return (parseToml(after) as { mcp_servers: { python: { env_vars: string[] } } }).mcp_servers.python.env_vars;
    };
    const passed = await passedOn(windows);
    for (const name of ['SYSTEMROOT', 'COMSPEC', 'LOCALAPPDATA', 'APPDATA']) assert.ok(passed.includes(name), name);
    assert.ok(!(await passedOn({ ...windows, platform: 'linux', home: '/home/u' })).includes('SYSTEMROOT'));
  });

  it('gives cmd.exe no path that it would take apart', async () => {
    const { after } = await planConnection(to('cursor', { launch: npx }));
    const { python } = (JSON.parse(after) as { mcpServers: { python: typeof npx } }).mcpServers;
    assert.deepEqual(python.args, npx.args);
    assert.deepEqual(parseFlags([], { ...python.env }).workspaces, ['${workspaceFolder}']);
    assert.deepEqual(parseFlags(['--workspace', 'a'], { ...python.env }).workspaces, ['a']);
    assert.match((await planConnection(to('cursor'))).after, /"--workspace",\s+"\$\{workspaceFolder\}"/);
  });

  it('says where it is of use to this machine alone, and where cmd.exe cannot start', async () => {
    const notes = async (more: Partial<Connection>): Promise<string> =>
      (await planConnection(to('claude', more))).notes.join();
    assert.match(await notes({}), /files of this machine/);
    assert.equal(await notes({ launch: npx }), '');
    const share = { scope: 'user', project: '\\\\server\\share\\project' } as const;
    assert.match(await notes({ launch: npx, ...share }), /under a drive letter/);
  });

  it("starts the editor's own Node.js where PATH has none, and a copy of a remote editor's", async () => {
    const vscode = 'C:\\Users\\Jörg\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe';
    const electron = await nodeOfExtension({ execPath: vscode, isElectron: true }, windows);
    assert.deepEqual(electron.launch, { command: vscode, args: [], env: { ELECTRON_RUN_AS_NODE: '1' } });
    const remote = 'C:\\Users\\Jörg\\.vscode-server\\bin\\0123\\node.exe';
    const kept = await nodeOfExtension({ execPath: remote, isElectron: false }, windows);
    assert.equal(kept.launch.command, 'C:\\Users\\Jörg\\AppData\\Local\\python-tools-mcp\\server\\node.exe');
  });

  it('is known as ours in any case of letters', async () => {
    const entry = { command: 'node', args: ['c:/Python-Tools-MCP/dist/stdio.js'] };
    const folder = await mkdtemp(join(tmpdir(), 'connect-'));
    try {
      await writeFile(join(folder, '.mcp.json'), JSON.stringify({ mcpServers: { python: entry } }));
      assert.equal((await planConnection(to('mcp', { project: folder, machine: thisMachine() }))).change, 'update');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('knows where VS Code is installed, whose command need not be on PATH', () => {
    const folders = agents.find(({ id }) => id === 'vscode')?.folders({ project, machine: windows }) ?? [];
    assert.ok(folders.includes('C:\\Users\\Jörg\\AppData\\Local\\Programs\\Microsoft VS Code'));
    assert.ok(folders.includes('C:\\Program Files\\Microsoft VS Code'));
  });
});
