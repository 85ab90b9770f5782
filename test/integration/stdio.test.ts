import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { anyPython } from '../support/anyPython';
import {
  connectOverStdio,
  exitOf,
  fieldsOf,
  handshake,
  startServer,
  stdioServer,
  type ConnectedClient,
} from '../support/mcpClient';
import { itOnUnix } from '../support/platform';
import { executableOf } from '../support/venvLayout';
import { appears, ends } from '../support/waiting';
import { version } from '../../package.json';

describe('the server over stdio', () => {
  let folder: string;
  const clients: ConnectedClient[] = [];
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'stdio-')))));
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(({ close }) => close()));
    rmSync(folder, { recursive: true, force: true });
  });
  const connect = async (...parameters: Parameters<typeof connectOverStdio>): Promise<ConnectedClient> => {
    const client = await connectOverStdio(...parameters);
    clients.push(client);
    return client;
  };

  it('says who it is, what it is for and which tools it has', async () => {
    const { client } = await connect(['--workspace', folder]);
    assert.deepEqual(client.getServerVersion(), { name: 'python', title: 'Python Tools', version });
    assert.match(
      client.getInstructions() ?? '',
      /prefer these tools over a shell.*python\.run.*python\.venv.*python\.pip/s,
    );
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['python.run', 'python.venv', 'python.pip'],
    );
    for (const { inputSchema, outputSchema, annotations } of tools) {
      assert.equal(inputSchema.type, 'object');
      assert.equal(inputSchema['additionalProperties'], false);
      assert.equal(outputSchema?.type, 'object');
      assert.deepEqual(
        [typeof annotations?.readOnlyHint, typeof annotations?.destructiveHint, typeof annotations?.openWorldHint],
        ['boolean', 'boolean', 'boolean'],
      );
    }
  });

  it('names its tools with underscores for clients that refuse dots', async () => {
    const { client, ask } = await connect(['--workspace', folder, '--tool-names', 'underscore']);
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['python_run', 'python_venv', 'python_pip'],
    );
    assert.equal((await ask('python_run', { code: 'print(1)' }))['stdout'], '1\n');
    const { error } = await ask('python_venv', { action: 'select', path: 'none' });
    assert.match(JSON.stringify(error), /Create it with python_venv \{/);
  });

  it('shows the same object as structure and, byte for byte, as text', async () => {
    const { call } = await connect(['--workspace', folder]);
    for (const input of [{ code: 'print("Hello")' }, { file: 'none.py' }, {}]) {
      const { content, structuredContent } = await call('python.run', input);
      assert.deepEqual(content, [{ type: 'text', text: JSON.stringify(structuredContent) }]);
    }
  });

  it('answers every call, failures included, as its output schema says', async () => {
    const { client, call } = await connect(['--workspace', folder]);
    const { tools } = await client.listTools();
    const ajv = new Ajv({ strict: false });
    const calls: [string, Record<string, unknown>][] = [
      ['python.run', { code: 'import os, sys; print(1); os.kill(os.getpid(), 9)' }],
      ['python.run', { code: '1 / 0' }],
      ['python.run', { code: 'x'.repeat(50) + '(' }],
      ['python.run', { code: 'print("x" * 100_000)' }],
      ['python.run', { code: 'import time; time.sleep(9)', timeout: 0.3 }],
      ['python.run', { file: 'nothing.py' }],
      ['python.run', { filee: 'nothing.py' }],
      ['python.run', { code: 'print(1)', timeout: 1e9 }],
      ['python.venv', { action: 'info' }],
      ['python.venv', { action: 'list' }],
      ['python.venv', { action: 'select', path: 'none' }],
      ['python.venv', { action: 'delete', path: '..' }],
      ['python.venv', { action: 'create', python: '3.99' }],
      ['python.pip', { action: 'list' }],
      ['python.pip', { action: 'freeze' }],
      ['python.pip', { action: 'show', packages: ['pip', 'none'] }],
      ['python.pip', { action: 'uninstall', packages: ['none'] }],
      ['python.pip', { action: 'install', packages: ['-r x'] }],
      ['python.venv', { action: 'create' }],
      ['python.venv', { action: 'create' }],
      ['python.venv', { action: 'info' }],
      ['python.venv', { action: 'list' }],
      ['python.pip', { action: 'install', packages: ['pip'] }],
      ['python.pip', { action: 'uninstall', packages: ['none', 'pip'] }],
      ['python.venv', { action: 'delete' }],
    ];
    for (const [name, input] of calls) {
      const { outputSchema } = tools.find((tool) => tool.name === name) ?? {};
      assert.ok(outputSchema);
      const result = await call(name, input);
      const validate = ajv.compile({ ...outputSchema, additionalProperties: false });
      assert.ok(validate(result.structuredContent), `${JSON.stringify(input)}: ${ajv.errorsText(validate.errors)}`);
      const fields = fieldsOf(result);
      assert.equal(result.isError, fields['error'] !== undefined, JSON.stringify(fields));
      assert.notEqual((fields['error'] as { kind?: string } | undefined)?.kind, 'internal', JSON.stringify(fields));
    }
  });

  it('serves several folders, and asks which one is meant where a call does not say', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    for (const each of [one, two]) {
      mkdirSync(each);
      writeFileSync(join(each, 'main.py'), 'import os; print(os.path.basename(os.getcwd()))');
    }
    const { ask } = await connect(['--workspace', one, '--workspace', two]);
    assert.deepEqual((await ask('python.run', { file: 'main.py' }))['error'], {
      kind: 'ambiguous_folder',
      message: 'Several folders are open: "one", "two".',
      hint: 'Add "folder", for example {"folder": "one"}.',
    });
    assert.equal((await ask('python.run', { file: 'main.py', folder: 'two' }))['stdout'], 'two\n');
    assert.equal((await ask('python.run', { file: 'main.py', folder: one }))['stdout'], 'one\n');
    assert.equal((await ask('python.run', { file: join(two, 'main.py') }))['stdout'], 'two\n');
  });

  it("serves the client's roots where no folder is named, else the current folder", async () => {
    const code = 'import os; print(os.getcwd())';
    const withRoots = await connect([], { roots: [folder], cwd: tmpdir() });
    assert.equal((await withRoots.ask('python.run', { code }))['stdout'], `${folder}\n`);
    const without = await connect([], { cwd: folder });
    assert.equal((await without.ask('python.run', { code }))['stdout'], `${folder}\n`);
    const empty = await connect([], { roots: [], cwd: folder });
    assert.equal((await empty.ask('python.run', { code }))['stdout'], `${folder}\n`);
  });

  it('works with hardly any environment', () => {
    const env = { HOME: process.env['HOME'] ?? '', PATH: '/usr/bin:/bin', LANG: 'C' };
    const child = execFileSync(process.execPath, ['-e', speakTo(stdioServer, folder)], { env, encoding: 'utf8' });
    assert.match(child, /"stdout":"é\\n"/);
  });

  it('tells of its progress while a call lasts longer than a second', async () => {
    const { call } = await connect(['--workspace', folder]);
    const messages: string[] = [];
    await call('python.run', { code: 'import time; time.sleep(2.3)' }, { onProgress: (line) => messages.push(line) });
    assert.deepEqual(messages, ['Running (1 s)', 'Running (2 s)']);
  });

  it('ends the processes of a call that is cancelled', async () => {
    const { call, ask } = await connect(['--workspace', folder]);
    const cancel = new AbortController();
    const code = 'import os, time; open("pid", "w").write(str(os.getpid())); time.sleep(600)';
    const cancelled = call('python.run', { code }, { signal: cancel.signal });
    const pid = await appears(join(folder, 'pid'));
    cancel.abort();
    await assert.rejects(cancelled);
    // The next answer comes after the cancel was taken note of; the process then has a moment to end.
    await ask('python.venv', { action: 'list' });
    await ends(pid);
  });

  for (const how of ['closed input', 'SIGTERM', 'SIGINT', 'SIGTERM twice'] as const) {
    const itHere = how === 'closed input' ? it : itOnUnix('signals');
    itHere(`ends, its whole process tree with it, on ${how}`, async () => {
      const server = startServer(['--workspace', folder]);
      const code = [
        'import os, signal, subprocess, sys, time',
        'signal.signal(signal.SIGTERM, lambda *_: open("asked", "w").write("yes"))',
        'child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)',
        'open("pids.tmp", "w").write(f"{os.getpid()} {child.pid}")',
        'os.rename("pids.tmp", "pids")',
        'while True: time.sleep(600)',
      ].join('\n');
      for (const message of handshake({ name: 'python.run', arguments: { code } })) server.stdin?.write(message);
      const pids = (await appears(join(folder, 'pids'))).split(' ');
      if (how === 'closed input') server.stdin?.end();
      else server.kill(how === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
      if (how === 'SIGTERM twice') {
        await appears(join(folder, 'asked')); // The first one is at work.
        server.kill('SIGTERM');
      }
      assert.equal(await exitOf(server), 0);
      for (const pid of pids) await ends(pid);
    });
  }

  it('leaves no half-made venv when it ends in the middle of a create', async () => {
    const server = startServer(['--workspace', folder]);
    for (const message of handshake({ name: 'python.venv', arguments: { action: 'create' } }))
      server.stdin?.write(message);
    await appears(join(folder, '.venv', 'pyvenv.cfg'), 2);
    server.stdin?.end();
    await exitOf(server);
    const whole = existsSync(executableOf(join(folder, '.venv'), 'pip'));
    assert.ok(whole || !existsSync(join(folder, '.venv')), 'whole or nothing');
  });

  it('shows its flags and its version', () => {
    const run = (flag: string) => execFileSync(process.execPath, [stdioServer, flag], { encoding: 'utf8' });
    assert.equal(run('--version'), `${version}\n`);
    for (const flag of [
      '--workspace',
      '--interpreter',
      '--no-auto-create-venv',
      '--default-timeout',
      '--max-timeout',
    ]) {
      assert.match(run('--help'), new RegExp(flag));
    }
  });

  it('refuses flags that it does not know and folders that are not there, with exit code 2', async () => {
    for (const args of [
      ['--worspace', folder],
      ['--workspace', join(folder, 'none')],
      ['--max-timeout', 'x'],
    ]) {
      assert.equal(await exitOf(startServer(args)), 2);
    }
  });

  it('keeps standard output to the protocol while a run shows its output to the user', async () => {
    const { ask } = await connect(['--workspace', folder]);
    const result = await ask('python.run', { code: 'print("for the user")', capture_output: false });
    assert.deepEqual([result.success, result['stdout'], result['stderr']], [true, '', '']);
  });

  it('honours its flags', async () => {
    const { ask } = await connect([
      '--workspace',
      folder,
      '--no-auto-create-venv',
      '--max-timeout',
      '1',
      '--interpreter',
      anyPython(),
    ]);
    const refused = await ask('python.pip', { action: 'install', packages: ['x'] });
    assert.equal((refused['error'] as { kind: string }).kind, 'venv_not_found');
    const late = await ask('python.run', { code: 'import time; time.sleep(30)', timeout: 20 });
    assert.deepEqual(
      [late['timed_out'], late['notes']],
      [true, ['timeout lowered from 20 s to 1 s, the highest allowed']],
    );
  });
});

/** A program that speaks to the server without this process's environment, and prints what it answers. */
function speakTo(server: string, workspace: string): string {
  const messages = handshake({ name: 'python.run', arguments: { code: 'print("é")' } });
  return `const c = require('child_process').spawn(process.execPath, [${JSON.stringify(server)}, '--workspace', ${JSON.stringify(workspace)}], {stdio: ['pipe', 'pipe', 'inherit']});
    let all = ''; c.stdout.on('data', (d) => { all += d; if (all.includes('"id":2')) c.stdin.end(); });
    c.on('exit', () => console.log(all)); c.stdin.write(${JSON.stringify(messages.join(''))});`;
}
