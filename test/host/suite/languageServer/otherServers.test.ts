import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { testServers } from '../../../support/testServers';
import { until } from '../status/support';
import { at, call, needsServers, openFile } from './support';

/** Runs after the tests in languageServer.test.ts: the package is in .venv, and not in the other environment. */
describe('A language server that the user names', () => {
  let file: vscode.Uri;
  const set = (name: string, value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('pythonTools').update(name, value, false);

  /** Where what stands at a place is defined, as Go to Definition finds it. */
  async function definitions(line: number, character: number): Promise<string[]> {
    const place = new vscode.Position(line, character);
    const found: unknown = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', file, place);
    assert.ok(Array.isArray(found));
    return found.map((each: unknown) => JSON.stringify(each));
  }
  const finds = async (environment: string): Promise<boolean> =>
    (await definitions(0, 8)).some((text) => text.includes(`${environment}/lib`) && text.includes('lamp.py'));
  /** Says that a server answers at all. */
  const findsPrint = async (): Promise<boolean> => (await definitions(2, 2)).length > 0;

  before(async function () {
    needsServers(this);
    file = await openFile(at('main.py'));
  });
  after(async () => {
    for (const name of ['languageServer', 'languageServerPath']) await set(name, undefined);
  });

  for (const server of ['ty', 'pylsp', 'jedi-language-server', 'pyright']) {
    it(`finds definitions in the environment that is selected: ${server}`, async () => {
      await call('python_venv', { action: 'select', path: '.venv' });
      await set('languageServer', server);
      const inNpm = join(testServers()?.npm ?? '', 'pyright-langserver');
      await set('languageServerPath', server === 'pyright' ? inNpm : undefined);
      await until(async () => await finds('.venv'));
      await call('python_venv', { action: 'select', path: 'other' });
      await until(async () => (await findsPrint()) && !(await finds('.venv')));
      await call('python_venv', { action: 'select', path: '.venv' });
      await until(async () => await finds('.venv'));
    }).timeout(60_000);
  }
});
