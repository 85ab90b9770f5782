import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { importNameOf, knownImportNames, knownProviders } from '../../src/core/hints/knownDistributions';
import { standardModuleHint } from '../../src/core/hints/standardModules';
import { wantedModule } from '../../src/core/hints/wantedModule';
import { foldersWithModule } from '../../src/core/hints/workspaceModules';
import type { RunOutcome } from '../../src/core/runner/PythonRunner';
import type { Program } from '../../src/core/runner/program';
import { SitePackages, suiteFolder } from '../support/sitePackages';

describe('What provides a module', () => {
  it('is known where the distribution is called otherwise, by the longest part of the name', () => {
    assert.deepEqual(knownProviders('sklearn.linear_model'), ['scikit-learn']);
    assert.deepEqual(knownProviders('google.cloud.storage.Client'), ['google-cloud-storage']);
    assert.deepEqual(knownProviders('google.cloud.nothing', 2), []);
    assert.deepEqual(knownProviders('requests.nothing', 2), []);
    assert.deepEqual(knownProviders('flask_login'), ['flask-login']);
    assert.deepEqual(knownProviders('constructor'), []);
  });

  it('is called otherwise only where it is not imported by its own name', () => {
    assert.equal(importNameOf('PyYAML'), 'yaml');
    assert.equal(importNameOf('matplotlib'), undefined);
    assert.equal(importNameOf('unheard-of'), undefined);
  });

  it('is known for every name that is suggested', () => {
    for (const name of knownImportNames()) assert.ok(knownProviders(name).length > 0, name);
    assert.equal(new Set(knownImportNames()).size, knownImportNames().length);
  });
});

describe('A module of the standard library', () => {
  it('left with a version, came with a version, or was renamed', () => {
    assert.match(standardModuleHint('distutils', '3.12.0') ?? '', /Python 3\.12; setuptools provides/);
    assert.equal(standardModuleHint('distutils', '3.11.9'), undefined);
    assert.match(standardModuleHint('tomllib', '3.10.1') ?? '', /from Python 3\.11 on.*"tomli"/);
    assert.match(standardModuleHint('urllib2', '3.12.0') ?? '', /"urllib\.request"/);
    assert.equal(standardModuleHint('requests', '3.12.0'), undefined);
  });

  it('is of one system only, or is left out of a build', () => {
    assert.match(standardModuleHint('winreg', '3.12.0', 'linux') ?? '', /on Windows only/);
    assert.match(standardModuleHint('fcntl', '3.12.0', 'win32') ?? '', /not exist on Windows/);
    assert.match(standardModuleHint('_tkinter', '3.12.0', 'darwin') ?? '', /this build \(3\.12\.0\) lacks it/);
  });
});

describe('The module that a run did not find', () => {
  const { environment } = new SitePackages('/venv');
  const wanted = (program: Program, exception: RunOutcome['exception'], stderr = '') => {
    const text = Buffer.from(stderr);
    const output = { bytes: text.length, head: text, tail: Buffer.alloc(0), file: undefined, lines: 0, fileBytes: 0 };
    const outcome = { ending: 'exited', exitCode: 1, signal: null, exception, pictures: [], notes: [] } as const;
    const times = { durationMs: 1, backgroundProcessesEnded: 0, stdout: output, stderr: output };
    const request = { program, args: [], env: {}, cwd: '/folder' };
    return wantedModule({ request, environment, outcome: { ...outcome, ...times } });
  };
  const code: Program = { kind: 'code', code: '' };
  const failed = (missingModule: string, line: string) => ({
    type: 'ModuleNotFoundError',
    message: '',
    frames: [{ file: 'main.py', line: 1, function: '<module>', code: line }],
    missingModule,
  });

  it('is named as far as the statement names it', () => {
    assert.deepEqual(wanted(code, failed('google', 'from google.cloud import storage')), {
      name: 'google',
      module: 'google.cloud',
      imported: 'google.cloud.storage',
    });
    assert.deepEqual(wanted(code, failed('numpy', 'import pandas')), {
      name: 'numpy',
      module: 'numpy',
      imported: 'numpy',
    });
  });

  it('is what -m was to run, and no text that a program made up', () => {
    const module: Program = { kind: 'module', name: 'x' };
    assert.equal(wanted(module, undefined, '/bin/python: No module named x\n')?.name, 'x');
    const deeper =
      "/p: Error while finding module specification for 'x.y' (ModuleNotFoundError: No module named 'x')\n";
    assert.equal(wanted(module, undefined, deeper)?.name, 'x');
    assert.equal(wanted(code, undefined, '/bin/python: No module named x\n'), undefined);
    assert.equal(wanted(code, failed('a b', 'raise')), undefined);
  });
});

describe('The search for a module in the workspace', () => {
  const folder = suiteFolder();

  it('finds modules and packages, the nearest first, and passes over venvs and hidden folders', async () => {
    const files = [
      'a/b/found.py',
      'c/found/__init__.py',
      'v/pyvenv.cfg',
      'v/found.py',
      '.h/found.py',
      'n/found/part.py',
    ];
    for (const file of [...files, 'node_modules/found.py', 'empty/found/notes.txt']) {
      await mkdir(dirname(join(folder(), file)), { recursive: true });
      await writeFile(join(folder(), file), '');
    }
    const places = async (module: string, regular = false) =>
      (await foldersWithModule(folder(), module, { regular })).map((path) => path.slice(folder().length + 1));
    assert.deepEqual(await places('found'), ['c', 'n', join('a', 'b')]);
    assert.deepEqual(await places('found', true), ['c', join('a', 'b')]);
    assert.deepEqual(await places('found.part'), ['n']);
    assert.deepEqual(await places('nothing'), []);
  });
});
