import assert from 'node:assert/strict';
import { readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, root, until } from '../status/support';
import {
  folderAt,
  pythonOf,
  selectHere,
  setSync,
  settle,
  theirs,
  untilRunsIn,
  venvOfRun,
  type StandIn,
} from './support';

const settingsFile = (): Promise<string> => readFile(join(root(), '.vscode/settings.json'), 'utf8');

describe('Beside the Python extension, this one', function () {
  this.timeout(60_000);
  const python = theirs('ms-python.python');
  let standIn: StandIn;
  let settings: string;
  const selectThere = (path: string): void => {
    standIn.select(path, folderAt(0).uri);
  };

  before(async function () {
    if (process.platform === 'win32') this.skip();
    await until(() => extension().isActive);
    settings = await settingsFile();
  });

  it('does not start it', async () => {
    assert.equal(await venvOfRun(), '.venv');
    assert.equal(python.isActive, false);
  });

  it('adopts what is selected there once a Python file has started it', async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(join(root(), 'main.py')));
    await untilRunsIn('second');
    ({ standIn } = python.exports);
  });

  it('follows when another venv is selected there', async () => {
    selectThere(pythonOf('third'));
    await untilRunsIn('third');
    selectThere(join(root(), '.venv')); // Some name the folder.
    await untilRunsIn('.venv');
  });

  it('keeps its venv where a base Python, a conda environment or nothing that exists is selected there', async () => {
    await symlink('/usr', join(root(), 'conda'));
    for (const path of [
      '/usr/bin/python3',
      join(root(), 'conda/bin/python'),
      join(root(), 'gone/bin/python'),
      'python',
    ]) {
      selectThere(path);
      await settle();
      assert.equal(await venvOfRun(), '.venv', path);
    }
  });

  it('lets a choice that is made here stand until another one is selected there', async () => {
    selectThere(pythonOf('second'));
    await untilRunsIn('second');
    await selectHere('third');
    selectThere(pythonOf('second'));
    await settle();
    assert.equal(await venvOfRun(), 'third');
    selectThere(pythonOf('.venv'));
    await untilRunsIn('.venv');
  });

  it('lets it stand also while the one that is selected there is made anew', async () => {
    await selectHere('third');
    await rename(join(root(), '.venv'), join(root(), 'away'));
    selectThere(pythonOf('.venv'));
    await settle();
    await rename(join(root(), 'away'), join(root(), '.venv'));
    selectThere(pythonOf('.venv'));
    await settle();
    assert.equal(await venvOfRun(), 'third');
  });

  it('selects nothing there by itself, and writes no settings', async () => {
    assert.deepEqual(standIn.calls, []);
    assert.equal(await settingsFile(), settings);
  });

  describe('that is set to push', () => {
    before(() => setSync('push'));
    after(() => setSync(undefined));

    it('selects there what is chosen here, once', async () => {
      await selectHere('third');
      await until(() => standIn.calls.length > 0);
      await settle();
      assert.deepEqual(standIn.calls, [{ path: pythonOf('third'), folder: root() }]);
    });

    it('adopts nothing from there, and does not fight over it', async () => {
      selectThere(pythonOf('second'));
      await settle();
      assert.equal(await venvOfRun(), 'third');
      assert.equal(standIn.calls.length, 1);
    });

    it('does not set what is selected there already', async () => {
      await selectHere('second');
      await settle();
      assert.equal(standIn.calls.length, 1);
    });
  });

  describe('that is switched off', () => {
    before(() => setSync('off'));
    after(() => setSync(undefined));

    it('neither adopts nor selects', async () => {
      selectThere(pythonOf('.venv'));
      await settle();
      assert.equal(await venvOfRun(), 'second');
      await selectHere('third');
      await settle();
      assert.equal(standIn.calls.length, 1);
    });
  });

  describe('that is told to follow again', () => {
    it('adopts what is selected there, though it was selected before', () => untilRunsIn('.venv'));
  });
});
