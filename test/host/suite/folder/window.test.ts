import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('A window with one folder', () => {
  it('knows the extension', () => {
    assert.ok(vscode.extensions.getExtension('python-tools-mcp.python-tools-mcp'));
  });

  it('has its folder open and trusts it', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    assert.equal(vscode.workspace.isTrusted, true);
  });
});
