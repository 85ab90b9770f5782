import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { anyPython } from '../support/anyPython';
import { writeWheel } from '../support/wheels';
import { installVsix } from './rig/installVsix';
import { openPage } from './rig/openPage';
import { packageVsix } from './rig/packageVsix';
import { screenshot } from './rig/screenshot';
import { session } from './rig/session';
import { startServer } from './rig/startServer';
import type { Server } from './rig/startServer';
import { workbench } from './rig/workbench';
import type { Workbench } from './rig/workbench';
import { makeWorkspace } from './rig/workspace';
import type { Workspace } from './rig/workspace';

/** A program that never ends by itself, and starts another that does not either. */
const endless = `
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print('child', child.pid)
time.sleep(600)
`;

describe('A person in a window', () => {
  let server: Server;
  let folder: Workspace;
  let page: Page;
  let bench: Workbench;
  const at = (...parts: string[]) => join(folder.path, ...parts);

  before(async function () {
    const { vscode, browser } = await session(this);
    folder = await makeWorkspace({
      'main.py':
        'import sys\nprint("Grüße", sys.prefix)\n\nif True:\n    print("inner", 6 * 7)\n    raise SystemExit(3)\n',
      'endless.py': endless,
      'requirements.txt': './wheels/lamp-1.0-py3-none-any.whl\n',
      '.vscode/settings.json': {
        'terminal.integrated.gpuAcceleration': 'off',
        'pythonTools.enable': true,
      },
    });
    await writeWheel(at('wheels'), {
      name: 'lamp',
      version: '1.0',
      requires: [],
      metadata: { Summary: 'Gives light' },
    });
    execFileSync(anyPython(), ['-m', 'venv', '--without-pip', at('venv')]);
    await mkdir(at('old', 'bin'), { recursive: true });
    await writeFile(at('old', 'pyvenv.cfg'), 'home = /gone/bin\nversion = 3.9.1\n');
    await symlink('/gone/bin/python3', at('old', 'bin', 'python'));
    server = await startServer(vscode);
    await installVsix(server, await packageVsix(resolve('.')));
    page = await openPage(browser, server, { open: folder.path });
    bench = workbench(page);
    await bench.explorer.file('main.py').waitFor();
  });
  after(async () => {
    await page.context().close();
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('sees the environments in the picker: the active one ticked, the broken one marked', async () => {
    await bench.command('Python Tools: Select Environment…');
    await bench.quickInput.row('venv').waitFor();
    await screenshot(page, 'picker');
    assert.match((await bench.quickInput.row('venv').textContent()) ?? '', /\d+\.\d+\.\d+ · 0 packages · active/);
    assert.match((await bench.quickInput.row('old').textContent()) ?? '', /broken: /);
    await bench.quickInput.row('venv').hover();
    await screenshot(page, 'picker-buttons');
    await page.keyboard.press('Escape');
  });
});
