import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { call, importProblemsOnce, languageServers, needsServers, openFile } from '../languageServer/support';
import { until } from '../status/support';

describe('Several folders', () => {
  const fileIn = (index: number): string =>
    join(vscode.workspace.workspaceFolders?.[index]?.uri.fsPath ?? '', 'main.py');

  before(function () {
    needsServers(this);
  });

  it('have a server each, which sees the environment of its folder alone', async () => {
    const one = await openFile(fileIn(0));
    const inner = await openFile(fileIn(1));
    const two = await openFile(fileIn(2));
    // One server for each says it once: also for the folder that lies within another.
    await Promise.all([importProblemsOnce(inner, 1), importProblemsOnce(two, 1)]);
    await until(() => languageServers().length === 3);
    await importProblemsOnce(one, 0);
  }).timeout(90_000);

  it('follow their own environments', async () => {
    const [one, two] = [vscode.Uri.file(fileIn(0)), vscode.Uri.file(fileIn(2))];
    await call('python_pip', { action: 'uninstall', packages: ['lamp'], folder: 'one' });
    await importProblemsOnce(one, 1);
    await call('python_pip', {
      action: 'install',
      packages: [join(fileIn(2), '../../wheels/lamp-1.0-py3-none-any.whl')],
      folder: 'two',
    });
    await importProblemsOnce(two, 0);
    assert.equal((await importProblemsOnce(one, 1)).length, 1);
  }).timeout(60_000);
});
