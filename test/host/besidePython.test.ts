import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { openWindow } from './rig/openWindow';
import type { Window } from './rig/openWindow';
import { screenshot } from './rig/screenshot';
import { session } from './rig/session';
import type { Session } from './rig/session';
import { makeVenvs } from './rig/venvs';
import { makeWorkspace } from './rig/workspace';
import type { Workspace } from './rig/workspace';

describe('The status bar beside the Python extension', function () {
  this.timeout(60_000);
  let shared: Session;
  let workspace: Workspace;
  let opened: Window;
  let theirItem: Locator;
  before(async function () {
    shared = await session(this);
    this.timeout(120_000);
    workspace = await makeWorkspace({
      'main.py': 'print("Hello")\n',
      'notes.md': 'Hello\n',
      '.vscode/settings.json': { 'standIn.selected': 'second/bin/python' },
    });
    await makeVenvs(workspace, '.venv', 'second', 'third');
    opened = await openWindow(shared, workspace.path, { extensions: ['python'] });
    theirItem = opened.window.statusBarItem('ms-python.python', 'interpreter');
  });
  after(async () => {
    await opened[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  it('shows the active venv as long as that extension sleeps', async () => {
    await opened.item.getByText('.venv ·').waitFor({ timeout: 60_000 });
  });

  it('leaves it to its item where that says the same', async () => {
    await opened.window.openFile('main.py');
    await theirItem.waitFor();
    await opened.item.waitFor({ state: 'detached' });
    await screenshot(opened.page, 'status-beside-python');
  });

  it('shows the venv where that shows nothing, and says that it follows', async () => {
    await opened.window.openFile('notes.md');
    await opened.item.getByText('second ·').waitFor();
    const tooltip = await opened.window.tooltip(opened.item);
    await tooltip.getByText('Follows the Python extension').waitFor();
    await screenshot(opened.page, 'status-follows-python');
    await opened.page.mouse.move(10, 10);
  });

  it('shows both where they differ: a person chose another venv here', async () => {
    await opened.window.openFile('main.py');
    await opened.window.command('Python Tools: Select Environment');
    await opened.window.quickInput.row('third').click();
    await opened.item.getByText('third ·').waitFor();
    await theirItem.waitFor();
  });

  it('keeps that choice when the window is opened again', async () => {
    await opened.page.reload();
    await opened.item.getByText('third ·').waitFor({ timeout: 40_000 });
    await opened.window.openFile('main.py');
    await theirItem.waitFor();
    await opened.window.openFile('notes.md');
    await theirItem.waitFor({ state: 'detached' });
    await opened.item.getByText('third ·').waitFor();
  });

  it('follows again when another one is selected there', async () => {
    await writeFile(join(workspace.path, '.vscode/settings.json'), '{"standIn.selected": ".venv/bin/python"}');
    await opened.item.getByText('.venv ·').waitFor();
  });

  it('is not left to an item that the user has hidden', async () => {
    await opened.window.openFile('main.py');
    await opened.item.waitFor({ state: 'detached' });
    const settings = join(opened.server.home, 'data/Machine/settings.json');
    await mkdir(dirname(settings), { recursive: true });
    await writeFile(settings, '{"python.interpreter.infoVisibility": "never"}');
    await opened.item.getByText('.venv ·').waitFor();
  });
});
