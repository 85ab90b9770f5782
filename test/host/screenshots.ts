import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { chat } from './rig/chat';
import { installVsCode } from './rig/installVsCode';
import { installVsix } from './rig/installVsix';
import { launchBrowser } from './rig/launchBrowser';
import { openPage } from './rig/openPage';
import { packageVsix } from './rig/packageVsix';
import { startScriptedModel } from './rig/scriptedModel';
import { startServer } from './rig/startServer';
import { workbench } from './rig/workbench';

/** Makes the README's pictures anew: `npm run screenshots`. The packaged extension, on the sample project. */
const pictures = resolve('media/readme');

async function main(): Promise<void> {
  await mkdir(pictures, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const project = join(folder, 'sales');
  await cp(resolve('test/fixtures/sample-project'), project, { recursive: true });
  const vscode = await installVsCode();
  const browser = await launchBrowser(vscode);
  try {
    await using model = await startScriptedModel();
    await using server = await startServer(vscode, {
      chatModels: model.chatModels,
      settings: { 'workbench.secondarySideBar.defaultVisibility': 'visible', 'workbench.layoutControl.enabled': false },
    });
    await installVsix(server, await packageVsix(resolve('.')));
    const viewport = { width: 1200, height: 720 };
    const page = await openPage(browser, server, { open: project, chat: true, viewport });
    await askForWork(page, model);
    await showPicker(page);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Agent mode: a venv is made, and the question before a run. */
async function askForWork(page: Page, model: Awaited<ReturnType<typeof startScriptedModel>>): Promise<void> {
  const bench = workbench(page);
  await bench.explorer.file('main.py').dblclick();
  const ui = chat(page);
  model.play([
    { call: 'python_venv', input: { action: 'create' } },
    { call: 'python_pip', input: { action: 'install', requirements: 'requirements.txt' } },
    { call: 'python_run', input: { file: 'main.py', args: ['--year', '2024'] } },
    { say: 'East sold most in 2024: 1622.10, ahead of North with 1410.75.' },
  ]);
  await ui.ask('Which region sold most in 2024?');
  for (const question of ['create', 'install', 'run']) {
    await ui.confirmation.message.waitFor({ timeout: 120_000 });
    if (question === 'run') {
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(pictures, 'agent.png'), animations: 'disabled' });
    }
    await ui.confirmation.allowOnce();
    await ui.confirmation.message.waitFor({ state: 'hidden' });
  }
  await ui.responses.getByText('East sold most in 2024').waitFor({ timeout: 60_000 });
}

async function showPicker(page: Page): Promise<void> {
  const bench = workbench(page);
  await bench.statusBarItem('python-tools-mcp.python-tools-mcp', 'environment').click();
  await bench.quickInput.row('.venv').waitFor();
  await bench.quickInput.row('.venv').hover();
  await page.screenshot({ path: join(pictures, 'picker.png'), animations: 'disabled' });
}

void main().then(
  () => process.exit(0),
  (cause: unknown) => {
    console.error(cause);
    process.exit(1);
  },
);
