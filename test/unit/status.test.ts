import assert from 'node:assert/strict';
import { statusText, type Status } from '../../src/vscode/status';

const venv: Status = { kind: 'venv', name: '.venv', version: '3.12.1', path: '/project/.venv' };

describe('The text of the status bar', () => {
  it('names the venv and its version', () => {
    assert.equal(statusText(venv, undefined).text, '$(python) .venv · 3.12.1');
  });

  it('warns of a venv that is broken, and only of that', () => {
    const broken = statusText({ ...venv, kind: 'broken', reason: 'its python is gone' }, undefined);
    assert.deepEqual([broken.text, broken.warns], ['$(warning) .venv · broken', true]);
    assert.equal(statusText(venv, undefined).warns, false);
  });

  it('says that there is none, or that nothing is run', () => {
    assert.equal(statusText({ kind: 'none' }, undefined).text, '$(python) No venv');
    assert.equal(statusText({ kind: 'untrusted' }, undefined).text, '$(python) Not trusted');
  });

  it('spins while something is done, and says what where there is no venv yet', () => {
    assert.equal(statusText(venv, 'Installing packages').text, '$(loading~spin) .venv · 3.12.1');
    assert.equal(statusText({ kind: 'none' }, 'Creating .venv').text, '$(loading~spin) Creating .venv');
  });

  it('is read out with what is being done', () => {
    assert.equal(
      statusText(venv, 'Installing packages').label,
      'Python environment: .venv · 3.12.1, Installing packages',
    );
  });
});
