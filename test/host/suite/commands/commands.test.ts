import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const at = (...parts: string[]) => join(root, ...parts);
const wheel = (version: string) => `./wheels/lamp-${version}-py3-none-any.whl`;

async function run(command: string, argument?: unknown): Promise<Record<string, unknown>> {
  const result: unknown = await vscode.commands.executeCommand(`pythonTools.${command}`, argument);
  return typeof result === 'object' && result !== null ? { ...result } : {};
}

/** Waits for a file that a program writes as its last act. */
async function written(path: string): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim();
    if (Date.now() > deadline) throw new Error(`Nothing was written to ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('Commands', () => {
  before(async () => {
    await vscode.extensions.getExtension('python-tools-mcp.python-tools-mcp')?.activate();
  });

  it('are all registered, have a category, and none is there that the palette does not know', async () => {
    const manifest = JSON.parse(await readFile(join(__dirname, '../../../../../package.json'), 'utf8')) as {
      contributes: { commands: { command: string; category: string }[] };
    };
    const contributed = manifest.contributes.commands;
    const registered = (await vscode.commands.getCommands(true)).filter((name) => /^pythonTools\.(?!.*\.)/.test(name));
    assert.deepEqual(registered.sort(), contributed.map(({ command }) => command).sort());
    for (const { category } of contributed) assert.equal(category, 'Python Tools');
  });

  it('create an environment that is active then', async function () {
    this.timeout(60_000);
    const created = await run('createEnvironment', { path: '.venv' });
    assert.equal(created['active'], true);
    assert.ok(existsSync(at('.venv', 'pyvenv.cfg')));
  });

  it('answer nothing, and do not throw, where something cannot be done', async () => {
    assert.deepEqual(await run('createEnvironment', { path: '.venv' }), {});
    assert.deepEqual(await run('installPackages', { packages: ['--index-url=x'] }), {});
    assert.deepEqual(await run('deleteEnvironment', { path: 'nowhere' }), {});
  });

  it('install packages, upgrade them and uninstall them', async function () {
    this.timeout(60_000);
    const installed = await run('installPackages', { packages: [wheel('1.0')] });
    assert.deepEqual(installed['installed'], [{ name: 'lamp', version: '1.0' }]);
    const upgraded = await run('upgradePackages', { packages: [wheel('2.0')] });
    assert.deepEqual(upgraded['replaced'], [{ name: 'lamp', from: '1.0', to: '2.0' }]);
    const uninstalled = await run('uninstallPackages', { packages: ['lamp'] });
    assert.deepEqual(uninstalled['uninstalled'], [{ name: 'lamp', version: '2.0' }]);
  });

  it('install from the requirements file that a menu was opened on', async function () {
    this.timeout(60_000);
    const installed = await run('installRequirements', vscode.Uri.file(at('requirements-dev.txt')));
    assert.deepEqual(installed['installed'], [{ name: 'lamp', version: '1.0' }]);
  });

  it('freeze into a requirements.txt that was not there, and open it', async () => {
    await run('freezeRequirements');
    const text = await readFile(at('requirements.txt'), 'utf8');
    assert.match(text, /^lamp @ file:.*\n$/);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), text);
  });

  it('select an environment that they are told', async () => {
    await run('selectEnvironment', { path: '.venv' });
    await run('restart');
    await run('showPackages', { path: '.venv' });
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  it('save a file and run it in the environment; running it again takes the place of its terminal', async () => {
    const document = await vscode.workspace.openTextDocument(at('main.py'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), 'import sys; open("prefix.txt", "w").write(sys.prefix + "\\n")\n');
    });
    assert.ok(document.isDirty);
    await run('runFile', document.uri);
    assert.ok(!document.isDirty);
    assert.equal(await written(at('prefix.txt')), at('.venv'));
    await rm(at('prefix.txt'));
    await run('runFile');
    await written(at('prefix.txt'));
    assert.deepEqual(
      vscode.window.terminals.map(({ name }) => name).filter((name) => name === 'main.py'),
      ['main.py'],
    );
  });

  it('run an indented selection', async () => {
    await writeFile(at('part.py'), 'if False:\n    open("part.txt", "w").write("ran\\n")\n');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(at('part.py')));
    editor.selection = new vscode.Selection(1, 4, 1, 80);
    await run('runSelection');
    assert.equal(await written(at('part.txt')), 'ran');
  });

  it('end a run when its terminal is closed', async () => {
    await writeFile(
      at('endless.py'),
      'import os, time\nopen("pid.txt", "w").write(f"{os.getpid()}\\n")\ntime.sleep(600)\n',
    );
    await run('runFile', vscode.Uri.file(at('endless.py')));
    const pid = Number(await written(at('pid.txt')));
    vscode.window.terminals.find(({ name }) => name === 'endless.py')?.dispose();
    const deadline = Date.now() + 5000;
    while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(!isAlive(pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
