import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { takingTurns } from '../../src/core/eventLoop';
import { foreignTo } from '../../src/core/venv/binaryFormat';
import { consoleScript } from '../../src/core/venv/consoleScript';
import { launcherName } from '../../src/core/venv/exeLauncher';
import { folderSize } from '../../src/core/venv/folderSize';
import { finishPip, pipWheelsFor, placePip } from '../../src/core/venv/installPip';
import { parsePyvenvConfig } from '../../src/core/venv/pyvenvConfig';
import { basePythonOf, readVenv, type Venv } from '../../src/core/venv/readVenv';
import { Selection } from '../../src/core/venv/selection';
import { readWheel } from '../../src/core/venv/wheelFile';
import {
  itOnUnix,
  itWithFileLinks,
  itWithFolderLinks,
  linkFolder,
  linksFiles,
  linksFolders,
  onWindows,
} from '../support/platform';

const linux = { platform: 'linux', arch: 'x64' } as const;
const windows = { platform: 'win32', arch: 'x64' } as const;

let base: string;

function file(path: string, content: string | Buffer = '', mode = 0o644): string {
  const absolute = join(base, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, content, { mode });
  return absolute;
}

/** A venv whose base is a script of the test's own; `over` replaces files, undefined leaves one out. */
function venv(name: string, over: Readonly<Record<string, string | undefined>> = {}): string {
  const home = dirname(file('base/bin/python3.12', '#!/bin/sh\n', 0o755));
  const files: Record<string, string | undefined> = {
    'pyvenv.cfg': `home = ${home}\nversion = 3.12.1\ninclude-system-site-packages = false\n`,
    'bin/python': '#!/bin/sh\n',
    'lib/python3.12/site-packages/x.py': '',
    ...over,
  };
  for (const [path, content] of Object.entries(files)) {
    if (content !== undefined) file(join(name, path), content, path.startsWith('bin/') ? 0o755 : 0o644);
  }
  return join(base, name);
}

