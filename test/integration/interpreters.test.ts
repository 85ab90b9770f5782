import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ToolError } from '../../src/core/errors';
import { InterpreterFinder } from '../../src/core/interpreters/finder';
import type { Interpreter } from '../../src/core/interpreters/interpreter';
import { uvFinder } from '../../src/core/interpreters/uv';
import type { Machine } from '../../src/core/files/storage';
import { plainEnvironment, plainMachine, pythonsHere } from './machine';

describe('finding interpreters', () => {
  let base: string;
  let pythons: Interpreter[];
  /** One of this machine's, for tests that need any. */
  let some: Interpreter;

  before(async function () {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'interpreters-')));
    pythons = await pythonsHere(join(base, 'shared'));
    const [first] = pythons;
    if (!first || process.platform === 'win32') return this.skip();
    some = first;
  });

  after(() => {
    rmSync(base, { recursive: true });
  });

  const program = (path: string, text: string): string => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text, { mode: 0o755 });
    return join(base, path);
  };

  /** A machine with nothing but what the test puts into its home and onto its PATH, beside the system's folders. */
  const machine = (name: string, path: readonly string[] = []): Machine => ({
    ...plainMachine(),
    env: { PATH: [...path.map((folder) => join(base, folder)), '/usr/bin', '/bin'].join(':') },
    home: join(base, name, 'home'),
  });

  const finderOn = (on: Machine, cacheFolder = join(base, `cache-${Math.random()}`)) =>
    new InterpreterFinder({ machine: on, cacheFolder });

  const shortVersion = ({ versionInfo }: Interpreter) => versionInfo.slice(0, 2).join('.');

  it('finds each Python once, newest first, as it describes itself', () => {
    const files = pythons.map(({ executable }) => realpathSync(executable));
    assert.equal(new Set(files).size, files.length);
    for (const python of pythons) {
      const said = execFileSync(
        python.executable,
        ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3], sys.prefix, sys.base_prefix)'],
        { encoding: 'utf8', env: plainEnvironment() },
      ).trim();
      assert.equal(said, `${python.versionInfo.join('.')} ${python.prefix} ${python.basePrefix}`);
      assert.equal(python.isVenv, false);
    }
  });

  it('finds the version wanted though its name on PATH is a dead shim', async () => {
    const on = machine('dead', ['dead/bin']);
    program(`dead/bin/python${shortVersion(some)}`, '#!/bin/sh\necho "command not found" >&2\nexit 127\n');
    const pyenv = join(on.home, '.pyenv/versions', some.version, 'bin');
    mkdirSync(pyenv, { recursive: true });
    symlinkSync(some.executable, join(pyenv, `python${shortVersion(some)}`));
    const found = await finderOn(on).find(`python${shortVersion(some)}`);
    assert.equal(found.executable, join(pyenv, `python${shortVersion(some)}`));
    assert.equal(found.source, 'pyenv');
  });

  it('believes no shim that lies, prints junk, hangs or answers for another version', async () => {
    const on = machine('liars', ['liars/bin']);
    program('liars/bin/python3.99', `#!/bin/sh\nexec ${some.executable} "$@"\n`);
    program('liars/bin/python3.98', '#!/bin/sh\necho Python 3.98.0\n');
    const starts = join(base, 'starts-of-the-hanging-one');
    program('liars/bin/python3.97', `#!/bin/sh\necho started >> "${starts}"\nexec sleep 600\n`);
    program('liars/bin/python3.96', '#!/bin/sh\nprintf "{\\"version\\": \\"3.96.0\\"}\\n"\n');
    program('liars/bin/python3.95', 'not even a program');
    const finder = finderOn(on);
    await Promise.all(
      [99, 98, 97, 96, 95].map(async (minor) => {
        await assert.rejects(finder.find(`python3.${minor}`), { kind: 'interpreter_not_found' });
      }),
    );
    const startedBefore = readFileSync(starts, 'utf8');
    await assert.rejects(finder.find('python3.97'));
    assert.equal(readFileSync(starts, 'utf8'), startedBefore, 'a failure is remembered for a while');
  });

  it('takes what a shim starts, junk before the answer ignored', async () => {
    const on = machine('wrapper', ['wrapper/bin']);
    program('wrapper/bin/python', `#!/bin/sh\necho "activating {}"\nexec ${some.executable} "$@"\n`);
    const found = await finderOn(on).find('python');
    assert.equal(realpathSync(found.executable), realpathSync(some.executable));
    assert.equal(found.version, some.version);
  });

  it('asks a shim about the folder it is used in, each time', async () => {
    const [other] = pythons.slice(1);
    if (!other) return;
    const on = machine('perFolder', ['perFolder/bin']);
    program(
      'perFolder/bin/python',
      `#!/bin/sh\nif [ -e pinned ]; then exec ${other.executable} "$@"; else exec ${some.executable} "$@"; fi\n`,
    );
    program('perFolder/project/pinned', '');
    const finder = finderOn(on);
    assert.equal((await finder.find('python', { folder: base })).version, some.version);
    assert.equal((await finder.find('python', { folder: join(base, 'perFolder/project') })).version, other.version);
  });

  it('runs nothing again that is cached, in another process too, until the file changes', async () => {
    const on = machine('cached', ['cached/bin']);
    const log = join(base, 'cached/log');
    const wrapper = (path: string) => program(path, `#!/bin/sh\necho ran >> ${log}\nexit 1\n`);
    const dead = wrapper('cached/bin/python3.94');
    const cache = join(base, 'cached/cache');
    const runs = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
    await finderOn(on, cache).discover();
    assert.equal(runs(), 1);
    await finderOn(on, cache).discover();
    assert.equal(runs(), 1);
    appendFileSync(dead, '# changed\n');
    await finderOn(on, cache).discover();
    assert.equal(runs(), 2);
  });

  it('ignores a corrupt cache, and one that cannot be written', async () => {
    const cache = join(base, 'corrupt');
    program('corrupt/interpreters.json', '{"format":1,"entries":{"a":3,"b":{"stamp":1}},');
    assert.equal((await finderOn(plainMachine(), cache).find(some.executable)).version, some.version);
    assert.ok(JSON.parse(readFileSync(join(cache, 'interpreters.json'), 'utf8')));
    program('a-file', '');
    const unwritable = finderOn(plainMachine(), join(base, 'a-file', 'cache'));
    assert.equal((await unwritable.find(some.executable)).version, some.version);
  });

  it('finds by name, version, exact version, and path of a python, an installation or a venv', async () => {
    const finder = finderOn(plainMachine(), join(base, 'shared'));
    const venv = join(base, 'a-venv');
    execFileSync(some.executable, ['-m', 'venv', '--without-pip', venv], { env: plainEnvironment() });
    for (const wanted of [shortVersion(some), `python${shortVersion(some)}`, some.version, some.executable]) {
      assert.equal(shortVersion(await finder.find(wanted)), shortVersion(some), wanted);
    }
    for (const wanted of [venv, join(venv, 'bin/python'), 'a-venv', './a-venv']) {
      const found = await finder.find(wanted, { folder: base });
      assert.equal(found.isVenv, false, wanted);
      assert.equal(realpathSync(found.executable), realpathSync(some.executable), wanted);
    }
    const inside = await finder.identify(join(venv, 'bin/python'));
    assert.equal(inside?.isVenv, true);
    assert.equal(inside.executable, join(venv, 'bin/python'));
    assert.deepEqual(inside.libraries.own, [join(venv, `lib/python${shortVersion(some)}/site-packages`)]);
  });

  it('lists what it is told of too, once, as it was named', async () => {
    const finder = finderOn(plainMachine(), join(base, 'shared'));
    const link = join(base, 'told/here/snake');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(some.executable, link);
    const named = [
      '',
      ' ',
      'a\0b',
      '/no/such',
      'nonsense',
      base,
      link,
      './told/here/snake',
      '3.99',
      shortVersion(some),
    ];
    const found = await finder.discover({ folder: base, named });
    const executables = found.filter(({ source }) => source === 'named').map(({ executable }) => executable);
    assert.deepEqual(executables, [link]);
    assert.equal(found.length, pythons.length);
    const byVersion = await finder.discover({ named: [some.version] });
    assert.deepEqual(
      byVersion.filter(({ source }) => source === 'named').map(({ version }) => version),
      [some.version],
    );
  });

  it('lists what there is where the one wanted is missing', async () => {
    const finder = finderOn(plainMachine(), join(base, 'shared'));
    for (const wanted of ['3.99', 'python2', 'nonsense', '/no/such/python', '', 'a\0b', base, '/bin/ls', '-c']) {
      await assert.rejects(finder.find(wanted, { folder: base }), (error) => {
        assert.ok(error instanceof ToolError);
        assert.equal(error.kind, 'interpreter_not_found', wanted);
        assert.ok(error.hint?.includes(some.version), error.hint);
        return true;
      });
    }
  });

  it('falls back from a setting to the newest, and says so', async () => {
    const finder = finderOn(plainMachine(), join(base, 'shared'));
    const { interpreter, note } = await finder.findDefault('python3.99');
    assert.equal(interpreter.version, some.version);
    assert.match(note ?? '', /"python3\.99" was not found/);
    assert.equal((await finder.findDefault(shortVersion(some))).note, undefined);
  });

  it('stops when it is cancelled', async () => {
    const on = machine('hanging', ['hanging/bin']);
    program('hanging/bin/python', '#!/bin/sh\nexec sleep 600\n');
    const stop = new AbortController();
    const search = finderOn(on).find('python', { signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 50);
    // The program would hang for ten minutes, and mocha does not wait so long.
    await assert.rejects(search, { kind: 'cancelled' });
  });

  it('takes the first uv that answers', async () => {
    const on = machine('uv', ['uv/dead', 'uv/good']);
    program('uv/dead/uv', '#!/bin/sh\nexit 1\n');
    program('uv/good/uv', '#!/bin/sh\necho "uv 0.9.2 (abc 2025-01-01)"\n');
    const find = uvFinder({ machine: on, cacheFolder: join(base, 'uv/cache') });
    assert.deepEqual(await find(), { path: join(base, 'uv/good/uv'), version: '0.9.2' });
    const none = { ...on, env: { ...on.env, PYTHON_TOOLS_UV: '' } };
    assert.equal(await uvFinder({ machine: none, cacheFolder: join(base, 'uv/cache') })(), undefined);
  });
});
