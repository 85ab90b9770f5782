import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { answersPing, parentWatch, watchClient } from '../../src/mcp/watchClient';

describe('a client that may be gone', () => {
  // Unreferenced timers alone do not keep the tests running.
  let keepAlive: NodeJS.Timeout;
  before(() => (keepAlive = setInterval(() => undefined, 1000)));
  after(() => {
    clearInterval(keepAlive);
  });

  it('is asked as soon as the parent is gone, and not before', async () => {
    let looks = 0;
    const asked: number[] = [];
    await new Promise<void>((onGone) => {
      watchClient({
        isParentGone: () => ++looks > 3,
        answers: async () => await Promise.resolve(asked.push(looks) < 1),
        onGone,
        lookMs: 1,
      });
    });
    assert.deepEqual(asked, [4]);
  });

  it('is served for as long as it answers, and is asked again', async () => {
    let asked = 0;
    await new Promise<void>((onGone) => {
      watchClient({
        isParentGone: () => true,
        answers: async () => await Promise.resolve(++asked < 5),
        onGone,
        lookMs: 1,
        askAgainMs: 1,
      });
    });
    assert.equal(asked, 5);
  });

  it('answers a ping where it lives, and none where it is gone or only its pipe is left', async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const { server } = new McpServer({ name: 'test', version: '1' });
    const client = new Client({ name: 'test', version: '1' });
    await Promise.all([server.connect(ours), client.connect(theirs)]);
    assert.equal(await answersPing(server), true);
    theirs.onmessage = () => undefined;
    assert.equal(await answersPing(server, 20), false);
    await ours.close();
    assert.equal(await answersPing(server), false);
  });

  it('answers by an error too', async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const { server } = new McpServer({ name: 'test', version: '1' });
    theirs.onmessage = (message) => {
      if ('id' in message) void theirs.send({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no' } });
    };
    await Promise.all([server.connect(ours), theirs.start()]);
    assert.equal(await answersPing(server), true);
  });

  it('is not looked for where the parent was unknown from the start, and is once that is another process', () => {
    assert.equal(parentWatch()(), false);
    assert.equal(parentWatch(1)(), false);
    assert.equal(parentWatch(process.pid)(), true);
  });
});
