import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { interestIn } from '../../src/vscode/watchInterest';

const root = resolve('/project');
const venv = join(root, '.venv');
const library = join(venv, 'lib', 'python3.12', 'site-packages');
const outside = resolve('/elsewhere/env');
const watched = { root, venvs: [venv, outside], libraries: [library], selections: resolve('/state/selected') };

const interests: readonly (readonly [string, string, string | undefined])[] = [
  ['a venv', venv, 'venv'],
  ['a usual name of a venv', join(root, 'virtualenv'), 'venv'],
  ['its pyvenv.cfg', join(venv, 'pyvenv.cfg'), 'venv'],
  ['the pyvenv.cfg of a folder that was none', join(root, 'new', 'pyvenv.cfg'), 'venv'],
  ['a pyvenv.cfg deeper down', join(root, 'a', 'b', 'pyvenv.cfg'), undefined],
  ['its interpreter', join(venv, 'bin', 'python3.12'), 'venv'],
  ['its interpreter on Windows', join(venv, 'Scripts', 'python.exe'), 'venv'],
  ['a script of its', join(venv, 'bin', 'pytest'), undefined],
  ['its library for another version', join(venv, 'lib', 'python3.13'), 'venv'],
  ['its site-packages', library, 'venv'],
  ['a package', join(library, 'requests-2.31.0.dist-info'), 'packages'],
  ['the cache beside modules', join(library, '__pycache__'), undefined],
  ['a file of a package', join(library, 'requests', 'api.py'), undefined],
  ['a venv elsewhere', outside, 'venv'],
  ['a project file', join(root, 'requirements-dev.txt'), 'projectFile'],
  ['a source file', join(root, 'main.py'), 'projectFile'],
  ['something else in the folder', join(root, 'src'), 'child'],
  ['something deeper down', join(root, 'src', 'main.py'), undefined],
  ['what another window selected', resolve('/state/selected/0123.json'), 'venv'],
];

describe('A change on disk', () => {
  for (const [what, path, interest] of interests) {
    it(`in ${what} means ${interest ?? 'nothing'}`, () => {
      assert.equal(interestIn(path, watched), interest);
    });
  }
});
