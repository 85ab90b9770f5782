import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const settings = () => vscode.workspace.getConfiguration('pythonTools');

const direct = ['python_pip', 'python_run', 'python_venv'];
const overMcp = direct.map((name) => `mcp_python_tools_${name}`);

/** Waits until the tools that answer are these; which of them a model is offered is agentMode.test.ts's concern. */
async function answering(wanted: readonly string[]): Promise<void> {
  for (const end = Date.now() + 20_000; ;) {
    const names = [];
    for (const name of [...direct, ...overMcp]) {
      if (await call(name, { action: 'list' }).catch(() => undefined)) names.push(name);
    }
    if (names.join() === wanted.join()) return;
    if (Date.now() > end) assert.deepEqual(names, wanted);
    await startServers(); // Nothing tells when VS Code has heard of the servers there are.
  }
}

async function startServers(): Promise<void> {
  // A person's click in the list of servers; in agent mode VS Code does it by itself.
  await vscode.commands.executeCommand('workbench.mcp.startServer', '*', {
    promptType: 'never',
    autoTrustChanges: true,
  });
}

async function call(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

describe('The way in which chats see the tools', function () {
  this.timeout(60_000);

  after(async () => {
    await settings().update('chat.integration', undefined);
    await settings().update('enable', undefined);
  });

  it('is as language-model tools alone, also once servers are started', async () => {
    await answering(direct);
  });

  it('is changed to MCP without a reload, and VS Code sees each tool once', async () => {
    await settings().update('chat.integration', 'mcp');
    await answering([]);
    await answering(overMcp);
  });

  it('works over MCP', async () => {
    const text = await call('mcp_python_tools_python_venv', { action: 'list' });
    assert.match(text, /"venvs":/);
  });

  it('is changed to both, and back', async () => {
    await settings().update('chat.integration', 'both');
    await answering([...direct, ...overMcp]);
    await settings().update('chat.integration', undefined);
    await answering(direct);
  });

  it('is not at all while the extension is switched off', async () => {
    await settings().update('enable', false);
    await answering([]);
    await settings().update('enable', undefined);
    await answering(direct);
    assert.match(await call('python_venv', { action: 'list' }), /virtual environment/);
  });
});
