import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Page } from 'playwright-core';
import { connected } from '../support/mcpClient';
import { eventually } from '../support/waiting';
import { installVsix } from './rig/installVsix';
import { openPage } from './rig/openPage';
import { packageVsix } from './rig/packageVsix';
import { screenshot } from './rig/screenshot';
import { session } from './rig/session';
import { startServer, type Server } from './rig/startServer';
import { workbench, type Workbench } from './rig/workbench';
import { makeWorkspace, type Workspace } from './rig/workspace';

describe('A person who connects another agent', () => {
  let home: string;
  let server: Server;
  let folder: Workspace;
  let page: Page;
  let bench: Workbench;
  const environment = () => ({ HOME: home, XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined });
  const file = () => join(folder.path, '.mcp.json');

  before(async function () {
    const { vscode, browser } = await session(this);
    home = await realpath(await mkdtemp(join(tmpdir(), 'connect-home-')));
    folder = await makeWorkspace({ 'main.py': '', '.mcp.json': '{\n  // mine\n  "mcpServers": {}\n}\n' });
    server = await startServer(vscode, { env: environment() });
    await installVsix(server, await packageVsix(resolve('.')));
    page = await openPage(browser, server, { open: folder.path });
    bench = workbench(page);
    await bench.statusBarItem('python-tools-mcp.python-tools-mcp', 'environment').waitFor();
  });
  after(async () => {
    await page.context().close();
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });
  const choose = async (): Promise<void> => {
    await bench.command('Python Tools: Connect Another Agent…');
    await bench.quickInput.row('Claude Code').click();
    await bench.quickInput.row('This project').click();
  };

  it('sees the change as a diff, and nothing is written before they agree', async () => {
    const before = await readFile(file(), 'utf8');
    await choose();
    await page.locator('.monaco-diff-editor').getByText('start.js').first().waitFor();
    await bench.notification.saying(/Write .*\.mcp\.json\?/).waitFor();
    await screenshot(page, 'connect-agent');
    assert.equal(await readFile(file(), 'utf8'), before);
    assert.ok(!existsSync(join(home, '.local/state/python-tools-mcp/server')));
  });

  it('agrees, and gets a command line that starts the server from outside the extension', async () => {
    await bench.notification.button(/Write /, 'Write').click();
    await page.locator('.tab', { hasText: '.mcp.json' }).first().waitFor();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    const start = join(home, '.local/state/python-tools-mcp/server/start.js');
    // The server is copied first.
    const text = await eventually(() => {
      const written = readFileSync(file(), 'utf8');
      return written.includes(JSON.stringify(start)) ? written : undefined;
    });
    assert.match(text, /^\{\n {2}\/\/ mine\n/);
    const [, command] = /"command": "([^"]+)"/.exec(text) ?? [];
    assert.ok(command !== undefined);
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StdioClientTransport({ command, args: [start], cwd: folder.path, env: { HOME: home } }));
    const { ask, close } = connected(client);
    assert.equal((await ask('python.run', { code: 'print(6 * 7)' }))['stdout'], '42\n');
    await close();
  });

  it('is told where it is connected already, and can take it out again', async () => {
    await choose();
    await bench.notification.button('has the Python tools already', 'Remove').click();
    await bench.notification.button('Remove from', 'Remove').click();
    await bench.notification.saying('Remove from').waitFor({ state: 'detached' });
    await page.locator('.view-lines', { hasText: '// mine' }).getByText('"python"').waitFor({ state: 'detached' });
    await eventually(() => (readFileSync(file(), 'utf8').includes('python') ? undefined : true));
  });
});
