import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { until } from '../status/support';

/** What the stand-ins of test/fixtures/extensions export for tests. */
export interface StandIn {
  /** What was selected through its API. */
  readonly calls: { readonly path: string; readonly folder: string }[];
  /** Selects an interpreter as a person does in its picker. */
  readonly select: (path: string, folder: vscode.Uri) => void;
}

export function theirs(id: string): vscode.Extension<{ readonly standIn: StandIn }> {
  const found = vscode.extensions.getExtension<{ readonly standIn: StandIn }>(id);
  assert.ok(found, `${id} is not installed`);
  return found;
}

/** @returns a workspace folder. */
export function folderAt(index: number): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.[index];
  assert.ok(folder);
  return folder;
}

async function call(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');
}

/** @returns the venv in which a run finds itself, relative to the folder. */
export async function venvOfRun(folder = folderAt(0)): Promise<string> {
  const text = await call('python_run', { code: 'import sys; print(sys.prefix)', folder: folder.name });
  return vscode.workspace.asRelativePath(text.split('\n', 1)[0] ?? '', false);
}

/** Waits until runs happen in a venv. */
export async function untilRunsIn(venv: string, folder = folderAt(0)): Promise<void> {
  let last = '';
  await until(async () => (last = await venvOfRun(folder)) === venv).catch(() => {
    assert.equal(last, venv);
  });
}

/** Selects a venv as an agent does. */
export async function selectHere(path: string, folder = folderAt(0)): Promise<void> {
  assert.match(await call('python_venv', { action: 'select', path, folder: folder.name }), /\(active\)/);
}

export const pythonOf = (venv: string, folder = folderAt(0)): string =>
  join(folder.uri.fsPath, venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Sets how the two are kept in step; undefined: as it is by default. */
export async function setSync(value: 'follow' | 'push' | 'off' | undefined, folder?: vscode.WorkspaceFolder) {
  const target = folder ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('pythonTools', folder?.uri).update('syncWithPythonExtension', value, target);
}

/**
 * Lets everything happen that the last change makes happen: a look at the two ends before the next begins, and a run
 * takes longer than a look.
 */
export async function settle(): Promise<void> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) await venvOfRun(folder);
}
