import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { anyPython } from '../support/anyPython';
import { openWindow } from './rig/openWindow';
import type { Window } from './rig/openWindow';
import { screenshot } from './rig/screenshot';
import { session } from './rig/session';
import type { Session } from './rig/session';
import { makeWorkspace } from './rig/workspace';
import type { Workspace } from './rig/workspace';

const atOnceMs = 500;

describe('The status bar', () => {
  let shared: Session;
  before(async function () {
    shared = await session(this);
  });

  describe('of a window with one folder', () => {
    let workspace: Workspace;
    let opened: Window;
    const makeVenv = async (name: string): Promise<void> => {
      await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', name], { cwd: workspace.path });
    };
    before(async function () {
      this.timeout(120_000);
      // The setting that hides venvs from VS Code's own watcher.
      const settings = { 'files.watcherExclude': { '**/.venv/**': true, '**/venv/**': true, '**/other/**': true } };
      workspace = await makeWorkspace({ 'main.py': 'print("Hello")\n', '.vscode/settings.json': settings });
      opened = await openWindow(shared, workspace.path);
    });
    after(async () => {
      await opened[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    });

    it('says that there is no venv', async () => {
      await opened.item.getByText('No venv').waitFor({ timeout: 60_000 });
      await screenshot(opened.page, 'status-no-venv');
    });

    it('shows a venv at once that a terminal made, also where VS Code does not watch it', async () => {
      const version = await pythonVersion();
      await within(atOnceMs, () => makeVenv('.venv'), opened.item.getByText(`.venv · ${version}`));
      await screenshot(opened.page, 'status-venv');
    });

    it('tells of it in a tooltip, with its packages, its size and what can be done', async function () {
      this.timeout(60_000);
      await opened.page.waitForTimeout(1500);
      const tooltip = await opened.window.tooltip(opened.item);
      await tooltip.getByText('Packages').first().waitFor();
      const text = await tooltip.innerText();
      for (const part of [join(workspace.path, '.venv'), 'Base', 'MB', 'Select']) assert.ok(text.includes(part), text);
      await screenshot(opened.page, 'status-tooltip');
      await opened.page.mouse.move(10, 10);
    });

    it('follows a venv that is moved, and warns of one that broke', async () => {
      const name = (text: string) => opened.item.getByText(text);
      await within(
        atOnceMs,
        () => rename(join(workspace.path, '.venv'), join(workspace.path, 'other')),
        name('other ·'),
      );
      const scripts = join(workspace.path, 'other', 'bin');
      const break_ = async (): Promise<void> => {
        for (const file of await readdir(scripts)) if (file.startsWith('python')) await unlink(join(scripts, file));
      };
      await within(atOnceMs, break_, name('other · broken'));
      assert.match((await opened.item.getAttribute('class')) ?? '', /warning-kind/);
      await screenshot(opened.page, 'status-broken');
    });

    it('says so when the active venv is deleted', async () => {
      await within(
        atOnceMs,
        () => rm(join(workspace.path, 'other'), { recursive: true }),
        opened.item.getByText('No venv'),
      );
      assert.doesNotMatch((await opened.item.getAttribute('class')) ?? '', /warning-kind/);
    });

    it('goes and comes back with the setting, without a reload', async () => {
      const settings = join(workspace.path, '.vscode/settings.json');
      await writeFile(settings, '{"pythonTools.enable": false}');
      await opened.item.waitFor({ state: 'detached' });
      await writeFile(settings, '{}');
      await opened.item.getByText('No venv').waitFor();
      await within(atOnceMs, () => makeVenv('.venv'), opened.item.getByText('.venv ·'));
    });
  });

  it('follows the active editor from folder to folder', async function () {
    this.timeout(180_000);
    await using workspace = await makeWorkspace({
      'both.code-workspace': { folders: [{ path: 'one' }, { path: 'two' }], settings: {} },
      'one/first.py': '',
      'two/second.py': '',
    });
    await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', 'two/venv'], { cwd: workspace.path });
    await using opened = await openWindow(shared, join(workspace.path, 'both.code-workspace'));
    await opened.item.getByText('No venv').waitFor({ timeout: 60_000 });
    await opened.window.openFile('second.py');
    await opened.item.getByText('venv ·').waitFor();
    await screenshot(opened.page, 'status-two-folders');
    await opened.window.openFile('first.py');
    await opened.item.getByText('No venv').waitFor();
  });

  it('spins while packages are installed', async function () {
    this.timeout(180_000);
    await using workspace = await makeWorkspace({ 'main.py': '' });
    await promisify(execFile)(anyPython(), ['-m', 'venv', '.venv'], { cwd: workspace.path });
    // An index that answers when the test lets it.
    let answer = (): void => undefined;
    const answering = new Promise<void>((resolve) => (answer = resolve));
    const index = createServer((_request, response) => {
      void answering.then(() => response.writeHead(404).end());
    }).listen(0, '127.0.0.1');
    after(() => {
      index.close();
      index.closeAllConnections();
    });
    await once(index, 'listening');
    const { port } = index.address() as AddressInfo;
    const env = { PIP_INDEX_URL: `http://127.0.0.1:${port}/simple`, PIP_CONFIG_FILE: '/dev/null' };
    await using opened = await openWindow(shared, workspace.path, { env });
    await opened.item.getByText('.venv ·').waitFor({ timeout: 60_000 });
    await opened.window.command('Python Tools: Install Packages');
    await opened.window.quickInput.box.fill('anything');
    await opened.page.keyboard.press('Enter');
    await opened.item.locator('.codicon-loading').waitFor();
    await screenshot(opened.page, 'status-busy');
    answer();
    await opened.item.locator('.codicon-python').waitFor();
  });

  it('says in an untrusted workspace that nothing is run', async function () {
    this.timeout(180_000);
    await using workspace = await makeWorkspace({ 'main.py': '' });
    await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', '.venv'], { cwd: workspace.path });
    await using opened = await openWindow(shared, workspace.path, { trusted: false });
    await opened.item.getByText('Not trusted').waitFor({ timeout: 60_000 });
    await screenshot(opened.page, 'status-untrusted');
    // Trusting the folder needs no reload.
    await opened.window.command('Workspaces: Manage Workspace Trust');
    await opened.page.locator('.workspace-trust-editor').getByText('Trust', { exact: true }).first().click();
    await opened.item.getByText('.venv ·').waitFor();
  });

  it('is not there in a folder without Python', async function () {
    this.timeout(180_000);
    await using workspace = await makeWorkspace({ 'index.js': '' });
    await using opened = await openWindow(shared, workspace.path);
    await opened.page.locator('.statusbar-item').first().waitFor({ timeout: 60_000 });
    await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', '.venv'], { cwd: workspace.path });
    // Until it sees a venv there.
    await opened.item.getByText('.venv ·').waitFor({ timeout: 60_000 });
    await rm(join(workspace.path, '.venv'), { recursive: true });
    await opened.item.waitFor({ state: 'detached' });
  });
});

/** Checks that `shown` is visible soon after `action` has ended. */
async function within(ms: number, action: () => Promise<unknown>, shown: Locator): Promise<void> {
  await action();
  const started = performance.now();
  await shown.waitFor();
  const took = Math.round(performance.now() - started);
  console.log(`      shown after ${took} ms`);
  assert.ok(took < ms, `it took ${took} ms`);
}

async function pythonVersion(): Promise<string> {
  const code = 'import platform; print(platform.python_version())';
  return (await promisify(execFile)(anyPython(), ['-c', code])).stdout.trim();
}
