import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, readLog, until } from './support';

describe('The log', () => {
  it('says what was run, where and for how long, and holds no secret of it', async () => {
    await extension().activate();
    await vscode.lm.invokeTool('python_run', {
      toolInvocationToken: undefined,
      input: {
        code: 'import os, sys; print(os.environ["SECRET_VALUE"])',
        args: ['--api-token', 'hunter2', 'https://user:hunter2@localhost/simple', '--plain', 'shown'],
        env: { SECRET_VALUE: 'hunter2' },
        stdin: 'hunter2',
      },
    });
    await until(async () => /--plain shown .* exited with 0 after \d+ ms/.test(await readLog()));
    const log = await readLog();
    assert.match(log, /--api-token \*\*\*\* https:\/\/\*\*\*\*@localhost\/simple/);
    assert.doesNotMatch(log, /hunter2/);
  });
});