/** A zip file of those files, as zip writes them: names in a directory at the end. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  Object.entries(files).forEach(([name, text], index) => {
    const method = index % 2 === 0 ? 8 : 0;
    const content = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(method, 10);
    header.writeUInt32LE(content.length, 20);
    header.writeUInt32LE(Buffer.byteLength(text), 24);
    header.writeUInt16LE(Buffer.byteLength(name), 28);
    header.writeUInt32LE(offset, 42);
    directory.push(header, Buffer.from(name));
    const start = Buffer.alloc(30);
    start.writeUInt32LE(0x04034b50, 0);
    start.writeUInt16LE(Buffer.byteLength(name), 26);
    local.push(start, Buffer.from(name), content);
    offset += 30 + Buffer.byteLength(name) + content.length;
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, ...directory, end]);
}

describe('virtual environments', () => {
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'venv-')));
  });

  afterEach(() => {
    rmSync(base, { recursive: true, force: true });
  });

  describe('pyvenv.cfg', () => {
    it('is understood as venv, virtualenv and uv write it', () => {
      assert.deepEqual(parsePyvenvConfig("home = /usr/bin\nversion = 3.12.1\nprompt = 'my app'\n"), {
        home: '/usr/bin',
        version: '3.12.1',
        systemSitePackages: false,
        prompt: 'my app',
        baseExecutable: undefined,
      });
      const virtualenv = parsePyvenvConfig(
        'home=/usr/bin\r\nversion_info = 3.8.18.final.0\r\nInclude-System-Site-Packages = TRUE\r\nbase-executable = /b/python\r\n',
      );
      assert.equal(virtualenv.version, '3.8.18');
      assert.equal(virtualenv.systemSitePackages, true);
      assert.equal(virtualenv.baseExecutable, '/b/python');
      assert.equal(parsePyvenvConfig('version_info = 3.14.0rc2').version, '3.14.0rc2');
      assert.equal(parsePyvenvConfig('prompt = "it\'s"').prompt, "it's");
      assert.equal(parsePyvenvConfig('home = C:\\a=b\\c').home, 'C:\\a=b\\c');
    });

    it('says nothing where it is empty or no settings', () => {
      const nothing = parsePyvenvConfig('hello\n= 3\nhome =\n');
      assert.equal(nothing.home, undefined);
      assert.equal(nothing.version, undefined);
    });
  });

  describe('a venv, read from its files', () => {
    it('keeps its own python and library', () => {
      const path = venv('.venv');
      const read = readVenv(path, linux);
      assert.ok(read);
      assert.equal(read.broken, undefined);
      assert.equal(read.python, join(path, 'bin', 'python'));
      assert.equal(read.version, '3.12.1');
      assert.deepEqual(read.libraries, [join(path, 'lib/python3.12/site-packages')]);
      assert.equal(basePythonOf(read), join(base, 'base/bin/python3.12'));
    });

    it('has a base that is an alias of the Windows Store, which cannot be opened', () => {
      const home = join(base, 'WindowsApps');
      const read = readVenv(venv('.venv'), linux);
      assert.ok(read);
      const config = { ...read.config, home, baseExecutable: undefined };
      const ofStore = { ...read, python: join('Scripts', 'python.exe'), config };
      const alias = join(home, 'python.exe');
      assert.equal(basePythonOf(ofStore), undefined);
      assert.equal(
        basePythonOf(ofStore, (path) => path === alias),
        alias,
      );
    });

    itWithFileLinks('never resolves the link of its python', () => {
      const path = venv('.venv', { 'bin/python': undefined });
      mkdirSync(join(path, 'bin'));
      symlinkSync(join(base, 'base/bin/python3.12'), join(path, 'bin/python'));
      assert.equal(readVenv(path, linux)?.python, join(path, 'bin', 'python'));
    });

    itWithFolderLinks('has lib64 as a second library only where that is another folder', () => {
      const path = venv('.venv');
      linkFolder('lib', join(path, 'lib64'));
      assert.equal(readVenv(path, linux)?.libraries.length, 1);
      const fedora = venv('fedora', { 'lib64/python3.12/site-packages/y.so': '' });
      assert.deepEqual(readVenv(fedora, linux)?.libraries, [
        join(fedora, 'lib/python3.12/site-packages'),
        join(fedora, 'lib64/python3.12/site-packages'),
      ]);
    });

    it('is found in the layout of Windows too', () => {
      const path = venv('win', { 'bin/python': undefined, 'Scripts/python.exe': 'MZ', 'Lib/site-packages/x.py': '' });
      chmodSync(join(path, 'Scripts/python.exe'), 0o755);
      const read = readVenv(path, windows);
      assert.equal(read?.broken, undefined);
      assert.equal(read?.python, join(path, 'Scripts', 'python.exe'));
      assert.deepEqual(read.libraries, [join(path, 'Lib', 'site-packages')]);
    });

    it('is none without a pyvenv.cfg, or where that is a folder', () => {
      assert.equal(readVenv(venv('a', { 'pyvenv.cfg': undefined }), linux), undefined);
      mkdirSync(join(base, 'a', 'pyvenv.cfg'));
      assert.equal(readVenv(join(base, 'a'), linux), undefined);
      assert.equal(readVenv(join(base, 'missing'), linux), undefined);
    });

    it('takes the version from its library where pyvenv.cfg keeps it to itself', () => {
      const home = join(base, 'base/bin');
      assert.equal(readVenv(venv('a', { 'pyvenv.cfg': `home = ${home}` }), linux)?.version, '3.12');
    });
  });

  describe('a broken venv says why', () => {
    const reason = (path: string, system: Parameters<typeof readVenv>[1] = linux) =>
      readVenv(path, system)?.broken?.replaceAll(sep, '/');

    it('has no python', () => {
      assert.equal(reason(venv('a', { 'bin/python': undefined })), 'it has no bin/python');
    });

    itWithFileLinks('has a link to a base that was removed', () => {
      const path = venv('a', { 'bin/python': undefined });
      mkdirSync(join(path, 'bin'));
      symlinkSync('/opt/gone/python3.12', join(path, 'bin/python'));
      assert.equal(reason(path), 'its bin/python is a link to "/opt/gone/python3.12", which is gone');
    });

    it('has a base folder that is gone', () => {
      const path = venv('a', { 'pyvenv.cfg': 'home = /opt/gone/bin\nversion = 3.12.1\n' });
      assert.equal(reason(path), 'its base Python is gone ("/opt/gone/bin")');
      assert.match(reason(venv('b', { 'pyvenv.cfg': '' })) ?? '', /names no base Python/);
    });

    it('has an empty python, or a folder in its place', () => {
      assert.equal(reason(venv('a', { 'bin/python': '' })), 'its bin/python is an empty file');
      assert.equal(reason(venv('c', { 'bin/python': undefined, 'bin/python/x': '' })), 'its bin/python is not a file');
    });

    itOnUnix('modes of files')('has a python that is not executable', () => {
      const path = venv('b');
      chmodSync(join(path, 'bin/python'), 0o644);
      assert.equal(reason(path), 'its bin/python is not executable');
    });

    it('was made on another system', () => {
      const other = { 'bin/python': undefined, 'Scripts/python.exe': 'MZ' };
      assert.equal(reason(venv('a', other)), 'it was made on Windows');
      assert.equal(reason(venv('b'), windows), 'it was made on Linux or macOS');
      const elf = Buffer.alloc(64);
      elf.writeUInt32BE(0x7f454c46);
      elf[5] = 1;
      elf.writeUInt16LE(0xb7, 18);
      const path = venv('c');
      writeFileSync(join(path, 'bin/python'), elf);
      assert.equal(reason(path), 'its bin/python is made for arm64 processors');
      assert.equal(reason(path, { platform: 'linux', arch: 'arm64' }), undefined);
      assert.equal(reason(path, { platform: 'darwin', arch: 'arm64' }), 'its bin/python is made for Linux');
    });

    itWithFileLinks('holds packages of another version than its base has now', () => {
      const path = venv('a', { 'bin/python': undefined });
      mkdirSync(join(path, 'bin'));
      symlinkSync(file('base/bin/python3.13', '#!/bin/sh\n', 0o755), join(path, 'bin/python'));
      chmodSync(join(base, 'base/bin/python3.13'), 0o755);
      assert.equal(reason(path), 'its packages are those of python3.12, its base is Python 3.13 now');
    });

    it('has no library', () => {
      const empty = venv('b', { 'lib/python3.12/site-packages/x.py': undefined });
      assert.equal(reason(empty), 'it has no lib/python3.12 folder');
    });

    it('reads the headers of all three systems', () => {
      const mach = Buffer.alloc(32);
      mach.writeUInt32LE(0xfeedfacf, 0);
      mach.writeUInt32LE(0x0100000c, 4);
      assert.equal(foreignTo(mach, 'darwin', 'arm64'), undefined);
      assert.equal(foreignTo(mach, 'darwin', 'x64'), 'made for arm64 processors');
      assert.equal(foreignTo(mach, 'linux', 'x64'), 'made for macOS');
      const pe = Buffer.alloc(128);
      pe.write('MZ');
      pe.writeUInt32LE(64, 0x3c);
      pe.writeUInt16LE(0xaa64, 68);
      assert.equal(foreignTo(pe, 'win32', 'x64'), 'made for arm64 processors');
      assert.equal(foreignTo(pe, 'win32', 'arm64'), undefined);
      assert.equal(foreignTo(Buffer.from('#!/bin/sh\nexec python "$@"'), 'linux', 'x64'), undefined);
      assert.equal(
        foreignTo(readFileSync(process.execPath).subarray(0, 1024), process.platform, process.arch),
        undefined,
      );
    });
  });

  describe('the size of a folder', () => {
    it('counts hard links once and follows no link', async () => {
      file('f/a', 'x'.repeat(1000));
      file('f/deep/er/b', 'x'.repeat(500));
      file('outside', 'x'.repeat(10_000));
      linkSync(join(base, 'f/a'), join(base, 'f/again'));
      if (linksFiles) symlinkSync(join(base, 'outside'), join(base, 'f/link'));
      if (linksFolders) linkFolder(join(base, 'f'), join(base, 'f/deep/loop'));
      assert.equal(await folderSize(join(base, 'f')), 1500);
      assert.equal(await folderSize(join(base, 'missing')), 0);
    });

    it('lets other work go on between its slices', async () => {
      const pause = takingTurns(0);
      let turns = 0;
      setImmediate(() => turns++);
      await pause();
      assert.equal(turns, 1);
      assert.equal(takingTurns(60_000)(), undefined, 'not before the slice is over');
    });

    it('can be cancelled', async () => {
      file('f/a');
      await assert.rejects(folderSize(join(base, 'f'), AbortSignal.abort()), { kind: 'cancelled' });
    });
  });

  describe('the selection', () => {
    it('outlives the process and is shared by several', async () => {
      const first = new Selection(base, join(base, 'state'));
      assert.equal(await first.read(), undefined);
      assert.equal(await first.write('/x/.venv'), true);
      const second = new Selection(base, join(base, 'state'));
      assert.equal(await second.read(), '/x/.venv');
      await second.forget();
      assert.equal(await first.read(), undefined);
    });

    itWithFolderLinks('belongs to a folder, by whatever name it was opened', async () => {
      mkdirSync(join(base, 'a'));
      mkdirSync(join(base, 'b'));
      linkFolder(join(base, 'a'), join(base, 'alias'));
      await new Selection(join(base, 'a'), join(base, 'state')).write('/x');
      assert.equal(await new Selection(join(base, 'b'), join(base, 'state')).read(), undefined);
      assert.equal(await new Selection(join(base, 'alias'), join(base, 'state')).read(), '/x');
    });

    itWithFolderLinks('is in the folder under the name by which that was opened', async () => {
      mkdirSync(join(base, 'c'));
      linkFolder(join(base, 'c'), join(base, 'link'));
      await new Selection(join(base, 'c'), join(base, 'state')).write(join(base, 'c', '.venv'));
      const throughLink = new Selection(join(base, 'link'), join(base, 'state'));
      assert.equal(await throughLink.read(), join(base, 'link', '.venv'));
      await throughLink.write(join(base, 'link', 'env'));
      assert.equal(await new Selection(join(base, 'c'), join(base, 'state')).read(), join(base, 'c', 'env'));
    });

    it('lasts for the process where it cannot be written', async () => {
      const selection = new Selection(base, join(file('a-file'), 'state'));
      assert.equal(await selection.write('/x'), false);
      assert.equal(await selection.read(), '/x');
    });
  });

  describe('pip from a wheel', () => {
    const files = {
      'pip/__init__.py': '__version__ = "9.9"\n',
      'pip/_internal/cli/main.py': 'def main(): return 0\n',
      'pip-9.9.dist-info/METADATA': 'Name: pip\nVersion: 9.9\nRequires-Python: >=3.8\n',
      'pip-9.9.dist-info/entry_points.txt': '[console_scripts]\npip = pip._internal.cli.main:main\n',
      'pip-9.9.dist-info/RECORD':
        'pip/__init__.py,sha256=abc,20\npip/_internal/cli/main.py,,\npip-9.9.dist-info/METADATA,,\npip-9.9.dist-info/entry_points.txt,,\npip-9.9.dist-info/RECORD,,\n',
    };

    const unpackPip = async (wheel: string, read: Venv, library: string, cache: string): Promise<void> => {
      await finishPip(await placePip(wheel, library, cache), read, 'linux');
    };

    it('is unpacked with scripts and a record of all that was added', async () => {
      const path = venv('v');
      const library = join(path, 'lib/python3.12/site-packages');
      const read = readVenv(path, linux);
      assert.ok(read);
      await unpackPip(file('pip-9.9-py3-none-any.whl', zip(files)), read, library, join(base, 'cache'));
      assert.equal(readFileSync(join(library, 'pip/__init__.py'), 'utf8'), files['pip/__init__.py']);
      const record = readFileSync(join(library, 'pip-9.9.dist-info/RECORD'), 'utf8').split('\n');
      assert.match(record[0] ?? '', /^\.\.\/\.\.\/\.\.\/bin\/pip,sha256=[\w-]{43},\d+$/);
      assert.deepEqual(
        record.map((line) => line.split(',')[0]),
        [
          ...['pip', 'pip3', 'pip3.12'].map((name) => `../../../bin/${name}`),
          'pip-9.9.dist-info/INSTALLER',
          'pip-9.9.dist-info/REQUESTED',
          'pip/__init__.py',
          'pip/_internal/cli/main.py',
          'pip-9.9.dist-info/METADATA',
          'pip-9.9.dist-info/entry_points.txt',
          'pip-9.9.dist-info/RECORD',
          '',
        ],
      );
      assert.ok(readFileSync(join(path, 'bin/pip3.12'), 'utf8').startsWith(`#!${join(path, 'bin', 'python')}\n`));
    });

    it('shares its files with the cache, but never a damaged or changed copy', async () => {
      const wheel = file('pip-9.9-py3-none-any.whl', zip(files));
      const cache = join(base, 'cache');
      const place = async (name: string, from = cache): Promise<string> => {
        const path = venv(name);
        const read = readVenv(path, linux);
        assert.ok(read);
        await unpackPip(wheel, read, join(path, 'lib/python3.12/site-packages'), from);
        return join(path, 'lib/python3.12/site-packages/pip/__init__.py');
      };
      const [first, second] = [await place('a'), await place('b')];
      assert.equal(statSync(first).ino, statSync(second).ino);
      writeFileSync(first, 'edited in place');
      const third = await place('c');
      assert.equal(readFileSync(third, 'utf8'), files['pip/__init__.py']);
      assert.notEqual(statSync(first).ino, statSync(third).ino);
      if (!onWindows) {
        chmodSync(third, 0o666);
        assert.notEqual(statSync(await place('e')).ino, statSync(third).ino, 'others could change what all share');
      }
      const fourth = await place('d', file('not-a-folder'));
      assert.equal(readFileSync(fourth, 'utf8'), files['pip/__init__.py']);
      assert.deepEqual(readdirSync(join(cache, 'wheels')).length, 1);
    });

    it('is not unpacked from what is no wheel of it', async () => {
      const read = readVenv(venv('v'), linux);
      assert.ok(read);
      await assert.rejects(unpackPip(file('a.whl', 'no zip'), read, base, base), /not a zip file/);
      await assert.rejects(unpackPip(file('b.whl', zip({ 'x.py': '' })), read, base, base), /not a wheel/);
    });

    it('cannot write outside of where it is unpacked', async () => {
      for (const name of ['../x', 'a/../../x', '/etc/x', 'C:x', 'a\\..\\x']) {
        await assert.rejects(readWheel(file('evil.whl', zip({ [name]: 'x' }))), /outside/, name);
      }
    });

    it('is chosen by the Python it supports, the newest first', async () => {
      const wheel = (version: string, python: string) =>
        file(
          `pip-${version}-py3-none-any.whl`,
          zip({ 'pip.dist-info/METADATA': `Name: pip\nRequires-Python: ${python}\n` }),
        );
      const [old, newer, newest] = [wheel('22.0.4', '>=3.7'), wheel('24.2', '>=3.8'), wheel('25.3', '>=3.9')];
      const wheels = [old, newest, newer, join(base, 'missing.whl')];
      assert.deepEqual(await pipWheelsFor('3.8.18', wheels), [newer, old]);
      assert.deepEqual(await pipWheelsFor('3.13.0', wheels), [newest, newer, old]);
      assert.deepEqual(await pipWheelsFor('3.6.15', wheels), []);
    });

    describe('on Windows', () => {
      const launcher = 'MZ, as distlib has it';
      const windowsFiles = {
        ...files,
        'pip/_vendor/distlib/t64.exe': launcher,
        'pip-9.9.dist-info/RECORD': `${files['pip-9.9.dist-info/RECORD']}pip/_vendor/distlib/t64.exe,,\n`,
      };
      /** The start of an executable for Windows on x64, as far as it is looked at. */
      const portableExecutable = (): Buffer => {
        const header = Buffer.alloc(256);
        header.write('MZ');
        header.writeUInt32LE(128, 0x3c);
        header.writeUInt16LE(0x8664, 132);
        return header;
      };
      const windowsVenv = (name: string): Venv => {
        file(join(name, 'Scripts/python.exe'), portableExecutable());
        const scripts = join(base, name, 'Scripts');
        return {
          ...{ path: join(base, name), scripts, python: join(scripts, 'python.exe'), version: '3.8.20' },
          ...{ config: parsePyvenvConfig('home = C:\\Python38'), libraries: [], broken: undefined },
        };
      };
      const place = async (wheel: string, { path }: Venv): Promise<ReturnType<typeof placePip>> =>
        await placePip(wheel, join(path, 'Lib/site-packages'), join(base, 'cache'));

      it('has executables that are the launcher, the interpreter and the code, each recorded', async () => {
        const target = windowsVenv('a b');
        const placed = await place(file('pip-9.9-py3-none-any.whl', zip(windowsFiles)), target);
        await finishPip(placed, target, 'win32');
        assert.deepEqual(readdirSync(target.scripts).sort(), ['pip.exe', 'pip3.8.exe', 'pip3.exe', 'python.exe']);
        const program = readFileSync(join(target.scripts, 'pip3.8.exe'));
        const line = `#!"${target.python}"\r\n`;
        assert.equal(program.toString('utf8', 0, launcher.length + Buffer.byteLength(line)), launcher + line);
        const record = readFileSync(join(placed.library, 'pip-9.9.dist-info/RECORD'), 'utf8').split('\n');
        const hash = createHash('sha256').update(program).digest('base64url');
        assert.deepEqual(
          record.slice(0, 3),
          ['pip', 'pip3', 'pip3.8'].map((name) => `../../Scripts/${name}.exe,sha256=${hash},${program.length}`),
        );
      });

      it('is refused where the wheel has no launcher, as a distribution may have removed it', async () => {
        const target = windowsVenv('v');
        const placed = await place(file('pip-9.9-py3-none-any.whl', zip(files)), target);
        await assert.rejects(finishPip(placed, target, 'win32'), { kind: 'interpreter_not_found' });
      });

      it('comes from a wheel that has the launcher, even where another is newer', async () => {
        const metadata = { 'pip.dist-info/METADATA': 'Name: pip\nRequires-Python: >=3.8\n' };
        const full = file('pip-22.0-py3-none-any.whl', zip({ ...metadata, 'pip/_vendor/distlib/t64.exe': launcher }));
        const stripped = file('pip-23.0-py3-none-any.whl', zip(metadata));
        assert.deepEqual(await pipWheelsFor('3.8.20', [stripped, full], 't64.exe'), [full]);
        assert.deepEqual(await pipWheelsFor('3.8.20', [stripped, full]), [stripped, full]);
      });

      it('has a launcher for each processor that Python is built for, and for no other', () => {
        assert.deepEqual(['x64', 'arm64', 'ia32', 'mips', undefined].map(launcherName), [
          't64.exe',
          't64-arm.exe',
          't32.exe',
          undefined,
          undefined,
        ]);
      });
    });

    it('starts through a shell where the path is too long or holds a blank', () => {
      assert.ok(consoleScript('/v/bin/python', 'a.b:c').startsWith('#!/v/bin/python\n# -*-'));
      assert.ok(consoleScript('/v/bin/python', 'a.b:c').includes('from a.b import c\n'));
      for (const python of ['/with blank/bin/python', `/${'x'.repeat(130)}/bin/python`]) {
        assert.ok(consoleScript(python, 'a:b').startsWith(`#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n`));
      }
    });
  });
});
