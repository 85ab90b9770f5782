import { join } from 'node:path';
import * as vscode from 'vscode';
import { root, untilTerminalHas } from '../status/support';
import { selectHere } from '../besidePython/support';

describe('A new terminal beside the Python Environments extension', function () {
  this.timeout(60_000);
  const activation = (value: string | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration('python-envs')
      .update('terminal.autoActivationType', value, vscode.ConfigurationTarget.Global);

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('is left to it', async () => {
    await selectHere('.venv');
    await untilTerminalHas('');
  });

  it('has the active venv where it is set to activate none', async () => {
    await activation('off');
    await untilTerminalHas(join(root(), '.venv'));
    await activation(undefined);
    await untilTerminalHas('');
  });
});
