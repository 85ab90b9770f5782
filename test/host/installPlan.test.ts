import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { anyPython } from '../support/anyPython';
import { installedUv } from '../support/installers';
import { writeWheel } from '../support/wheels';
import { chat } from './rig/chat';
import { installVsix } from './rig/installVsix';
import { openPage } from './rig/openPage';
import { packageVsix } from './rig/packageVsix';
import { screenshot } from './rig/screenshot';
import { startScriptedModel, type ScriptedModel } from './rig/scriptedModel';
import { session } from './rig/session';
import { startServer } from './rig/startServer';
import { makeWorkspace } from './rig/workspace';

const script = '# /// script\n# dependencies = ["alpha"]\n# ///\nimport alpha; print(alpha.__version__)\n';

/** What a person is shown before a chat installs something: by name, and through a script's metadata. */
describe('The question before a chat installs', function () {
  this.timeout(120_000);
  const opened: AsyncDisposable[] = [];
  let model: ScriptedModel;
  let page: Page;

  before(async function () {
    const uv = await installedUv();
    if (!uv) return this.skip();
    const { vscode, browser } = await session(this);
    const folder = realpathSync(await mkdtemp(join(tmpdir(), 'plan-wheels-')));
    const wheels = join(folder, 'wheels');
    opened.push({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) });
    await writeWheel(wheels, { name: 'alpha', version: '1.0', requires: ['beta'] });
    await writeWheel(wheels, { name: 'beta', version: '2.0' });
    model = await startScriptedModel();
    opened.push(model);
    const settings = { 'pythonTools.interpreter': anyPython(), 'pythonTools.chat.showInstallPlan': true };
    const workspace = await makeWorkspace({ 'report.py': script, '.vscode/settings.json': settings });
    opened.push(workspace);
    const server = await startServer(vscode, {
      chatModels: model.chatModels,
      env: {
        PIP_NO_INDEX: '1',
        PIP_FIND_LINKS: wheels,
        XDG_CACHE_HOME: join(folder, 'cache'),
        // On a busy machine a fresh pip takes longer than a question waits for its plan.
        PYTHON_TOOLS_UV: uv.path,
      },
      settings: { 'workbench.secondarySideBar.defaultVisibility': 'visible' },
    });
    opened.push(server);
    await installVsix(server, await packageVsix(resolve('.')));
    page = await openPage(browser, server, { open: workspace.path, chat: true });
    opened.push({ [Symbol.asyncDispose]: () => page.context().close() });
  });

  after(async () => {
    for (const part of opened.reverse()) await part[Symbol.asyncDispose]();
  });

  let turns = 0;

  /** Lets the model make a call that the person allows. @returns what the person was shown, and what the model read. */
  async function allow(tool: string, input: object, picture: string) {
    const last = `That was turn ${++turns}.`;
    model.play([{ call: tool, input }, { say: last }]);
    const ui = chat(page);
    const { confirmation, responses } = ui;
    await ui.ask('Please go on');
    await confirmation.message.waitFor({ timeout: 60_000 });
    const message = ((await confirmation.message.textContent()) ?? '').replaceAll(/[\u00a0\u200b]/g, (space) =>
      space === '\u00a0' ? ' ' : '',
    );
    await screenshot(page, picture);
    await confirmation.allowOnce();
    await responses.getByText(last).waitFor({ timeout: 60_000 });
    const results = model.turns.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? [];
    return { message, result: JSON.stringify(results.at(-1)?.content) };
  }

  it('shows the plan where the setting asks for it', async () => {
    const { message, result } = await allow('python_pip', { action: 'install', packages: ['alpha'] }, 'install-plan');
    assert.match(message, /Packages: alpha/);
    assert.match(message, /Plan, \d+ kB: install 2 packages: alpha 1\.0 \(\d+ B\), beta 2\.0 \(\d+ B\)/);
    assert.match(result, /Installed 2 packages into \.venv/);
  });

  it("shows what a script's metadata has installed before it runs", async () => {
    const { message, result } = await allow('python_run', { file: 'report.py' }, 'script-environment');
    assert.match(message, /Environment: one of its own in a cache outside of the project, with alpha, installed first/);
    assert.match(result, /1\.0\\n\[exit code 0/);
  });
});
