import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  folderAt,
  pythonOf,
  selectHere,
  setSync,
  settle,
  theirs,
  untilRunsIn,
  venvOfRun,
} from '../besidePython/support';
import { extension, until } from '../status/support';

describe('Beside both Python extensions, this one', function () {
  this.timeout(60_000);
  const python = theirs('ms-python.python');
  const environments = theirs('ms-python.vscode-python-envs');
  const workspaceFile = async (): Promise<string> =>
    await readFile(vscode.workspace.workspaceFile?.fsPath ?? '', 'utf8');

  before(async function () {
    if (process.platform === 'win32') this.skip();
    await until(() => extension().isActive);
    await python.activate();
    await environments.activate();
  });

  it('follows the one that keeps the environments, each folder for itself', async () => {
    const [one, two] = [folderAt(0), folderAt(1)];
    await vscode.window.showTextDocument(vscode.Uri.joinPath(two.uri, 'second.py'));
    environments.exports.standIn.select(pythonOf('other', two), two.uri);
    await untilRunsIn('other', two);
    assert.equal(await venvOfRun(one), '.venv');
    environments.exports.standIn.select(pythonOf('other', one), one.uri);
    await untilRunsIn('other', one);
    python.exports.standIn.select(pythonOf('.venv', one), one.uri);
    await settle();
    assert.equal(await venvOfRun(one), 'other');
  });

  it('pushes where the folder says so, to that one alone and without a settings file of its own', async () => {
    const [one, two] = [folderAt(0), folderAt(1)];
    const before = await workspaceFile();
    await setSync('push', one);
    await selectHere('.venv', one);
    await until(() => environments.exports.standIn.calls.length > 0);
    await selectHere('.venv', two);
    await settle();
    assert.deepEqual(environments.exports.standIn.calls, [{ path: pythonOf('.venv', one), folder: one.uri.fsPath }]);
    assert.deepEqual(python.exports.standIn.calls, []);
    assert.equal(await workspaceFile(), before);
    await setSync(undefined, one);
  });
});
