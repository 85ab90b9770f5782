import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { ends } from '../../../support/waiting';
import { until } from '../status/support';
import { at, call, importProblemsOnce, needsServers, openFile, serverProcesses } from './support';

describe('A language server among the installed tools', () => {
  let file: vscode.Uri;
  const wheel = (): string => `${dirname(at())}/wheels/lamp-1.0-py3-none-any.whl`;

  before(function () {
    needsServers(this);
  });

  it('starts when a Python file is opened, and says that its import cannot be resolved', async () => {
    file = await openFile(at('main.py'));
    const [problem] = await importProblemsOnce(file, 1);
    assert.match(problem ?? '', /"lamp" could not be resolved/);
  }).timeout(60_000);

  it('takes that back after python_pip has installed it, without a click', async () => {
    const started = performance.now();
    assert.match(await call('python_pip', { action: 'install', packages: [wheel()] }), /lamp 1\.0/);
    const installed = performance.now();
    await importProblemsOnce(file, 0);
    const [install, rest] = [installed - started, performance.now() - installed].map(Math.round);
    console.log(`the install took ${String(install)} ms, the diagnostic was gone ${String(rest)} ms later`);
  }).timeout(60_000);

  it('says it again when another environment is selected, which does not have it', async () => {
    await call('python_venv', { action: 'select', path: 'other' });
    await importProblemsOnce(file, 1);
    await call('python_venv', { action: 'select', path: '.venv' });
    await importProblemsOnce(file, 0);
  }).timeout(60_000);

  it('follows what a terminal does to the environment', async () => {
    const { rename } = await import('node:fs/promises');
    const library = vscode.Uri.file(at('.venv/lib'));
    const [python] = await vscode.workspace.fs.readDirectory(library);
    const packages = at('.venv/lib', python?.[0] ?? '', 'site-packages');
    for (const name of ['lamp.py', 'lamp-1.0.dist-info'])
      await rename(`${packages}/${name}`, at(name.replace('lamp', '.lamp')));
    await importProblemsOnce(file, 1);
    for (const name of ['lamp.py', 'lamp-1.0.dist-info'])
      await rename(at(name.replace('lamp', '.lamp')), `${packages}/${name}`);
    await importProblemsOnce(file, 0);
  }).timeout(60_000);

  it('is started again when it is killed', async () => {
    await call('python_venv', { action: 'select', path: 'other' });
    await importProblemsOnce(file, 1);
    const before = serverProcesses();
    assert.ok(before.length >= 1, 'no server was found');
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await importProblemsOnce(file, 0);
    await importProblemsOnce(file, 1);
    assert.ok(serverProcesses().every((pid) => !before.includes(pid)));
    for (const pid of before) await ends(String(pid));
  }).timeout(60_000);

  it('is started anew by the command', async () => {
    const before = serverProcesses();
    await vscode.commands.executeCommand('pythonTools.restartLanguageServer');
    await until(() => serverProcesses().length > 0 && serverProcesses().every((pid) => !before.includes(pid)));
    await importProblemsOnce(file, 1);
  }).timeout(60_000);

  it('ends with the environment that it asks, and is started for the next one', async () => {
    await call('python_venv', { action: 'create', path: 'doomed' });
    await call('python_pip', { action: 'install', packages: [wheel()] });
    await importProblemsOnce(file, 0);
    const before = serverProcesses();
    assert.ok(before.length > 0, 'no server was found');
    assert.match(await call('python_venv', { action: 'delete', path: 'doomed' }), /deleted/i);
    assert.ok(serverProcesses().every((pid) => !before.includes(pid)));
    await call('python_venv', { action: 'select', path: 'other' });
    await importProblemsOnce(file, 1);
  }).timeout(60_000);

  it('ends with the setting, and comes back with it', async () => {
    const set = (value: string | undefined) =>
      vscode.workspace.getConfiguration('pythonTools').update('languageServer', value, false);
    await set('off');
    await importProblemsOnce(file, 0);
    await until(() => serverProcesses().length === 0);
    await set(undefined);
    await importProblemsOnce(file, 1);
  }).timeout(60_000);

  it('gets settings by its own names', async () => {
    const set = (value: object | undefined) =>
      vscode.workspace.getConfiguration('pythonTools').update('languageServerSettings', value, false);
    await set({ 'basedpyright.analysis.diagnosticSeverityOverrides': { reportMissingImports: 'none' } });
    await importProblemsOnce(file, 0);
    await set(undefined);
    await importProblemsOnce(file, 1);
  }).timeout(60_000);

  it('has what is sent to it in its log, while the setting says so', async () => {
    const set = (value: string | undefined) =>
      vscode.workspace.getConfiguration('pythonTools').update('trace.server', value, false);
    await set('messages');
    await until(async () => {
      const [edit, uri] = [new vscode.WorkspaceEdit(), vscode.Uri.file(at('main.py'))];
      edit.insert(uri, new vscode.Position(3, 0), '# more\n');
      await vscode.workspace.applyEdit(edit);
      await vscode.commands.executeCommand('pythonTools.showLanguageServerLog');
      const logs = vscode.workspace.textDocuments.filter((document) => document.uri.scheme === 'output');
      return logs.some((document) => document.getText().includes("Sending notification 'textDocument/didChange"));
    });
    await set(undefined);
  }).timeout(60_000);
});
