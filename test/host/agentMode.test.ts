import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { anyPython } from '../support/anyPython';
import { chat } from './rig/chat';
import { installVsix } from './rig/installVsix';
import { openPage } from './rig/openPage';
import { packageVsix } from './rig/packageVsix';
import { screenshot } from './rig/screenshot';
import { startScriptedModel, type ModelMove, type ScriptedModel } from './rig/scriptedModel';
import { session } from './rig/session';
import { startServer } from './rig/startServer';
import { workbench } from './rig/workbench';
import { makeWorkspace, type Workspace } from './rig/workspace';

/** The packaged extension as a person has it: installed, in a window whose agent mode talks to a scripted model. */
describe('The packaged extension in agent mode', function () {
  this.timeout(120_000);
  const opened: AsyncDisposable[] = [];
  let model: ScriptedModel;
  let workspace: Workspace;
  let page: Page;
  let vsix: string;

  before(async function () {
    const { vscode, browser } = await session(this);
    vsix = await packageVsix(resolve('.'));
    model = await startScriptedModel();
    opened.push(model);
    const settings = { 'pythonTools.interpreter': anyPython() };
    workspace = await makeWorkspace({ 'main.py': 'print("Hello from a file")\n', '.vscode/settings.json': settings });
    opened.push(workspace);
    const server = await startServer(vscode, {
      chatModels: model.chatModels,
      settings: { 'workbench.secondarySideBar.defaultVisibility': 'visible' },
    });
    opened.push(server);
    await installVsix(server, vsix);
    page = await openPage(browser, server, { open: workspace.path, chat: true });
    opened.push({ [Symbol.asyncDispose]: () => page.context().close() });
  });

  after(async () => {
    for (const part of opened.reverse()) await part[Symbol.asyncDispose]();
  });

  let turns = 0;

  /** Asks, lets the model make its moves, and waits for its last word. @param answer what a person does when asked. */
  async function ask(moves: readonly ModelMove[], answer?: (ui: ReturnType<typeof chat>) => Promise<void>) {
    const last = `That was turn ${++turns}.`;
    model.play([...moves, { say: last }]);
    const ui = chat(page);
    await ui.ask('Please go on');
    await answer?.(ui);
    await ui.responses.getByText(last).waitFor({ timeout: 60_000 });
  }

  /** @returns what the model reads of its call. */
  async function call(tool: string, input: object, answer?: (ui: ReturnType<typeof chat>) => Promise<void>) {
    await ask([{ call: tool, input }], answer);
    const results = model.turns.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
    return textOf(results.at(-1)?.content);
  }

  /** @returns the names of our tools that the model was offered. */
  const offered = () =>
    (model.turns[0]?.tools ?? [])
      .map(({ function: { name } }) => name)
      .filter((name) => /python_(run|venv|pip)$/.test(name))
      .sort();

  it('is small', async () => {
    assert.ok((await stat(vsix)).size <= 1.5 * 1024 ** 2);
  });

  it('shows the code before it runs, and gives the model the result in words', async () => {
    const text = await call('python_run', { code: 'print(6 * 7)' }, async ({ confirmation }) => {
      await confirmation.message.waitFor({ timeout: 60_000 });
      assert.equal(await confirmation.title.textContent(), 'Run Python code?');
      assert.match(await shown(confirmation.message), /^print\(6 \* 7\)\nWorking directory: .*\nInterpreter: no venv/);
      await screenshot(page, 'confirmation-run');
      await confirmation.allowOnce();
    });
    assert.match(text, /^42\n\[exit code 0 · .* · no venv\]$/);
  });

  it('only reads without asking', async () => {
    assert.equal(await call('python_venv', { action: 'list' }), 'This folder has no virtual environment.');
  });

  it('offers the model each tool once, with guidance on when to use them', () => {
    assert.deepEqual(offered(), ['python_pip', 'python_run', 'python_venv']);
    // A question asked while the window still starts goes without it.
    assert.match(JSON.stringify(model.turns[0]?.messages), /prefer these tools over a shell/);
  });

  it('shows what is installed and deleted, and respects a no', async () => {
    const path = 'environments-of-this-project/for-python-3/.venv'; // Wider than the chat.
    const venv = join(workspace.path, path);
    await call('python_venv', { action: 'create', path }, async ({ confirmation }) => {
      await confirmation.message.waitFor();
      await screenshot(page, 'confirmation-create');
      await confirmation.allowOnce();
    });
    assert.ok(existsSync(venv));
    const text = await call('python_venv', { action: 'delete', path }, async ({ confirmation }) => {
      await confirmation.message.waitFor();
      assert.equal(await confirmation.title.textContent(), 'Delete a virtual environment?');
      const message = await shown(confirmation.message);
      assert.ok(message.includes(venv) && message.includes(' MB'), message);
      await screenshot(page, 'confirmation-delete');
      await confirmation.skip();
    });
    assert.match(text, /skip/);
    assert.ok(existsSync(venv));
  });

  it('shows four first steps in its walkthrough', async () => {
    const window = workbench(page);
    await window.command('Welcome: Open Walkthrough...');
    await window.quickInput.row('Get started with Python Tools').click();
    const steps = page.locator('.getting-started-step .step-title');
    await steps.first().waitFor();
    await screenshot(page, 'walkthrough');
    assert.deepEqual(await steps.allTextContents(), [
      'Create an environment',
      'Install packages',
      'Run a file',
      'Let your agent do it',
    ]);
  });

  it('offers the tools over MCP instead once the setting says so', async () => {
    const settings = { 'pythonTools.chat.integration': 'mcp' };
    await writeFile(join(workspace.path, '.vscode/settings.json'), JSON.stringify(settings));
    // Nothing tells when VS Code has read the setting and started the server.
    for (const end = Date.now() + 30_000; Date.now() < end && !offered()[0]?.startsWith('mcp_');) await ask([]);
    assert.deepEqual(
      offered(),
      ['pip', 'run', 'venv'].map((name) => `mcp_python_tools_python_${name}`),
    );
  });
});

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('');
}

/** VS Code shows the blanks of code as no-break spaces; where a line may break is not seen. */
const shown = async (text: Locator): Promise<string> =>
  ((await text.textContent()) ?? '').replaceAll('\u00a0', ' ').replaceAll('\u200b', '');
