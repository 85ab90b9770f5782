import assert from 'node:assert/strict';
import { openWindows, type Windows, type WindowsFolder } from './rig/windows';
import type { ConnectedClient } from '../support/mcpClient';

describe('the server over stdio on Windows', () => {
  let windows: Windows;
  let folder: WindowsFolder;
  let server: ConnectedClient;
  before(async () => {
    windows = await openWindows();
    folder = windows.makeFolder();
    server = await windows.connect(['--workspace', folder.there]);
  });
  after(async () => {
    await server.close();
    await windows.close();
  });

  it('lists its tools', async () => {
    const { tools } = await server.client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['python.run', 'python.venv', 'python.pip'],
    );
  });

  it('runs code', async () => {
    const result = await server.ask('python.run', { code: 'import os; print(os.getcwd())' });
    assert.deepEqual([result.success, result['stdout']], [true, `${folder.there}\n`]);
  });
});
