import assert from 'node:assert/strict';
import { join } from 'node:path';
import { tools } from '../../src/tools';
import { instructions } from '../../src/tools/instructions';
import { manifestEntry } from '../../src/tools/manifest';
import { heed, type Remembered } from '../../src/vscode/pythonExtension/heed';
import { venvFolders } from '../../src/vscode/pythonExtension/venvFolders';

describe("what the Python extension selects, beside a folder's own choice", () => {
  const other = { isSame: false, isChosen: false };
  const fresh: Remembered = { last: undefined, isSettled: false };
  /** @returns which of these selections, one after the other, are adopted. */
  const adopted = (selections: readonly (string | null)[], start: Remembered, isChosen = false) => {
    let remembered = start;
    return selections.filter((theirs) => {
      const { adopts, ...next } = heed(theirs, remembered, { isSame: false, isChosen });
      remembered = next;
      return adopts;
    });
  };

  it('is adopted at first sight', () => {
    assert.deepEqual(heed('/a', fresh, other), { last: '/a', isSettled: true, adopts: true });
  });

  it('is not adopted where it is active already, but remembered', () => {
    assert.deepEqual(heed('/a', fresh, { isSame: true, isChosen: true }), {
      last: '/a',
      isSettled: true,
      adopts: false,
    });
  });

  it('goes behind a choice made here where nothing is known of it, and counts from its next change on', () => {
    assert.deepEqual(adopted(['/a', '/a', '/b'], fresh, true), ['/b']);
  });

  it('counts once: a choice made here afterwards stands, also in the next window', () => {
    assert.deepEqual(adopted(['/a', '/a'], { last: '/a', isSettled: false }, true), []);
    assert.deepEqual(adopted(['/b'], { last: '/a', isSettled: false }, true), ['/b']);
  });

  it('counts anew after something else was selected there', () => {
    assert.deepEqual(adopted(['/a', null, '/a'], { last: '/a', isSettled: false }, true), ['/a']);
  });

  it('does not count anew because the extension took a while to find it', () => {
    assert.deepEqual(adopted([null, null, '/a'], { last: '/a', isSettled: false }, true), []);
  });

  it('is never adopted where it is no venv', () => {
    assert.deepEqual(heed(null, fresh, other), { ...fresh, adopts: false });
    assert.deepEqual(heed(null, { last: '/a', isSettled: true }, other), {
      last: null,
      isSettled: true,
      adopts: false,
    });
  });
});

describe('the path that the Python extension names', () => {
  const venv = join('/work', '.venv');

  it('may be of the interpreter or of the environment', () => {
    assert.deepEqual(venvFolders([join(venv, 'bin', 'python')]), [join(venv, 'bin', 'python'), venv]);
    assert.deepEqual(venvFolders([join(venv, 'Scripts', 'python.exe')]).at(-1), venv);
    assert.deepEqual(venvFolders([venv, venv]), [venv]);
  });

  it('is no venv where it is a bare name', () => {
    assert.deepEqual(venvFolders(['python', '']), []);
  });
});

describe("the Python extension's own agent tools", () => {
  const theirs = /configure_python_environment|get_python_\w+|install_python_packages|pylanceRunCodeSnippet/;

  it('are told apart from each of these in VS Code, where alone they are', () => {
    for (const tool of tools) {
      assert.match(manifestEntry(tool).modelDescription, theirs);
      assert.doesNotMatch(tool.description, theirs);
    }
    assert.doesNotMatch(instructions('dotted'), theirs);
  });
});
