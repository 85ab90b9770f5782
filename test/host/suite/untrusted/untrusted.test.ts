import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, root, until } from '../status/support';

describe('A window that is not trusted', () => {
  it('starts nothing of what the folder brings along', async function () {
    if (process.platform === 'win32') this.skip();
    assert.equal(vscode.workspace.isTrusted, false);
    await until(() => extension().isActive);
    await mkdir(join(root(), '.venv/bin'), { recursive: true });
    const python = join(root(), '.venv/bin/python');
    await writeFile(python, `#!/bin/sh\necho ran > "${root()}/ran"\n`);
    await chmod(python, 0o755);
    await writeFile(
      join(root(), '.venv/pyvenv.cfg'),
      `home = ${root()}/.venv/bin\ninclude-system-site-packages = true\nversion = 3.12.1\n`,
    );
    await vscode.workspace.openTextDocument(join(root(), 'main.py')).then(vscode.window.showTextDocument);
    await vscode.workspace.getConfiguration('pythonTools').update('enable', true, vscode.ConfigurationTarget.Global);
    await delay(1500);
    assert.ok(!(await readdir(root())).includes('ran'));
  });
});
