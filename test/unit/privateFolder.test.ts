import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { homeFolder } from '../../src/core/files/homeFolder';
import { lastingCache, lastingState } from '../../src/core/files/ownFolder';
import { inPrivateFolder, privateFolder } from '../../src/core/files/privateFolder';
import { isPrivate, isTrusted } from '../../src/core/files/trustedPath';
import { openSpillFile, removeOldFiles, tidyAll } from '../../src/core/process/spillFile';
import { makeRunFolder } from '../../src/core/runner/runFolder';
import { itAsRoot, itOnUnix } from '../support/platform';

const onUnix = itOnUnix('owners of folders');
/** A user that no list knows. */
const stranger = 12345;
const asStranger = (program: string): void => {
  execFileSync(
    process.execPath,
    ['-e', `const { mkdirSync, symlinkSync, writeFileSync } = require('node:fs'); ${program}`],
    {
      uid: stranger,
      gid: stranger,
    },
  );
};
const failing = (code: string): Error => Object.assign(new Error(code), { code });

describe('folders of this user alone', () => {
  let base: string;
  const names = ['HOME', 'XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'TMPDIR'];
  const before = new Map(names.map((name) => [name, process.env[name]]));
  let umask: number;
  /** Sets these variables, and unsets the others of the list. */
  const set = (variables: Record<string, string>): void => {
    for (const name of names) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, variables);
  };
  const folder = (name: string, mode = 0o700): string => {
    const path = join(base, name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    return path;
  };
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'private-')));
    umask = process.umask(0o022);
    // What an earlier test had: the next one makes its own.
    set({ HOME: '/dev/null', TMPDIR: base });
    rmSync(dirname(privateFolder('runs')), { recursive: true });
  });
  afterEach(() => {
    process.umask(umask);
    set(Object.fromEntries([...before].filter((entry): entry is [string, string] => entry[1] !== undefined)));
    rmSync(base, { recursive: true, force: true });
  });

  onUnix('are in memory for runs and in the cache for what can be large', () => {
    set({ XDG_RUNTIME_DIR: folder('runtime'), HOME: folder('home', 0o755) });
    assert.equal(privateFolder('runs'), join(base, 'runtime/python-tools-mcp/runs'));
    for (const kind of ['output', 'plans', 'scripts', 'wheels'] as const) {
      const path = privateFolder(kind);
      assert.ok(path.startsWith(join(base, 'home')) && path.endsWith(join('python-tools-mcp', kind)), path);
    }
  });

  onUnix('have no other place in a folder for runs that is none of the specification', () => {
    const cache = folder('cache');
    writeFileSync(join(base, 'file'), '');
    symlinkSync(folder('real'), join(base, 'link'));
    const wrong = ['', 'runtime', join(base, 'missing'), folder('open', 0o755), join(base, 'file'), join(base, 'link')];
    for (const runtime of wrong) {
      set({ XDG_RUNTIME_DIR: runtime, XDG_CACHE_HOME: cache, HOME: base });
      assert.equal(privateFolder('runs'), join(cache, 'python-tools-mcp/runs'), runtime);
    }
    assert.ok(!existsSync(join(base, 'missing')), 'a folder for runs is not made');
  });

  onUnix('are entered by nobody else, whatever the umask and whatever an earlier version left', async () => {
    for (const mask of [0o000, 0o077, 0o027]) {
      process.umask(mask);
      set({ XDG_CACHE_HOME: join(base, `cache-${mask}`), HOME: base });
      const run = makeRunFolder({ kind: 'code', code: 'print(1)' });
      const { path: spilled, file: stream } = openSpillFile('stdout');
      stream.end('all of it');
      await once(stream, 'close');
      assert.equal(await readFile(spilled, 'utf8'), 'all of it');
      for (let path = run; path !== base; path = dirname(path)) assert.equal(statSync(path).mode & 0o777, 0o700, path);
      for (const file of [join(run, 'code.py'), spilled]) assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
    const earlier = folder('cache-0/python-tools-mcp', 0o777);
    process.env['XDG_CACHE_HOME'] = dirname(earlier);
    privateFolder('output');
    assert.equal(statSync(earlier).mode & 0o777, 0o700);
  });

  onUnix('are made again where a cleaner removed them', () => {
    set({ XDG_RUNTIME_DIR: folder('runtime'), XDG_CACHE_HOME: folder('cache'), HOME: base });
    for (const gone of ['runtime/python-tools-mcp', 'runtime/python-tools-mcp/runs', 'runtime']) {
      const run = makeRunFolder({ kind: 'code', code: '1' });
      rmSync(join(base, gone), { recursive: true });
      const next = makeRunFolder({ kind: 'code', code: '2' });
      assert.ok(next !== run && existsSync(join(next, 'code.py')));
      assert.equal(next.startsWith(join(base, 'runtime')), gone !== 'runtime');
    }
  });

  onUnix('lie elsewhere where one has no room or cannot be written', () => {
    set({ XDG_RUNTIME_DIR: folder('runtime'), XDG_CACHE_HOME: folder('cache'), HOME: base, TMPDIR: folder('tmp') });
    for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT']) {
      const tried: string[] = [];
      const used = inPrivateFolder('runs', (path) => {
        tried.push(path);
        if (!path.startsWith(join(base, 'tmp'))) throw failing(code);
        return path;
      });
      assert.ok(used.startsWith(join(base, 'tmp')), code);
      assert.equal(new Set(tried).size, 3, code);
    }
    assert.throws(
      () =>
        inPrivateFolder('runs', () => {
          throw failing('ENOSPC');
        }),
      { name: 'ToolError', kind: 'no_space' },
    );
    assert.throws(() => inPrivateFolder('runs', () => assert.fail('of its own')), /of its own/);
  });

  onUnix('are found again where another process tidied an empty one away', () => {
    set({ XDG_CACHE_HOME: folder('cache'), HOME: base });
    let attempts = 0;
    const used = inPrivateFolder('runs', (path) => {
      if (++attempts === 1) {
        rmSync(path, { recursive: true });
        throw failing('ENOENT');
      }
      return mkdtempSync(join(path, 'run-'));
    });
    assert.ok(used.startsWith(join(base, 'cache')));
  });

  onUnix('have a name that nobody can guess where the user has no home', () => {
    for (const home of ['/dev/null', join(base, 'missing'), '/proc/1']) {
      set({ HOME: home, TMPDIR: folder('tmp', 0o1777) });
      const first = privateFolder('runs');
      assert.match(first, /\/tmp\/python-tools-mcp-\w{6}\/runs$/, home);
      assert.ok(first.startsWith(base) && isPrivate(dirname(first)));
      assert.equal(privateFolder('output'), join(dirname(first), 'output'));
      assert.deepEqual([lastingCache(), lastingState()], [undefined, undefined], home);
      rmSync(dirname(first), { recursive: true });
      assert.notEqual(dirname(privateFolder('runs')), dirname(first), 'a name is not used a second time');
    }
    assert.ok(!existsSync(join(base, 'missing')), 'a home is not made');
  });

  onUnix('are not made where others could replace them', () => {
    const open = folder('open', 0o777);
    const group = folder('group', 0o770);
    if (process.getuid?.() === 0) chownSync(group, 0, stranger);
    for (const cache of [open, ...(process.getuid?.() === 0 ? [group] : [])]) {
      set({ XDG_CACHE_HOME: join(cache, 'below'), HOME: base, TMPDIR: folder('tmp') });
      assert.ok(privateFolder('runs').startsWith(join(base, 'tmp')), cache);
      assert.deepEqual(readdirSync(cache), []);
    }
    set({ HOME: '/dev/null', TMPDIR: open });
    assert.ok(!privateFolder('runs').startsWith(open), 'anybody can rename what is in there');
  });

  itAsRoot('are never those of another user who made them again under the old name', () => {
    const [shared, own] = [folder('tmp', 0o1777), folder('own')];
    set({ HOME: '/dev/null', TMPDIR: shared });
    chmodSync(base, 0o755);
    const tricks = [
      (name: string) =>
        ['', '/runs'].map((part) => `mkdirSync(${JSON.stringify(name + part)}, { mode: 0o700 });`).join(' '),
      (name: string) => `symlinkSync(${JSON.stringify(own)}, ${JSON.stringify(name)});`,
      (name: string) => `writeFileSync(${JSON.stringify(name)}, '');`,
    ];
    for (const trick of tricks) {
      const mine = dirname(dirname(makeRunFolder({ kind: 'code', code: 'print("mine")' })));
      rmSync(mine, { recursive: true });
      asStranger(trick(mine));
      const run = makeRunFolder({ kind: 'code', code: 'print("mine")' });
      assert.ok(!run.startsWith(mine) && run.startsWith(shared), run);
      for (let path = run; path !== shared; path = dirname(path)) {
        assert.deepEqual([lstatSync(path).uid, lstatSync(path).mode & 0o777], [0, 0o700], path);
      }
      assert.deepEqual(readdirSync(own), []);
      rmSync(mine, { recursive: true });
    }
  });

  itAsRoot('are none of a home of somebody else, as under sudo, and leave nothing of root there', () => {
    const home = folder('home', 0o755);
    chownSync(home, stranger, stranger);
    chmodSync(base, 0o755);
    asStranger(`mkdirSync(${JSON.stringify(join(home, '.cache/python-tools-mcp/runs'))}, { recursive: true });`);
    const runtime = folder('runtime');
    chownSync(runtime, stranger, stranger);
    set({ HOME: home, XDG_RUNTIME_DIR: runtime, TMPDIR: folder('tmp') });
    assert.ok(privateFolder('runs').startsWith(join(base, 'tmp')));
    assert.deepEqual([lastingCache(), lastingState()], [undefined, undefined]);
    assert.deepEqual(readdirSync(home), ['.cache']);
    assert.deepEqual(readdirSync(runtime), []);
  });

  onUnix('are trusted by what lies above them, links too', () => {
    const real = folder('a/real');
    symlinkSync(real, join(base, 'link'));
    symlinkSync('a/../link', join(base, 'second'));
    for (const path of [real, join(base, 'link'), join(base, 'second')]) assert.ok(isTrusted(path), path);
    const open = folder('open', 0o777);
    mkdirSync(join(open, 'inner'));
    symlinkSync(join(open, 'inner'), join(base, 'into'));
    symlinkSync(real, join(open, 'out'));
    symlinkSync(join(base, 'loop'), join(base, 'loop'));
    symlinkSync(join(base, 'missing'), join(base, 'dangling'));
    for (const path of [open, join(open, 'inner'), join(base, 'into'), join(open, 'out'), join(base, 'loop')]) {
      assert.ok(!isTrusted(path), path);
    }
    assert.ok(!isTrusted(join(base, 'dangling')) && !isTrusted(join(base, 'missing', 'a')));
    chmodSync(open, 0o1777);
    assert.ok(isTrusted(join(open, 'inner')), 'in a folder like /tmp everybody keeps what is theirs');
  });

  onUnix('are tidied away with what processes that ended left among the temporary files', async () => {
    const tmp = folder('tmp', 0o1777);
    set({ HOME: '/dev/null', TMPDIR: tmp });
    const old = Date.now() / 1000 - 25 * 3600;
    const left = (name: string, mode: number, ...files: readonly string[]): void => {
      for (const file of files) {
        folder(`tmp/${name}/${dirname(file)}`);
        writeFileSync(join(tmp, name, file), '');
        if (file.endsWith('old')) utimesSync(join(tmp, name, file), old, old);
      }
      chmodSync(join(tmp, name), mode);
    };
    left('python-tools-mcp-abcDE1', 0o700, 'output/old', 'plans/old');
    left('python-tools-mcp-abcDE2', 0o700, 'output/old', 'runs/new');
    left('python-tools-mcp-0', 0o700, 'output/old'); // Of an earlier version.
    left('python-tools-mcp-abcDE3', 0o755, 'output/old');
    left('python-tools-mcp-backups', 0o700, 'output/old');
    await tidyAll();
    const kept = ['python-tools-mcp-abcDE2', 'python-tools-mcp-abcDE3', 'python-tools-mcp-backups'];
    assert.deepEqual(readdirSync(tmp).sort(), kept);
    assert.deepEqual(readdirSync(join(tmp, 'python-tools-mcp-abcDE2')), ['runs']);
  });

  onUnix('are tidied without a step through a link', async () => {
    const root = folder('root');
    const other = folder('documents');
    const old = (path: string): void => {
      writeFileSync(path, 'kept');
      const time = Date.now() / 1000 - 100 * 3600;
      utimesSync(path, time, time);
    };
    old(join(other, 'old.txt'));
    symlinkSync(other, join(root, 'output'));
    mkdirSync(join(root, 'runs'));
    symlinkSync(other, join(root, 'runs', 'run-1'));
    await removeOldFiles(root, { now: Date.now() + 72 * 3600 * 1000 });
    assert.equal(await readFile(join(other, 'old.txt'), 'utf8'), 'kept');
    assert.deepEqual(readdirSync(join(root, 'runs')), []);
  });
});

describe('the home of a user', () => {
  const before = process.env['HOME'];
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'HOME');
    else process.env['HOME'] = before;
  });

  onUnix('is absolute, whatever HOME says', () => {
    for (const [home, expected] of [
      ['/home/u/', '/home/u'],
      ['/', '/'],
      ['/a/../b', '/b'],
      ['/dev/null', '/dev/null'],
    ] as const) {
      process.env['HOME'] = home;
      assert.equal(homeFolder(), expected);
    }
    for (const home of ['', 'relative', './x', '~']) {
      process.env['HOME'] = home;
      assert.match(homeFolder(), /^\//, home);
      assert.ok(!homeFolder().startsWith(process.cwd()) || process.cwd() === '/', home);
    }
  });
});
