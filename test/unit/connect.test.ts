import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { parse as parseToml, stringify as stringifyToml } from 'smol-toml';
import { agents, scopesOf, type AgentId } from '../../src/connect/agents';
import { ConnectError, type Connection, type ConnectionPlan } from '../../src/connect/connection';
import { jsonFormat } from '../../src/connect/jsonFormat';
import { serverOf, shownCommand, thisNode } from '../../src/connect/launch';
import { applyConnection, planConnection } from '../../src/connect/planConnection';
import { tomlFormat } from '../../src/connect/tomlFormat';
import { maskSecrets, unifiedDiff } from '../../src/connect/unifiedDiff';
import { thisMachine, type Machine } from '../../src/core/files/storage';
import { obstacles } from '../support/obstacles';
import { itOnUnix } from '../support/platform';

const launch = { command: '/usr/bin/node', args: ['/opt/python-tools-mcp/dist/stdio.js'], env: {} };
const machineAt = (home: string, env: Machine['env'] = {}): Machine => ({ ...thisMachine(), env, home });
const linux: Machine = { platform: 'linux', arch: 'x64', env: {}, home: '/home/u' };
const windows: Machine = {
  platform: 'win32',
  arch: 'x64',
  env: { LOCALAPPDATA: 'C:\\Users\\Jörg\\AppData\\Local' },
  home: 'C:\\Users\\Jörg',
};

