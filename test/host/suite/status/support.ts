import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
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
