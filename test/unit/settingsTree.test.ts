import assert from 'node:assert/strict';
import { expandNames, mergeTrees, sectionOf } from '../../src/core/languageServers/settingsTree';

describe('Settings for language servers', () => {
  it('can be named with dots, as VS Code names them', () => {
    assert.deepEqual(expandNames({ 'python.analysis.extraPaths': ['src'], python: { pythonPath: 'p' } }), {
      python: { analysis: { extraPaths: ['src'] }, pythonPath: 'p' },
    });
    assert.deepEqual(expandNames({ pylsp: { 'plugins.jedi': { 'extra.paths': [] } } }), {
      pylsp: { plugins: { jedi: { extra: { paths: [] } } } },
    });
  });

  it('are merged, the last one counting', () => {
    const merged = mergeTrees({ a: { b: 1, c: [1] }, d: 1 }, undefined, { a: { c: [2] } }, null, { d: { e: 2 } });
    assert.deepEqual(merged, { a: { b: 1, c: [2] }, d: { e: 2 } });
  });

  it('reach no prototype', () => {
    const merged = mergeTrees(JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}'));
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.deepEqual(merged, { a: {} });
  });

  it('are answered by section, with null for what is not set', () => {
    const tree = { python: { analysis: { mode: 'off' } } };
    assert.deepEqual(sectionOf(tree, 'python.analysis'), { mode: 'off' });
    assert.equal(sectionOf(tree, 'python.analysis.mode'), 'off');
    assert.equal(sectionOf(tree, 'python.linting'), null);
    assert.equal(sectionOf(tree, 'constructor'), null);
  });
});