describe('the configuration of other agents', () => {
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

  const to = (agent: AgentId, more: Partial<Connection> = {}): Connection => ({
    agent,
    scope: 'project',
    project,
    name: 'python',
    launch,
    machine: machineAt(home),
    ...more,
  });
  const write = async (file: string, text: string): Promise<string> => {
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
  itOnUnix('such files')('is refused, with the reason, where it is nothing to read', async () => {
    const { file } = await planConnection(to('claude'));
    for (const { name, put } of obstacles) {
      if (name === 'a link to nothing') continue; // The file that it names is made.
      put(file);
      await assert.rejects(planConnection(to('claude')), ConnectError, name);
      await rm(file, { recursive: true });
    }
  });

  const refusal = async (connection: Connection): Promise<ConnectError> => {
    const error: unknown = await planConnection(connection).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ConnectError);
    return error;
  };

  it('is made where there is none, for every agent and scope, and is complete then', async () => {
    const files: string[] = [];
    for (const agent of agents) {
      for (const scope of scopesOf(agent)) {
        const name = `python-${agent.id}`;
        const plan = await connect(to(agent.id, { scope, name }));
        assert.equal(plan.change, 'add');
        assert.equal(await readFile(plan.file, 'utf8'), plan.after);
        assert.equal((await planConnection(to(agent.id, { scope, name }))).change, 'connected');
        if (process.platform !== 'win32') assert.equal((await stat(plan.file)).mode & 0o777, 0o600);
        const shown = plan.file.replace(project, '.').replace(home, '~').replaceAll('\\', '/');
        files.push(`${agent.id} ${scope}: ${shown}`);
      }
    }
    assert.deepEqual(files, [
      'claude project: ./.mcp.json',
      'claude user: ~/.claude.json',
      'codex user: ~/.codex/config.toml',
      'codex project: ./.codex/config.toml',
      'gemini project: ./.gemini/settings.json',
      'gemini user: ~/.gemini/settings.json',
      'copilot user: ~/.copilot/mcp-config.json',
      'opencode project: ./opencode.json',
      'opencode user: ~/.config/opencode/opencode.json',
      'cursor project: ./.cursor/mcp.json',
      'cursor user: ~/.cursor/mcp.json',
      'windsurf user: ~/.codeium/windsurf/mcp_config.json',
      'vscode project: ./.vscode/mcp.json',
      'mcp project: ./.mcp.json',
    ]);
  });

  it('is where the variables of the agents say', async () => {
    const env = {
      CODEX_HOME: '/c',
      COPILOT_HOME: '/o',
      CLAUDE_CONFIG_DIR: '/l',
      GEMINI_CLI_HOME: '/g',
      XDG_CONFIG_HOME: '/x',
    };
    const fileOf = async (agent: AgentId): Promise<string> =>
      (await planConnection(to(agent, { scope: 'user', machine: { ...linux, home, env } }))).file;
    assert.equal(await fileOf('codex'), '/c/config.toml');
    assert.equal(await fileOf('copilot'), '/o/mcp-config.json');
    assert.equal(await fileOf('claude'), '/l/.claude.json');
    assert.equal(await fileOf('gemini'), '/g/.gemini/settings.json');
    assert.equal(await fileOf('opencode'), '/x/opencode/opencode.json');
  });

  it('gives calls the time that a run of 300 s and a long install take, in the unit of each agent', async () => {
    const textOf = async (agent: AgentId, more: Partial<Connection> = {}): Promise<string> =>
      (await planConnection(to(agent, more))).after;
    assert.match(await textOf('codex', { scope: 'user' }), /^tool_timeout_sec = 1800$/m);
    assert.match(await textOf('codex', { scope: 'user' }), /^startup_timeout_sec = 60$/m);
    for (const agent of ['gemini', 'opencode'] as const) assert.match(await textOf(agent), /"timeout": 1800000/);
    assert.match(await textOf('copilot', { scope: 'user' }), /"timeout": 1800000/);
  });

  it('pins a folder only where the agent does not start the server in it', async () => {
    const pinned = [];
    for (const agent of agents) {
      for (const scope of scopesOf(agent)) {
        const { after } = await planConnection(to(agent.id, { scope }));
        assert.ok(!after.includes(project));
        if (after.includes('--workspace')) pinned.push(`${agent.id} ${scope}`);
      }
    }
    assert.deepEqual(pinned, ['cursor project']);
  });

  it('lets Gemini CLI call without asking only when told to, and says what that means', async () => {
    const asked = await planConnection(to('gemini'));
    assert.doesNotMatch(asked.after, /trust/);
    assert.match(asked.notes.join(), /--trust/);
    const trusted = await planConnection(to('gemini', { trust: true }));
    assert.match(trusted.after, /"trust": true/);
    assert.match(trusted.notes.join(), /without asking/);
  });

  it('passes on the variables that a command line needs', async () => {
    const electron = { ...launch, env: { ELECTRON_RUN_AS_NODE: '1' } };
    for (const [agent, scope] of [
      ['claude', 'user'],
      ['opencode', 'user'],
      ['codex', 'user'],
    ] as const) {
      const { after } = await planConnection(to(agent, { scope, launch: electron }));
      assert.match(after, agent === 'opencode' ? /"environment": \{\s+"ELECTRON/ : /env"?[^]*ELECTRON_RUN_AS_NODE/);
    }
  });

  it('keeps comments, indentation, byte order mark and line ends of JSON', async () => {
    const text =
      '\uFEFF// mine\r\n{\r\n\t"theme": "dark", /* keep */\r\n\t"mcpServers": {\r\n\t\t// the other\r\n\t\t"other": { "command": "x" },\r\n\t},\r\n}\r\n';
    const file = await write('project/.mcp.json', text);
    const { after } = await connect(to('mcp'));
    assert.equal(await readFile(file, 'utf8'), after);
    const entry =
      '\r\n\t\t"python": {\r\n\t\t\t"type": "stdio",\r\n\t\t\t"command": "/usr/bin/node",\r\n\t\t\t"args": [\r\n\t\t\t\t"/opt/python-tools-mcp/dist/stdio.js"\r\n\t\t\t]\r\n\t\t},';
    assert.equal(after, text.replace('"x" },', `"x" },${entry}`));
  });

  it('keeps comments and line ends of TOML, and adds a table at its end', async () => {
    const text =
      '# mine\r\nmodel = "o3" # keep\r\n\r\n[mcp_servers.other]\r\ncommand = "x"\r\nargs = [ # list\r\n  "a",\r\n]';
    await write('.codex/config.toml', text);
    const { after } = await connect(to('codex', { scope: 'user' }));
    assert.ok(after.startsWith(`${text}\r\n\r\n[mcp_servers.python]\r\ncommand = "/usr/bin/node"\r\n`));
    assert.doesNotMatch(after, /[^\r]\n/);
  });

  it('takes an empty file for one that holds nothing', async () => {
    await write('project/.mcp.json', ' \n');
    assert.deepEqual(Object.keys(JSON.parse((await connect(to('mcp'))).after) as object), ['mcpServers']);
    await write('.codex/config.toml', '');
    assert.match((await connect(to('codex', { scope: 'user' }))).after, /^\[mcp_servers\.python\]\n/);
  });

  it('updates an older entry of ours in place, and keeps what else it holds', async () => {
    await write(
      'project/.gemini/settings.json',
      '{\n  "mcpServers": {\n    "python": {\n      "command": "npx", // old\n      "args": ["-y", "python-tools-mcp@0"],\n      "includeTools": ["python.run"]\n    }\n  }\n}\n',
    );
    const json = await connect(to('gemini'));
    assert.equal(json.change, 'update');
    assert.match(json.after, /"command": "\/usr\/bin\/node", \/\/ old\n/);
    assert.match(json.after, /"includeTools": \["python.run"\]/);

    const head = '# top\n[mcp_servers.python] # ours\n# why\n';
    const tail =
      'enabled_tools = ["python.run"]\n\n[mcp_servers.python.env]\nA = "1" # a\n\n[projects."/p"]\ntrust_level = "trusted"\n';
    await write('.codex/config.toml', `${head}command = "npx" # old\nargs = ["-y", "python-tools-mcp@0"]\n${tail}`);
    const toml = await connect(to('codex', { scope: 'user' }));
    assert.equal(toml.change, 'update');
    assert.ok(toml.after.startsWith(`${head}command = "/usr/bin/node" # old\n`));
    for (const line of tail.split('\n')) assert.ok(toml.after.split('\n').includes(line), line);
  });

  it('never replaces an entry of that name that starts something else', async () => {
    const text = '{"mcpServers": {"python": {"command": "uvx", "args": ["another-python-server"]}}}';
    const file = await write('project/.mcp.json', text);
    const { message, paste } = await refusal(to('mcp'));
    assert.match(message, /server "python" already, which is another one.*--name/);
    assert.match(paste ?? '', /"mcpServers"/);
    await assert.rejects(planConnection(to('mcp'), { remove: true }), ConnectError);
    assert.equal(await readFile(file, 'utf8'), text);
    assert.equal((await planConnection(to('mcp', { name: 'python-tools' }))).change, 'add');
  });

  it('leaves alone what it cannot parse, and says where the fault is and what to paste', async () => {
    const faults: [AgentId, Connection['scope'], string, string, RegExp][] = [
      ['mcp', 'project', 'project/.mcp.json', '{\n  "a": 1,\n  b: 2\n}', /line 3, column 3/],
      ['mcp', 'project', 'project/.mcp.json', '[]', /holds no object/],
      ['mcp', 'project', 'project/.mcp.json', '{"mcpServers": []}', /cannot be changed safely/],
      ['mcp', 'project', 'project/.mcp.json', '{"mcpServers": {"python": 1}}', /another one/],
      ['codex', 'user', '.codex/config.toml', 'a = 1\nb = = 2\n', /line 2, column/],
      ['codex', 'user', '.codex/config.toml', 'mcp_servers = { a = { command = "x" } }\n', /cannot be changed safely/],
      ['codex', 'user', '.codex/config.toml', 'mcp_servers = 3\n', /cannot be changed safely/],
    ];
    for (const [agent, scope, name, text, fault] of faults) {
      const file = await write(name, text);
      const { message, paste } = await refusal(to(agent, { scope }));
      assert.match(message, fault, text);
      assert.match(paste ?? '', /python-tools-mcp/);
      assert.equal(await readFile(file, 'utf8'), text);
    }
    await writeFile(join(project, '.mcp.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    assert.match((await refusal(to('mcp'))).message, /not UTF-8/);
    assert.match((await refusal(to('windsurf'))).message, /no project configuration/);
  });

  it('is written through links, which stay, and keeps its mode', async function () {
    const real = await write('dotfiles/config.toml', 'model = "o3"\n');
    await chmod(real, 0o640);
    await mkdir(join(home, '.codex'));
    const link = join(home, '.codex/config.toml');
    await symlink(join('..', 'dotfiles', 'config.toml'), link).catch((error: unknown) => {
      // Windows lets not everybody make links.
      if (process.platform !== 'win32') throw error;
    });
    if (!(await lstat(link).catch(() => undefined))?.isSymbolicLink()) this.skip();
    await connect(to('codex', { scope: 'user' }));
    assert.ok((await lstat(join(home, '.codex/config.toml'))).isSymbolicLink());
    assert.match(await readFile(real, 'utf8'), /^model = "o3"\n\n\[mcp_servers\.python\]/);
    if (process.platform !== 'win32') assert.equal((await stat(real)).mode & 0o777, 0o640);
    assert.deepEqual(await readdir(dirname(real)), ['config.toml']);
  });

  it('is not written where it has changed since it was shown', async () => {
    const file = await write('.claude.json', '{"numStartups": 1}');
    const plan = await planConnection(to('claude', { scope: 'user' }));
    await writeFile(file, '{"numStartups": 2}');
    await assert.rejects(applyConnection(plan), /has changed in the meantime/);
    assert.equal(await readFile(file, 'utf8'), '{"numStartups": 2}');
  });

  it('prefers the file of opencode that is there', async () => {
    await write('project/opencode.jsonc', '{ // mine\n}\n');
    assert.equal((await planConnection(to('opencode'))).file, join(project, 'opencode.jsonc'));
  });

  it('forgets the server again, and only it', async () => {
    const texts: [AgentId, string, string][] = [
      ['mcp', 'project/.mcp.json', '{\n  // a\n  "mcpServers": {\n    "b": { "command": "c" }\n  }\n}\n'],
      ['codex', '.codex/config.toml', '# a\n[mcp_servers.b]\ncommand = "c" # d\n'],
    ];
    for (const [agent, name, text] of texts) {
      const scope = agent === 'codex' ? 'user' : 'project';
      const file = await write(name, text);
      assert.equal((await planConnection(to(agent, { scope }), { remove: true })).change, 'absent');
      await connect(to(agent, { scope }));
      await applyConnection(await planConnection(to(agent, { scope }), { remove: true }));
      assert.equal((await readFile(file, 'utf8')).trimEnd(), text.trimEnd());
    }
  });
});

describe('merging an entry', () => {
  it('leaves every neighbour in JSON where and as it is', () => {
    const cases: [string, string][] = [
      ['{}', '{\n  "s": {\n    "n": {\n      "a": 1\n    }\n  }\n}'],
      ['{"x":1}', '{"x":1,\n  "s": {\n    "n": {\n      "a": 1\n    }\n  }\n}'],
      ['{\n  "s": {} // c\n}\n', '{\n  "s": {\n    "n": {\n      "a": 1\n    }\n  } // c\n}\n'],
      [
        '{\n "s": {\n  "b": [1, 2], // b\n  // end\n }\n}',
        '{\n "s": {\n  "b": [1, 2], // b\n  "n": {\n   "a": 1\n  },\n  // end\n }\n}',
      ],
      [
        '{\n "s": {\n  "b": {"c": 1} /* x */ // b\n }\n}',
        '{\n "s": {\n  "b": {"c": 1}, /* x */ // b\n  "n": {\n   "a": 1\n  }\n }\n}',
      ],
    ];
    for (const [before, after] of cases) {
      assert.equal(jsonFormat.set(before, ['s', 'n'], { a: 1 }), after);
      if (before.includes('"b"')) {
        assert.equal(jsonFormat.remove(after, ['s', 'n']), before);
      }
    }
  });

  const entry = { command: '/usr/bin/node', args: ['/a b/stdio.js', '--x'], env: { A: '1' } };
  const key = fc.oneof(
    fc.constantFrom('mcpServers', 'a', 'b.c', 'x y', '"q"', 'ü'),
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
  );

  it('changes nothing else in any JSON', () => {
    const value = fc.jsonValue().filter((each) => !JSON.stringify(each).includes('__proto__'));
    const servers = fc.dictionary(key, value, { noNullPrototype: true });
    fc.assert(
      fc.property(servers, servers, fc.constantFrom(2, 4, '\t', 0), fc.boolean(), (others, known, indent, windows) => {
        const value = { ...others, mcpServers: known };
        const plain = `// first\n${JSON.stringify(value, undefined, indent)} // last`;
        const text = windows ? plain.replaceAll('\n', '\r\n') : plain;
        const after = jsonFormat.set(text, ['mcpServers', 'python'], entry);
        const expected: unknown = JSON.parse(JSON.stringify({ ...value, mcpServers: { ...known, python: entry } }));
        if (!('python' in known)) assert.deepEqual(jsonFormat.parse(after), expected);
        assert.ok(after.startsWith('// first') && after.endsWith(' // last'));
        // An object in one line is opened for what is inserted, and stays open.
        const isOpen = indent !== 0 && Object.keys(known).length > 0;
        if (isOpen && !('python' in known)) assert.equal(jsonFormat.remove(after, ['mcpServers', 'python']), text);
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing else in any TOML', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()));
    const table = fc.dictionary(key, fc.oneof(scalar, fc.dictionary(key, scalar, { noNullPrototype: true })), {
      noNullPrototype: true,
    });
    const tables = fc.dictionary(key, fc.dictionary(key, scalar, { noNullPrototype: true }), { noNullPrototype: true });
    fc.assert(
      fc.property(table, tables, (others, known) => {
        const text = `# first\n${stringifyToml({ ...others, mcp_servers: known })}# last`;
        const before = parseToml(text);
        const after = tomlFormat.set(text, ['mcp_servers', 'new'], entry);
        if (Object.hasOwn(known, 'new')) return;
        assert.ok(after.startsWith(text));
        const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        assert.deepEqual(
          plain(parseToml(after)),
          plain({
            ...before,
            mcp_servers: { ...parseToml(stringifyToml(known)), new: entry },
          }),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('the command line that agents are told', () => {
  const node = { command: '/usr/bin/node', args: [], env: {} };
  const lineOf = (build: string, machine: Machine = linux): string => {
    const { command, args } = serverOf(build, '1.4.2', node, machine).launch;
    return [command, ...args].join(' ');
  };

  it('is the file itself where that stays', () => {
    assert.equal(
      lineOf('/usr/lib/node_modules/python-tools-mcp/dist'),
      '/usr/bin/node /usr/lib/node_modules/python-tools-mcp/dist/stdio.js',
    );
  });

  it('is npx with the major version where npx runs it', () => {
    const build = '/home/u/.npm/_npx/0f1e/node_modules/python-tools-mcp/dist';
    assert.equal(lineOf(build), 'npx -y python-tools-mcp@1');
    const cache = 'C:\\Users\\Jörg\\AppData\\Local\\npm-cache\\_npx\\0f1e\\node_modules\\python-tools-mcp\\dist';
    assert.equal(lineOf(cache, windows), 'cmd /c npx -y python-tools-mcp@1');
  });

  it('has the separators and folders of Windows there', () => {
    assert.equal(lineOf('D:\\tools\\dist', windows), '/usr/bin/node D:\\tools\\dist\\stdio.js');
    assert.equal(
      lineOf('c:\\Users\\Jörg\\.vscode\\extensions\\python-tools-mcp.python-tools-mcp-1.4.2\\dist', windows),
      '/usr/bin/node C:\\Users\\Jörg\\AppData\\Local\\python-tools-mcp\\server\\start.js',
    );
  });

  it('names no Node.js that is gone with the shell', async function () {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'node-')));
    try {
      const name = process.platform === 'win32' ? 'node.exe' : 'node';
      const kept = join(folder, 'versions');
      const passing = join(folder, 'fnm_multishells');
      await mkdir(kept);
      await writeFile(join(kept, name), '', { mode: 0o755 });
      await symlink(kept, passing, 'junction').catch((error: unknown) => {
        if (process.platform !== 'win32') throw error;
        this.skip(); // Wine has no junctions.
      });
      const machine = machineAt(folder, { PATH: passing });
      assert.equal(thisNode(join(passing, name), machine).command, join(kept, name));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is shown to people as they can type it', () => {
    const build = '/home/u/my tools/dist';
    assert.equal(shownCommand(build, '1.4.2', '/home/u/my tools', linux), 'node dist/stdio.js');
    assert.equal(shownCommand(build, '1.4.2', '/srv/project', linux), 'node "/home/u/my tools/dist/stdio.js"');
    assert.equal(shownCommand('D:\\tools\\dist', '1.4.2', 'D:\\tools', windows), 'node dist\\stdio.js');
    assert.equal(shownCommand('C:\\R&D\\dist', '1.4.2', 'D:\\project', windows), 'node "C:\\R&D\\dist\\stdio.js"');
    const shim = 'C:\\Users\\Jörg\\AppData\\Roaming\\npm\\node_modules\\python-tools-mcp\\dist';
    assert.equal(shownCommand(shim, '1.4.2', 'D:\\project', windows), 'python-tools-mcp');
    const cached = '/home/u/.npm/_npx/0f1e/node_modules/python-tools-mcp/dist';
    assert.equal(shownCommand(cached, '1.4.2', '/srv/project', linux), 'npx python-tools-mcp@1');
  });

  it("is a copy where an extension's folder changes with each version", () => {
    const extensions = [
      '/home/u/.vscode/extensions',
      '/home/u/.vscode-server/extensions',
      '/home/u/.cursor/extensions',
    ];
    for (const folder of extensions) {
      assert.equal(
        lineOf(`${folder}/python-tools-mcp.python-tools-mcp-1.4.2/dist`),
        '/usr/bin/node /home/u/.local/state/python-tools-mcp/server/start.js',
      );
    }
  });
});

describe('the diff', () => {
  it('shows the change with three lines around it', () => {
    const before = Array.from({ length: 9 }, (_, index) => `${index}`).join('\n') + '\n';
    assert.equal(
      unifiedDiff('/f', before, before.replace('4\n', '4\nnew\n')),
      '--- /f\n+++ /f\n@@ -3,6 +3,7 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n',
    );
    assert.equal(unifiedDiff('/f', undefined, 'a\n'), '--- /dev/null\n+++ /f\n@@ -0,0 +1,1 @@\n+a\n');
    assert.equal(unifiedDiff('/f', 'a\n', 'a\n'), '');
  });

  it('hides what looks like a secret', () => {
    const secrets = [
      '"GITHUB_TOKEN": "ghp_0123456789abcdef0123"',
      'api_key = "abc"',
      '"headers": { "Authorization": "Bearer abcdefghijklmnop" }',
      '"args": ["--key", "sk-0123456789abcdef"]',
    ];
    for (const line of secrets) assert.match(maskSecrets(line), /•••/);
    assert.doesNotMatch(secrets.map(maskSecrets).join(), /0123|abc/);
    const harmless = '"command": "/usr/bin/node", "tools": ["*"]';
    assert.equal(maskSecrets(harmless), harmless);
  });
});
