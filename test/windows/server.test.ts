import assert from 'node:assert/strict';
import { join } from 'node:path';
import { appears } from '../support/waiting';
import { itWithPython, openWindows, type Windows, type WindowsFolder } from './rig/windows';
import type { WindowsProcess } from './rig/windowsProcess';
import type { ConnectedClient, Fields } from '../support/mcpClient';

/** Starts a child that outlives it unless somebody ends it, and leaves both ids in a file. */
const withChild = [
  'import os, subprocess, sys, time',
  'child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])',
  'open("pids.tmp", "w").write(f"{os.getpid()} {child.pid}")',
  'os.rename("pids.tmp", "pids")',
  'time.sleep(600)',
].join('\n');

/** Which Python runs is told, too. */
const backgroundNotes = ({ notes }: Fields): unknown[] =>
  Array.isArray(notes) ? notes.filter((note) => String(note).includes('background')) : [];

describe('the server over stdio on Windows', () => {
  let windows: Windows;
  let folder: WindowsFolder;
  const clients: ConnectedClient[] = [];
  before(async () => (windows = await openWindows()));
  after(async () => {
    await windows.close();
  });
  beforeEach(() => (folder = windows.makeFolder()));
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(({ close }) => close()));
  });
  const connect = async (): Promise<ConnectedClient> => {
    const client = await windows.connect(['--workspace', folder.there]);
    clients.push(client);
    return client;
  };
  const pids = async (): Promise<number[]> => (await appears(join(folder.here, 'pids'))).split(' ').map(Number);

  it('lists its tools', async () => {
    const { client } = await connect();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['python.run', 'python.venv', 'python.pip'],
    );
  });

  itWithPython('serves the folder by any spelling of its name', async () => {
    const { ask } = await windows.connect(['--workspace', `${folder.there.toUpperCase()}\\.`]).then((client) => {
      clients.push(client);
      return client;
    });
    const result = await ask('python.run', { code: 'print(1)', cwd: folder.there });
    assert.deepEqual([result.success, result['stdout']], [true, '1\n'], JSON.stringify(result));
  });

  itWithPython('ends what a run started when the time is over', async () => {
    const { ask } = await connect();
    const result = await ask('python.run', { code: withChild, timeout: 3 });
    assert.deepEqual([result['timed_out'], result['exit_code']], [true, -1]);
    for (const pid of await pids()) await windows.ends(pid);
  });

  itWithPython('ends what a run started when the call is cancelled', async () => {
    const { call } = await connect();
    const cancel = new AbortController();
    const cancelled = call('python.run', { code: withChild }, { signal: cancel.signal });
    const started = await pids();
    cancel.abort();
    await assert.rejects(cancelled);
    for (const pid of started) await windows.ends(pid);
  });

  itWithPython('ends what a run left behind when the run has ended', async () => {
    const { ask } = await connect();
    const result = await ask('python.run', {
      code: withChild.replace('time.sleep(600)\n', '').replace(/time\.sleep\(600\)$/, 'pass'),
    });
    assert.equal(result.success, true);
    for (const pid of await pids()) await windows.ends(pid);
    assert.deepEqual(backgroundNotes(result), ['1 background process left running was ended']);
  });

  itWithPython('counts nothing where all that a run started has ended', async () => {
    const { ask } = await connect();
    const result = await ask('python.run', {
      code: 'import subprocess, sys; subprocess.run([sys.executable, "-c", ""]); print("done")',
    });
    assert.equal(result['stdout'], 'done\n');
    assert.deepEqual(backgroundNotes(result), []);
  });

  /** A server that runs the program with a child, without a client library around it. */
  const startBare = (): WindowsProcess => {
    const server = windows.startServer(['--workspace', folder.there]);
    const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bare', version: '1' } };
    for (const message of [
      { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'python.run', arguments: { code: withChild } } },
    ]) {
      server.write(`${JSON.stringify(message)}\n`);
    }
    return server;
  };

  itWithPython('ends, with all that it started, when its input is closed', async () => {
    const server = startBare();
    const started = await pids();
    server.endInput();
    assert.equal(await server.exited, 0);
    for (const pid of started) await windows.ends(pid);
  });

  itWithPython('leaves nothing behind where it is terminated', async () => {
    const server = startBare();
    const started = await pids();
    server.end();
    for (const pid of started) await windows.ends(pid);
    await server.exited;
  });
});
