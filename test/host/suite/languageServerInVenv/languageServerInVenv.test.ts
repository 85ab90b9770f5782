import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { at, call, importProblemsOnce, needsServers, openFile, serverProcesses } from '../languageServer/support';
import { until } from '../status/support';

describe('A language server in the environment', () => {
  let file: vscode.Uri;

  before(function () {
    needsServers(this);
  });

  it('is the one that starts', async () => {
    file = await openFile(at('main.py'));
    await importProblemsOnce(file, 1);
    assert.ok(serverProcesses().length > 0);
  }).timeout(60_000);

  it('ends when it is uninstalled, with its diagnostics and all of its processes', async () => {
    await call('python_pip', { action: 'uninstall', packages: ['basedpyright'] });
    await importProblemsOnce(file, 0);
    await until(() => serverProcesses().length === 0);
  }).timeout(60_000);
});
