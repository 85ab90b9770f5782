import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, importProblemsOnce, needsServers, openFile, serverProcesses } from '../languageServer/support';
import { readLog, until } from '../status/support';

describe('Beside another Python language extension', () => {
  before(function () {
    needsServers(this);
  });

  it('no server is started, and the log says why', async () => {
    assert.ok(vscode.extensions.getExtension('ms-pyright.pyright'));
    await openFile(at('main.py'));
    await until(async () => (await readLog()).includes('ms-pyright.pyright serves Python here'));
    assert.deepEqual(serverProcesses(), []);
  }).timeout(60_000);

  it('one is started where the user names it', async () => {
    await vscode.workspace.getConfiguration('pythonTools').update('languageServer', 'basedpyright', false);
    await importProblemsOnce(await openFile(at('main.py')), 1);
    assert.ok(serverProcesses().length > 0);
  }).timeout(60_000);
});
