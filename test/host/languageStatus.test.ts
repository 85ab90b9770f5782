import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { anyPython } from '../support/anyPython';
import { testServers } from '../support/testServers';
import { eventually } from '../support/waiting';
import { openWindow } from './rig/openWindow';
import type { Window } from './rig/openWindow';
import { screenshot } from './rig/screenshot';
import { session } from './rig/session';
import type { Session } from './rig/session';
import { makeWorkspace } from './rig/workspace';

describe('A person with a Python file open', () => {
  let shared: Session;
  before(async function () {
    shared = await session(this);
  });

  /** Opens what VS Code shows of the language of the active file. */
  async function languageStatus({ page, window, item: environment }: Window): Promise<Locator> {
    await environment.waitFor({ timeout: 45_000 });
    await window.explorer.file('main.py').dblclick();
    await page.locator('.view-lines').getByText('lamp').first().waitFor();
    const item = page.locator('.statusbar-item[id="status.languageStatus"]');
    await item.click();
    return page.locator('.hover-language-status').first().locator('..');
  }

  it('sees that there is no language server, and can say that none is wanted', async function () {
    this.timeout(90_000);
    await using folder = await makeWorkspace({
      'main.py': 'import lamp\n',
      // A path at which there is none: whatever this machine has installed.
      '.vscode/settings.json': { 'pythonTools.languageServerPath': 'missing/ty', 'pythonTools.ruffServer': false },
    });
    await using open = await openWindow(shared, folder.path, { env: { HOME: tmpdir() } });
    const status = await languageStatus(open);
    await status.getByText('No Python language server').waitFor();
    await screenshot(open.page, 'language-status-none');
    await status.getByText('Install basedpyright…').click();
    await open.window.quickInput.rows.filter({ hasText: 'Install basedpyright into .venv' }).waitFor();
    await screenshot(open.page, 'language-server-offer');
    await open.window.quickInput.rows.filter({ hasText: 'Never' }).click();
    const settings = join(folder.path, '.vscode/settings.json');
    await open.window.quickInput.root.waitFor({ state: 'hidden' });
    for (let text = ''; !text.includes('"off"');) text = await readFile(settings, 'utf8');
    await open.page.locator('.statusbar-item[aria-label*="No Python language server"]').waitFor({ state: 'hidden' });
  });

  it('sees which one there is, and leaves none behind with the window', async function () {
    this.timeout(120_000);
    const servers = testServers();
    if (!servers || process.platform === 'win32') this.skip();
    await using folder = await makeWorkspace({ 'main.py': 'import lamp\n' });
    execFileSync(anyPython(), ['-m', 'venv', '--without-pip', join(folder.path, '.venv')]);
    const env = { HOME: tmpdir(), UV_TOOL_BIN_DIR: servers.scripts };
    const started = (): string[] =>
      execFileSync('ps', ['-e', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes(servers.scripts) && /langserver|ruff server/.test(line));
    const before = started();
    const open = await openWindow(shared, folder.path, { env });
    try {
      const status = await languageStatus(open);
      await status.getByText(/basedpyright \d+\.\d+\.\d+/).waitFor({ timeout: 45_000 });
      await status.getByText(/\.venv/).waitFor();
      await screenshot(open.page, 'language-status');
      assert.ok(started().length > before.length);
      await open.page.context().close();
      await eventually(() => (started().length <= before.length ? true : undefined), 30_000);
    } finally {
      await open[Symbol.asyncDispose]();
    }
  });
});
