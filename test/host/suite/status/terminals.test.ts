import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { makeVenv, root, untilTerminalHas } from './support';

describe('A new terminal', () => {
  const setting = (value: boolean | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('pythonTools').update('terminal.activateEnvironment', value, false);

  before(function () {
    if (process.platform === 'win32') this.skip();
    this.timeout(60_000);
  });

  it('has no venv where the folder has none', async () => {
    await untilTerminalHas('');
  }).timeout(60_000);

  it('has the active venv, first on PATH', async () => {
    await makeVenv('.venv');
    const { python, home } = await untilTerminalHas(join(root(), '.venv'));
    assert.equal(python, join(root(), '.venv/bin/python'));
    assert.equal(home, '');
  }).timeout(60_000);

  it('has none while the setting is off', async () => {
    await setting(false);
    await untilTerminalHas('');
    await setting(undefined);
    await untilTerminalHas(join(root(), '.venv'));
  }).timeout(60_000);

  it('has none once the extension is off, and has it again with it', async () => {
    const enable = (value: boolean | undefined) =>
      vscode.workspace.getConfiguration('pythonTools').update('enable', value, false);
    await enable(false);
    await untilTerminalHas('');
    await enable(undefined);
    await untilTerminalHas(join(root(), '.venv'));
  }).timeout(60_000);

  it('follows the venv that takes the place of a deleted one', async () => {
    await makeVenv('second');
    await rm(join(root(), '.venv'), { recursive: true });
    await untilTerminalHas(join(root(), 'second'));
  }).timeout(60_000);
});
