import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { errors } from '../../src/core/errors';
import { startEndpoint, type Endpoint } from '../../src/mcp/endpoint';
import { onWine } from '../support/platform';

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
