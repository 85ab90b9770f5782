import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { anyPython } from '../../../support/anyPython';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('python-tools-mcp.python-tools-mcp');
  assert.ok(found);
  return found;
}

export function root(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return folder.uri.fsPath;
}

/** Waits for what VS Code has no event for. @throws after 10 s. */
export async function until(condition: () => unknown): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await condition()) return;
    await delay(50);
  }
  assert.fail(`it did not come true: ${condition.toString()}`);
}

export async function makeVenv(name: string): Promise<void> {
  await promisify(execFile)(anyPython(), ['-m', 'venv', '--without-pip', name], { cwd: root() });
}

/** @returns the text of the log, once it is shown. */
export async function readLog(): Promise<string> {
  await vscode.commands.executeCommand('pythonTools.showOutput');
  const shown = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'output');
  return shown.map((document) => document.getText()).join('\n');
}

/** @returns what a new terminal's shell has in its environment. */
async function environmentOfTerminal(): Promise<{ venv: string; python: string; home: string }> {
  const file = join(root(), 'environment.txt');
  await rm(file, { force: true });
  // Of several folders VS Code finds that of a terminal by the URI alone.
  const cwd = vscode.workspace.workspaceFolders?.[0]?.uri;
  const terminal = vscode.window.createTerminal({ name: 'test', ...(cwd ? { cwd } : {}) });
  terminal.sendText(`printf '%s\\n' "$VIRTUAL_ENV" "$(command -v python)" "$PYTHONHOME" end > environment.txt; exit`);
  const text = async (): Promise<string> => await readFile(file, 'utf8').catch(() => '');
  await until(async () => (await text()).endsWith('end\n'));
  const [venv = '', python = '', home = ''] = (await text()).split('\n');
  terminal.dispose();
  return { venv, python, home };
}

/** Opens terminals until one is as it should be: the collection reaches VS Code's terminals on a way of its own. */
export async function untilTerminalHas(venv: string): Promise<{ python: string; home: string }> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const found = await environmentOfTerminal();
    if (found.venv === venv) return found;
  }
  assert.fail(`no terminal had VIRTUAL_ENV=${venv}`);
}
