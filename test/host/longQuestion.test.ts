import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { anyPython } from '../support/anyPython';
import { chat } from './rig/chat';
import { installVsix } from './rig/installVsix';
import { openPage } from './rig/openPage';
import { packageVsix } from './rig/packageVsix';
import { screenshot } from './rig/screenshot';
import { startScriptedModel, type ScriptedModel } from './rig/scriptedModel';
import { session } from './rig/session';
import { startServer } from './rig/startServer';
import { makeWorkspace, type Workspace } from './rig/workspace';

/** What a person sees of a call that hides something: far down, invisibly, or behind letters that look like others. */
describe('The question before a call that hides something', function () {
  this.timeout(120_000);
  const opened: AsyncDisposable[] = [];
  let model: ScriptedModel;
  let page: Page;
  let workspace: Workspace;

  before(async function () {
    const { vscode, browser } = await session(this);
    model = await startScriptedModel();
    opened.push(model);
    workspace = await makeWorkspace({ 'main.py': '', '.vscode/settings.json': {} });
    opened.push(workspace);
    const server = await startServer(vscode, {
      chatModels: model.chatModels,
      settings: {
        'workbench.secondarySideBar.defaultVisibility': 'visible',
        'pythonTools.interpreter': anyPython(),
      },
    });
    opened.push(server);
    await installVsix(server, await packageVsix(resolve('.')));
    page = await openPage(browser, server, { open: workspace.path, chat: true });
    opened.push({ [Symbol.asyncDispose]: () => page.context().close() });
  });

  after(async () => {
    for (const part of opened.reverse()) await part[Symbol.asyncDispose]();
  });

  it('says what misleads, counts what is cut, and opens all of it in an editor', async () => {
    const code = `${'x = 1\n'.repeat(200)}\u0435val("\u3164\u3164")  # the last line\n`;
    model.play([{ call: 'python_run', input: { code } }, { say: 'It was skipped.' }]);
    const ui = chat(page);
    const { confirmation, responses } = ui;
    await ui.ask('Please go on');
    await confirmation.message.waitFor({ timeout: 60_000 });
    const message = ((await confirmation.message.textContent()) ?? '')
      .replaceAll('\u00a0', ' ')
      .replaceAll('\u200b', '');
    assert.match(message, /Invisible characters: U\+3164 ×2/);
    assert.match(message, /Look-alike letters: \u0435val holds \u0435 \(Cyrillic, U\+0435\)/);
    assert.match(message, /… 141 more lines, \d+ characters/);
    await screenshot(page, 'question-misleading');
    await confirmation.root.getByText('open all of it').click();
    const editor = page.locator('.editor-instance .monaco-editor').first();
    await editor.getByText('Code', { exact: true }).waitFor();
    await editor.click();
    await page.keyboard.press('Control+End');
    await editor.getByText('the last line').waitFor();
    await editor.getByText(String.raw`\u{3164}\u{3164}`).waitFor();
    await page.keyboard.insertText('changed');
    await screenshot(page, 'question-opened-whole');
    assert.equal(await editor.getByText('changed').count(), 0);
    await confirmation.skip();
    await responses.getByText('It was skipped.').waitFor({ timeout: 60_000 });
    assert.deepEqual((await readdir(workspace.path)).sort(), ['.vscode', 'main.py']);
  });
});
