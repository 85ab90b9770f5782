import assert from 'node:assert/strict';
import { lintingExtension, servingExtension } from '../../src/core/languageServers/otherExtensions';

const serving = (ids: readonly string[], pythonLanguageServer?: unknown): string | undefined =>
  servingExtension({ has: (id) => ids.includes(id), pythonLanguageServer });

describe('Whether another extension serves Python', () => {
  it('is false where there is none', () => {
    assert.equal(serving([]), undefined);
    assert.equal(serving(['ms-python.vscode-python-envs', 'charliermarsh.ruff']), undefined);
  });

  it('goes by the extensions that bring a server', () => {
    for (const id of ['ms-pyright.pyright', 'detachhead.basedpyright', 'astral-sh.ty', 'meta.pyrefly']) {
      assert.equal(serving([id]), id);
    }
  });

  it("goes by Pylance, unless the Python extension's setting turns it off", () => {
    const both = ['ms-python.python', 'ms-python.vscode-pylance'];
    assert.equal(serving(both, 'Default'), 'ms-python.vscode-pylance');
    assert.equal(serving(both, 'Pylance'), 'ms-python.vscode-pylance');
    assert.equal(serving(both, 'None'), undefined);
    assert.equal(serving(both, 'Jedi'), 'ms-python.python');
  });

  it('goes by the Python extension alone where that starts Jedi', () => {
    assert.equal(serving(['ms-python.python'], 'Default'), 'ms-python.python');
    assert.equal(serving(['ms-python.python'], 'Jedi'), 'ms-python.python');
    assert.equal(serving(['ms-python.python'], 'Pylance'), undefined);
    assert.equal(serving(['ms-python.python'], 'None'), undefined);
  });

  it('is another question than who lints', () => {
    assert.equal(lintingExtension({ has: (id) => id === 'charliermarsh.ruff' }), 'charliermarsh.ruff');
    assert.equal(lintingExtension({ has: () => false }), undefined);
  });
});
