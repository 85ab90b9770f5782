import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FolderContents } from '../../src/core/files/removeFolder';
import { pathsIn } from '../../src/core/venv/recordedFiles';
import { venvContents } from '../../src/core/venv/venvContents';
import { itOnUnix, itWithFolderLinks, linkFolder } from '../support/platform';

let venv: string;
const library = 'lib/python3.12/site-packages';

function put(...files: readonly (string | readonly [string, string])[]): void {
  for (const each of files) {
    const [path, content] = typeof each === 'string' ? [each, ''] : each;
    const absolute = join(venv, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
  }
}

/** A distribution with a record of its files, which it has, too. */
function install(name: string, recorded: readonly string[], at = library): void {
  const info = `${name}-1.0.dist-info`;
  for (const path of recorded) put(join(at, path));
  const lines = [...recorded, `${info}/RECORD`].map((path) => `${path},sha256=abc,1\n`);
  put([`${at}/${info}/RECORD`, lines.join('')], `${at}/${info}/METADATA`, `${at}/${info}/licenses/LICENSE`);
}

const foreign = async (platform = process.platform): Promise<string[]> =>
  [...((await venvContents(venv, platform))?.foreign ?? [])].sort();

function count({ files, folders }: FolderContents): number {
  return files.length + [...folders.values()].reduce((sum, inner) => sum + count(inner), 0);
}

describe('what is in a venv', () => {
  beforeEach(() => {
    venv = realpathSync(mkdtempSync(join(tmpdir(), 'contents-')));
    put('pyvenv.cfg', 'bin/python', 'bin/activate', `${library}/six.py`);
    rmSync(join(venv, library, 'six.py'));
  });
  afterEach(() => {
    rmSync(venv, { recursive: true, force: true });
  });

  it('is nobody’s own where venv, virtualenv and uv made it, on any system', async () => {
    put(
      ...['bin/python3', 'bin/python3.12', 'bin/python3.13t', 'bin/pypy3.10', 'bin/libpypy3.10-c.so', 'bin/pip-3.12'],
      ...[
        'bin/Activate.ps1',
        'bin/activate.fish',
        'bin/activate_this.py',
        'bin/deactivate.csh',
        'bin/pip3',
        'bin/wheel3.8',
      ],
      ...[
        'Scripts/python.exe',
        'Scripts/pythonw.exe',
        'Scripts/python312.dll',
        'Scripts/activate.bat',
        'Scripts/pydoc.bat',
      ],
      ...[
        'Scripts/pip.exe',
        'Scripts/easy_install-3.8-script.py',
        'CACHEDIR.TAG',
        '.lock',
        '.DS_Store',
        'lib/.DS_Store',
      ],
      ['.gitignore', '# Created by venv; see https://docs.python.org/3/library/venv.html\n*\n'],
      ...[`${library}/_virtualenv.py`, `${library}/_virtualenv.pth`, `${library}/distutils-precedence.pth`],
      ...[`${library}/pip/_vendor/half/made.py`, 'share/python-wheels/pip.whl', 'lib_pypy/_csv.py'],
      ...['lib/pypy3.10/site-packages/__pycache__/x.pyc', 'site-packages/~umpy/core.py'],
    );
    mkdirSync(join(venv, 'src/empty'), { recursive: true });
    assert.deepEqual(await foreign(), []);
  });

  it('is nobody’s own where an installer recorded it, with what is made of that', async () => {
    install('tool', ['tool/__init__.py', 'tool/data/a b.json', '../../../bin/tool', '../../../share/tool/x/y.txt']);
    put(
      ...[`${library}/tool/__pycache__/__init__.cpython-312.pyc`, `${library}/tool/data/__pycache__/f-1.py312.1.nbc`],
      ...[`${library}/tool/__pycache__/x.cpython-312.pyc.140255`, `${library}/__pycache__/six.cpython-312.pyc`],
      ...[
        'share/jupyter/kernels/mine/kernel.json',
        'etc/jupyter/jupyter_server_config.json',
        '.pytest_cache/README.md',
      ],
      ...(['lib/node_modules/npm/index.js', 'bin/node', ['README.md', '# Node.js\n']] as const),
    );
    assert.deepEqual(await foreign(), []);
  });

  it('is nobody’s own where it is an egg, or an old installer listed it', async () => {
    put(
      `${library}/old-1.0-py3.8.egg/old/__init__.py`,
      `${library}/zipped-1.0-py3.8.egg`,
      [`${library}/easy-install.pth`, './old-1.0-py3.8.egg\n'],
      `${library}/dev.egg-link`,
      [
        `${library}/listed-1.0.egg-info/installed-files.txt`,
        '../listed/__init__.py\n../../../../bin/listed\nPKG-INFO\n',
      ],
      `${library}/listed-1.0.egg-info/PKG-INFO`,
      `${library}/listed/__init__.py`,
      'bin/listed',
      [`${library}/named-1.0.egg-info/top_level.txt`, 'named\n../../..\n'],
      `${library}/named/deep/er.py`,
      ['bin/old', "#!/venv/bin/python\n# EASY-INSTALL-ENTRY-SCRIPT: 'old','console_scripts','old'\n"],
    );
    assert.deepEqual(await foreign(), []);
  });

  it('is somebody’s own where a project stands in it, which is named by its outermost part', async () => {
    install('tool', ['tool/__init__.py', '../../../share/tool/a.txt']);
    put(
      ...['main.py', '.env', 'data.csv', 'README.md', 'src/app/deep/er/main.py', 'src/app/other.py', 'tests/test_a.py'],
      ...['.git/config', '.vscode/settings.json', 'notebooks/.ipynb_checkpoints/a.ipynb', 'lib/mine.py'],
      ...['bin/deploy.sh', 'bin/python-deploy', 'bin/__pycache__/secret.py', 'etc/jupyter/jupyter_config.py'],
      ...[
        `${library}/sitecustomize.py`,
        `${library}/mine.pth`,
        `${library}/mine/__init__.py`,
        `${library}/tool/patch.py`,
      ],
      ...[`${library}/tool/__pycache__/notes.txt`, 'share/tool/b.txt', 'include/mine.h', 'lib/python3.12/mine.py'],
      ['.gitignore', '*\n!main.py\n'],
    );
    mkdirSync(join(venv, 'empty/er'), { recursive: true });
    assert.deepEqual(await foreign(), [
      ...['.env', '.git', '.gitignore', '.vscode', 'README.md', 'bin/__pycache__/secret.py', 'bin/deploy.sh'],
      ...['bin/python-deploy', 'data.csv', 'etc/jupyter', 'include/mine.h', 'lib/mine.py', 'lib/python3.12/mine.py'],
      ...[
        `${library}/mine`,
        `${library}/mine.pth`,
        `${library}/sitecustomize.py`,
        `${library}/tool/__pycache__/notes.txt`,
      ],
      ...[`${library}/tool/patch.py`, 'main.py', 'notebooks', 'share/tool/b.txt', 'src/app', 'tests'],
    ]);
  });

  it('is not explained by a record that claims what lies outside of it', async () => {
    const outside = `${venv}-outside`;
    install('evil', ['evil.py']);
    put('mine.py', 'own.py', [
      `${library}/evil-1.0.dist-info/RECORD`,
      [
        `../../../../${outside.slice(1)}/mine.py,,`,
        '../../../../mine.py,,',
        '../../..,,',
        '../../../,,',
        '/mine.py,,',
        `${venv}/own.py,,`,
        'evil.py,,',
        '',
        ',,',
      ].join('\n'),
    ]);
    assert.deepEqual(await foreign(), ['mine.py']);
  });

  itWithFolderLinks('follows no link, and minds none', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'outside-')));
    try {
      mkdirSync(join(outside, 'site-packages'));
      writeFileSync(join(outside, 'thesis.txt'), '');
      linkFolder(outside, join(venv, 'data'));
      linkFolder(outside, join(venv, 'lib/python3.13'));
      const found = await venvContents(venv);
      assert.deepEqual([...(found?.foreign ?? [])], []);
      assert.ok(found);
      assert.ok(found.contents.files.includes('data'));
      assert.equal(found.contents.folders.get('data'), undefined);
      linkFolder(venv, `${outside}/venv`);
      assert.equal(await venvContents(`${outside}/venv`), undefined);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('is all in what is removed, with the records and pyvenv.cfg last', async () => {
    install('tool', ['tool/__init__.py', '../../../bin/tool']);
    put(`${library}/flat.egg-info`);
    const found = await venvContents(venv);
    assert.ok(found);
    assert.equal(count(found.contents), 4);
    assert.equal(count(found.lastly), 5);
    assert.deepEqual(found.lastly.files, ['pyvenv.cfg']);
    assert.deepEqual(found.contents.folders.get('lib')?.identity, found.lastly.folders.get('lib')?.identity);
  });

  it('goes by Windows’ names on Windows', async () => {
    rmSync(join(venv, 'lib'), { recursive: true });
    rmSync(join(venv, 'bin'), { recursive: true });
    const info = 'Lib/site-packages/Tool-1.0.dist-info';
    put('Lib/site-packages/Tool/Core.py', 'Scripts/tool.exe', 'Scripts/mine.exe', [
      `${info}/RECORD`,
      'tool\\core.py,,\r\n..\\..\\SCRIPTS\\tool.exe,,\r\n',
    ]);
    assert.deepEqual(await foreign('win32'), ['Scripts/mine.exe']);
  });

  it('is read from records as comma-separated values are written', () => {
    const record = 'a.py,sha256=x,1\r\n"b,c.py",,\n"say ""hi"".py",,\n"open,,\n\nplain.txt\n';
    assert.deepEqual([...pathsIn(record)], ['a.py', 'b,c.py', 'say "hi".py', 'plain.txt']);
  });

  itOnUnix('pipes as files')('does not wait for what is no file', async () => {
    const { execFileSync } = await import('node:child_process');
    mkdirSync(join(venv, library, 'fifo-1.0.dist-info'));
    execFileSync('mkfifo', [join(venv, library, 'fifo-1.0.dist-info/RECORD'), join(venv, '.gitignore')]);
    symlinkSync('/dev/zero', join(venv, 'README.md'));
    assert.deepEqual(await foreign(), ['.gitignore']);
  });
});
