import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { PythonRunner, type RunOutcome } from '../../src/core/runner/PythonRunner';
import { textOf } from '../../src/core/process/capture';
import { defaultSettings, type RunEnvironment } from '../../src/core/settings';
import { anyPython } from '../support/anyPython';
import { connectOverStdio, exitOf, stdioServer, type ConnectedClient } from '../support/mcpClient';
import { onWindows, skipped } from '../support/platform';

/** Prints those of the variables that there are. */
const show = (...names: string[]): string =>
  `import json, os; print(json.dumps({name: os.environ[name] for name in ${JSON.stringify(names)} if name in os.environ}))`;

describe('the environment of a run', () => {
  let folder: string;
  const clients: ConnectedClient[] = [];
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'run-environment-')))));
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(({ close }) => close()));
    rmSync(folder, { recursive: true, force: true });
  });
  const host = { TEST_SECRET: 's3cret', TEST_TOKEN: 't0ken', TEST_NAME: 'host', LC_TIME: 'C' };
  const seenBy = async ({ ask }: ConnectedClient, ...names: string[]): Promise<unknown> =>
    JSON.parse(String((await ask('python.run', { code: show(...names) }))['stdout']));
  const start = async (...flags: string[]): Promise<ConnectedClient> => {
    const client = await connectOverStdio(['--workspace', folder, ...flags], { env: host });
    clients.push(client);
    return client;
  };
  const names = [...Object.keys(host), 'OF_FILE'];

  it('is all of the server’s, unless a flag says otherwise', async () => {
    assert.deepEqual(await seenBy(await start(), ...names), host);
  });

  it('is minimal with a flag, and has PATH and what is passed', async () => {
    const client = await start('--run-environment', 'minimal', '--pass-variable', 'TEST_N*');
    // Three in a row: the later ones are run by an interpreter that waited.
    for (let run = 0; run < 3; run++) {
      assert.deepEqual(await seenBy(client, ...names), { TEST_NAME: 'host', LC_TIME: 'C' });
    }
    writeFileSync(join(folder, 'main.py'), show(...names, 'PATH'));
    const { stdout } = await client.ask('python.run', { file: 'main.py' });
    const seen = JSON.parse(String(stdout)) as Record<string, string>;
    assert.deepEqual([Object.keys(seen).sort(), (seen['PATH'] ?? '') !== ''], [['LC_TIME', 'PATH', 'TEST_NAME'], true]);
    const { stdout: ofModule } = await client.ask('python.run', { module: 'main' });
    assert.equal(ofModule, stdout);
  });

  it('is without what is withheld, and the call’s own variables go over all', async () => {
    writeFileSync(join(folder, '.env'), 'TEST_NAME=file\nOF_FILE=1\n');
    const client = await start('--withhold-variable', '*_TOKEN', '--run-env-file', '.env');
    const expected = { TEST_SECRET: 's3cret', TEST_NAME: 'file', LC_TIME: 'C', OF_FILE: '1' };
    assert.deepEqual(await seenBy(client, ...names), expected);
    const env = { TEST_NAME: 'call', TEST_TOKEN: 'of the call' };
    const { stdout } = await client.ask('python.run', { code: show(...names), env });
    assert.deepEqual(JSON.parse(String(stdout)), { ...expected, ...env });
  });

  it('has no part in a run whose file of variables cannot be read, of which nothing is quoted', async () => {
    writeFileSync(join(folder, '.env'), 'SECRET=s3cret\0');
    const { ask } = await start('--run-env-file', '.env');
    const { error, ...result } = await ask('python.run', { code: 'print(1)' });
    assert.match(JSON.stringify(error), /"kind":"invalid_input".*environment file/);
    assert.ok(!JSON.stringify([error, result]).includes('s3cret'));
  });

  it('is what connect was told', async () => {
    const flags = ['--run-environment', 'minimal', '--withhold-variable', 'LC_*', '--run-env-file', '.env'];
    writeFileSync(join(folder, '.env'), 'OF_FILE=1');
    const connect = async (more: readonly string[]): Promise<number | null> => {
      const args = [stdioServer, 'connect', 'claude', '--project', '--yes', ...more];
      return await exitOf(spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' }));
    };
    const written = (): { mcpServers: { python: { args: string[] } } } =>
      JSON.parse(readFileSync(join(folder, '.mcp.json'), 'utf8')) as { mcpServers: { python: { args: string[] } } };
    assert.equal(await connect([]), 0);
    assert.equal(await connect(flags), 0);
    const [server = '', ...given] = written().mcpServers.python.args;
    assert.deepEqual([server, given], [stdioServer, flags]);
    assert.deepEqual(await seenBy(await start(...given), ...names), { OF_FILE: '1' });
    assert.equal(await connect(['--remove']), 0);
    assert.deepEqual(written().mcpServers, {});
  });

  // There no interpreter waits.
  (onWindows ? skipped('no interpreter waits on Windows') : it)(
    'is the one of now, where an interpreter waited in another',
    async () => {
      const python = anyPython();
      const environment: Environment = {
        ...{ path: folder, python, version: '3', isVenv: false, scripts: folder },
        libraries: { own: [], inherited: [] },
      };
      let runEnvironment: RunEnvironment = { ...defaultSettings.runEnvironment, file: '.env' };
      const runner = new PythonRunner(folder, () => ({ keepInterpreterReady: false, runEnvironment }));
      const run = async (): Promise<unknown> => {
        const program = { kind: 'code', code: show('TEST_RUN_SECRET', 'OF_FILE') } as const;
        const outcome: RunOutcome = await runner.run(environment, { program, args: [], env: {}, cwd: folder });
        return JSON.parse(textOf(outcome.stdout).split('\n')[0] ?? '');
      };
      process.env['TEST_RUN_SECRET'] = 's3cret';
      try {
        writeFileSync(join(folder, '.env'), 'OF_FILE=1');
        await runner.prepare(environment);
        assert.deepEqual(await run(), { TEST_RUN_SECRET: 's3cret', OF_FILE: '1' });

        await runner.prepare(environment);
        writeFileSync(join(folder, '.env'), 'OF_FILE=2');
        assert.deepEqual(await run(), { TEST_RUN_SECRET: 's3cret', OF_FILE: '2' });

        await runner.prepare(environment);
        runEnvironment = { ...runEnvironment, inherit: 'minimal' };
        assert.deepEqual(await run(), { OF_FILE: '2' });

        await runner.prepare(environment);
        runEnvironment = { ...runEnvironment, pass: ['TEST_RUN_*'], file: '' };
        assert.deepEqual(await run(), { TEST_RUN_SECRET: 's3cret' });

        await runner.prepare(environment);
        Reflect.deleteProperty(process.env, 'TEST_RUN_SECRET');
        assert.deepEqual(await run(), {});
      } finally {
        Reflect.deleteProperty(process.env, 'TEST_RUN_SECRET');
        await runner.release();
      }
    },
  );
});
