import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { errors } from '../../src/core/errors';
import { startEndpoint, type Endpoint } from '../../src/mcp/endpoint';
import { onWine } from '../support/platform';
import { openWorkspace } from '../support/testFolders';

describe('the MCP endpoint of a window, before something is deleted', () => {
  it('asks the person at the window each time, whatever its client allowed', async function () {
    if (onWine) return this.skip();
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'endpoint-')));
    const [folder] = openWorkspace([root]).folders;
    assert.ok(folder);
    const asked: string[] = [];
    let answer = false;
    const endpoint = await startEndpoint({
      folders: { pick: () => Promise.resolve(folder) },
      wrap: (tools) => tools,
      onOutput: () => undefined,
      log: () => undefined,
      confirm: ({ tool, input }) => {
        asked.push(`${tool} ${input.action ?? ''}`);
        return Promise.resolve(answer);
      },
    });
    const client = new Client({ name: 'test', version: '1' });
    const requestInit = { headers: { authorization: endpoint.authorization } };
    await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url), { requestInit }));
    const remove = async (): Promise<unknown> =>
      (await client.callTool({ name: 'python.venv', arguments: { action: 'delete' } })).structuredContent;
    const config = join(root, '.venv/pyvenv.cfg');
    mkdirSync(join(root, '.venv'));
    writeFileSync(config, 'home = /nowhere\n');
    for (let times = 1; times <= 2; times++) {
      assert.match(JSON.stringify(await remove()), /"kind":"cancelled".*did not allow the delete/);
      assert.deepEqual([asked.length, existsSync(config)], [times, true]);
    }
    answer = true;
    assert.match(JSON.stringify(await remove()), /"deleted":true/);
    assert.deepEqual([asked, existsSync(config)], [Array(3).fill('venv delete'), false]);
    await client.close();
    await endpoint.close();
    rmSync(root, { recursive: true, force: true });
  });
});

describe('the MCP endpoint of a window', () => {
  let endpoint: Endpoint;
  const client = new Client({ name: 'test', version: '1' });

  before(async function () {
    if (onWine) {
      console.log('    skipped: Wine does not connect what fetch opens');
      this.skip();
    }
    endpoint = await startEndpoint({
      folders: { pick: () => Promise.reject(errors.noFolder()) },
      wrap: (tools) => tools.slice(0, 2),
      onOutput: () => undefined,
      log: () => undefined,
    });
    const requestInit = { headers: { authorization: endpoint.authorization } };
    await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url), { requestInit }));
  });

  it('serves the tools as the window wraps them, with guidance', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['python.run', 'python.venv'],
    );
    assert.match(client.getInstructions() ?? '', /prefer these tools over a shell/);
  });

  it('answers a call with the error of the folders', async () => {
    const { isError, structuredContent } = await client.callTool({
      name: 'python.venv',
      arguments: { action: 'list' },
    });
    assert.equal(isError, true);
    assert.match(JSON.stringify(structuredContent), /"kind":"no_folder"/);
  });

  it('tells its clients when to ask for the tools again', async () => {
    const told = new Promise<void>((resolve) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
        resolve();
      });
    });
    await endpoint.announceTools();
    await told;
  });

  it('answers nobody without its token, and nobody once it is closed', async () => {
    assert.equal((await fetch(endpoint.url, { method: 'POST', body: '{}' })).status, 403);
    await endpoint.close();
    await assert.rejects(fetch(endpoint.url));
  });
});
