import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { errorKinds, errors, ToolError } from '../../src/core/errors';
import { dedent } from '../../src/vscode/commands/dedent';
import { exitLine, TerminalText } from '../../src/vscode/commands/terminalText';
import { errorForPeople } from '../../src/vscode/errorForPeople';

describe('Selected code', () => {
  it('loses the indentation that its lines share, and keeps the rest', () => {
    assert.equal(dedent('    if x:\n        y()\n\n    z()'), 'if x:\n    y()\n\nz()');
  });

  it('stays as it is where its lines share none', () => {
    assert.equal(dedent('if x:\r\n    y()'), 'if x:\n    y()');
    assert.equal(dedent('\tx\n    y'), '\tx\n    y');
  });
});

describe('Output on its way to a terminal', () => {
  it('gets line ends of a terminal, and characters that came in two pieces are whole', () => {
    const text = new TerminalText();
    const bytes = Buffer.from('naïve\n');
    text.add('stdout', bytes.subarray(0, 3));
    text.add('stderr', Buffer.from('!'));
    text.add('stdout', bytes.subarray(3));
    assert.equal(text.take(), 'na!ïve\r\n');
    assert.equal(text.take(), '');
  });

  it('keeps the end of what is too much, and says how much is left out', () => {
    const text = new TerminalText();
    for (let count = 0; count < 10; count++) text.add('stdout', Buffer.alloc(64 * 1024, 'x'));
    text.add('stdout', Buffer.from('the end'));
    const taken = stripVTControlCharacters(text.take());
    assert.match(taken, /… 524295 characters left out …/);
    assert.ok(taken.endsWith('the end') && taken.length < 140_000);
  });
});

describe('The last line of a run', () => {
  const line = (outcome: Partial<Parameters<typeof exitLine>[0]>) =>
    exitLine({ ending: 'exited', exitCode: 0, signal: null, durationMs: 45.4, ...outcome });

  it('tells how it ended', () => {
    assert.equal(line({}), '\u001b[32m✔ finished in 45 ms\u001b[0m');
    assert.equal(line({ exitCode: 3, durationMs: 1240 }), '\u001b[31m✘ exit code 3 after 1.2 s\u001b[0m');
    assert.match(line({ exitCode: null, signal: 'SIGSEGV' }), /ended by SIGSEGV/);
    assert.match(line({ ending: 'cancelled', exitCode: null, signal: 'SIGTERM' }), /stopped after 45 ms/);
  });
});

describe('An error as people read it', () => {
  it('never tells them to make a call', () => {
    const all = [
      errors.noFolder(),
      errors.venvBroken('.venv', 'it has no bin/python'),
      errors.venvExists('.venv'),
      errors.noActiveVenv(),
      errors.notAVenv('lib'),
      errors.interpreterNotFound('3.99', ['3.12.1']),
      errors.noPipForVenv('/usr/bin/python3', 'linux'),
      errors.invalidInput('There is nothing to install.', 'For example {"packages": ["x"]}.'),
      errors.network('no route to host'),
      errors.refused('There is a file already.', 'Choose another "path", for example ".venv".'),
      errors.workspaceUntrusted(),
      ...errorKinds.map((kind) => new ToolError(kind, 'It failed.', 'Use python.venv {"action": "list"}.')),
    ];
    for (const error of all) {
      const { text } = errorForPeople(error);
      assert.ok(text.startsWith(error.message));
      assert.doesNotMatch(text, /\{"|python\.(venv|pip|run)|call again|as "python"|"path"/);
    }
  });

  it('offers the command that helps', () => {
    assert.deepEqual(
      errorForPeople(errors.noActiveVenv()).next.map(({ command }) => command),
      ['pythonTools.createEnvironment'],
    );
    assert.equal(errorForPeople(errors.noFolder()).next[0]?.command, 'workbench.action.files.openFolder');
  });
});
