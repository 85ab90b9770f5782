import { join } from 'node:path';
import * as vscode from 'vscode';
import { root, untilTerminalHas } from '../status/support';
import { selectHere } from './support';

describe('A new terminal beside the Python extension', function () {
  this.timeout(60_000);
  const activates = (value: boolean | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('python', vscode.Uri.file(root())).update('terminal.activateEnvironment', value);

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('is left to it', async () => {
    await selectHere('.venv');
    await untilTerminalHas('');
  });

  it('has the active venv where it is set to activate none', async () => {
    await activates(false);
    await untilTerminalHas(join(root(), '.venv'));
    await activates(undefined);
    await untilTerminalHas('');
  });
});
