import assert from 'node:assert/strict';
import { openWindow } from './rig/openWindow';
import { screenshot } from './rig/screenshot';
import { session } from './rig/session';
import type { Session } from './rig/session';
import { makeWorkspace } from './rig/workspace';

describe('Activation', () => {
  let shared: Session;
  before(async function () {
    shared = await session(this);
  });

  it('takes at most 20 ms, as VS Code itself measures it', async function () {
    this.timeout(180_000);
    await using workspace = await makeWorkspace({ 'main.py': '' });
    await using opened = await openWindow(shared, workspace.path);
    await opened.item.getByText('No venv').waitFor({ timeout: 60_000 });
    await opened.window.command('Developer: Show Running Extensions');
    const row = opened.page.locator('.editor-instance .extension', { hasText: /python.tools.mcp/i });
    await screenshot(opened.page, 'activation');
    const time = await row.locator('.activation-time').innerText();
    console.log(`      ${time}`);
    await screenshot(opened.page, 'activation');
    assert.ok(Number(/(\d+)\s*ms/.exec(time)?.[1]) <= 20, time);
  });
});
