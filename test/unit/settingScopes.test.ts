import assert from 'node:assert/strict';
import { capabilities, contributes } from '../../package.json';

const properties: Readonly<Record<string, { readonly scope: string; readonly markdownDescription: string }>> =
  contributes.configuration.properties;

describe('The settings', () => {
  it("that turn questions off are the user's alone", () => {
    const trusting = Object.keys(properties).filter((name) => /trust|approve|allow/i.test(name));
    assert.deepEqual(trusting, ['pythonTools.chat.trustRuns', 'pythonTools.chat.trustInstalls']);
    for (const name of trusting) assert.equal(properties[name]?.scope, 'application', name);
  });

  it('that name a program say where it may lie, and count for nothing in a workspace that is not trusted', () => {
    const programs = ['pythonTools.interpreter', 'pythonTools.languageServerPath'];
    for (const name of programs) {
      assert.equal(properties[name]?.scope, 'machine-overridable', name);
      assert.match(properties[name].markdownDescription, /counts only if .* lies outside the folder/);
      assert.ok(capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name), name);
    }
  });

  it('promise what is asked all the same', () => {
    const text = properties['pythonTools.chat.trustInstalls']?.markdownDescription ?? '';
    assert.match(text, /Deleting an environment, uninstalling packages, .* open a dialog all the same/);
  });
});
