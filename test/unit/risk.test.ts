import assert from 'node:assert/strict';
import fc from 'fast-check';
import { riskOf, type RiskyCall } from '../../src/core/risk';

const call = (tool: string, input: RiskyCall['input']): RiskyCall => ({ tool, input });

describe('What a call may do', () => {
  const reading: readonly RiskyCall[] = [
    call('venv', { action: 'list' }),
    call('venv', { action: 'info', path: '.venv' }),
    call('pip', { action: 'list' }),
    call('pip', { action: 'freeze' }),
    call('pip', { action: 'show', packages: ['a'] }),
  ];

  it('is to read, for the actions that are known to', () => {
    for (const each of reading) assert.equal(riskOf(each), 'read', JSON.stringify(each));
  });

  it('is told apart by action', () => {
    assert.equal(riskOf(call('run', {})), 'run');
    assert.equal(riskOf(call('venv', { action: 'create' })), 'change');
    assert.equal(riskOf(call('pip', { action: 'install', packages: ['a'] })), 'change');
    assert.equal(riskOf(call('venv', { action: 'delete' })), 'delete');
    assert.equal(riskOf(call('pip', { action: 'uninstall', packages: ['a'] })), 'delete');
  });

  it('is to run what a new environment names as its Python, unless that is a version', () => {
    const create = (python: string) => riskOf(call('venv', { action: 'create', python }));
    for (const python of ['3.12', 'python3.12', 'python', 'Python 3.9', 'cpython3.11', 'v3.13.0', ' 3.12 ']) {
      assert.equal(create(python), 'change', python);
    }
    for (const python of [
      './python',
      '/usr/bin/python3',
      'evil',
      'python-evil',
      '.venv',
      '~/x',
      'C:\\python.exe',
      '3.12/x',
    ]) {
      assert.equal(create(python), 'run', python);
    }
  });

  it('is to build for a plan, unless it is known to name packages of an index and nothing else', () => {
    const plan = call('pip', { action: 'install', dry_run: true, packages: ['a'] });
    assert.equal(riskOf(plan), 'build');
    assert.equal(riskOf(plan, { namesOnly: false }), 'build');
    assert.equal(riskOf(plan, { namesOnly: true }), 'read');
    assert.equal(riskOf(call('pip', { action: 'install', packages: ['a'] }), { namesOnly: true }), 'change');
  });

  it('is to replace what a person chose, unless a selection is known to stay in the folder', () => {
    const select = call('venv', { action: 'select', path: '/elsewhere' });
    assert.equal(riskOf(select), 'delete');
    assert.equal(riskOf(select, { staysInside: false }), 'delete');
    assert.equal(riskOf(select, { staysInside: true }), 'change');
  });

  it('is the worst there is for whatever is not known', () => {
    const known = new Set(['list', 'info', 'freeze', 'show', 'create', 'select', 'install']);
    const facts = { namesOnly: true, staysInside: true };
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom('sync', 'LIST', ' list', 'list ', 'constructor', '__proto__', 'purge', 'installs', ''),
    );
    fc.assert(
      fc.property(words, words, (tool, action) => {
        if (tool !== 'run' && !known.has(action)) assert.equal(riskOf(call(tool, { action }), facts), 'delete');
      }),
    );
    for (const action of [...known, undefined]) assert.equal(riskOf(call('notebook', { action }), facts), 'delete');
    assert.equal(riskOf(call('pip', {}), facts), 'delete');
    assert.equal(riskOf(call('venv', {}), facts), 'delete');
  });
});
