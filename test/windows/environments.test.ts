import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import {
  itWithPython,
  itWithUv,
  openWindows,
  pythonsAtHand,
  uvAtHand,
  type Windows,
  type WindowsFolder,
} from './rig/windows';
import type { ConnectedClient, Fields } from '../support/mcpClient';
import { appears } from '../support/waiting';
import { writeWheel } from '../support/wheels';

describe('environments on Windows', function () {
  this.timeout(120_000);
  let windows: Windows;
  before(async () => (windows = await openWindows()));
  after(async () => {
    await windows.close();
  });

  /** The server on a new folder. @param tool whether uv is on PATH. */
  const serve = async (tool: 'uv' | 'pip'): Promise<{ folder: WindowsFolder; server: ConnectedClient }> => {
    const folder = windows.makeFolder();
    const path = [
      ...(tool === 'uv' && uvAtHand ? [win32.dirname(uvAtHand)] : []),
      'C:\\Windows\\System32',
      'C:\\Windows',
    ];
    const env = { PATH: path.join(';'), PIP_NO_INDEX: '1', UV_OFFLINE: '1', UV_CACHE_DIR: `${folder.there}\\uv cache` };
    return { folder, server: await windows.connect(['--workspace', folder.there], env) };
  };
  const done = (result: Fields): Fields => {
    assert.equal(result.success, true, JSON.stringify(result));
    return result;
  };

  it('are none at first: that is told, and is no error', async () => {
    const { server, folder } = await serve('pip');
    const info = done(await server.ask('python.venv', { action: 'info' }));
    assert.deepEqual([info['exists'], info['path']], [false, `${folder.there}\\.venv`]);
    const list = done(await server.ask('python.venv', { action: 'list' }));
    assert.deepEqual([list['venvs'], list['count']], [[], 0]);
    await server.close();
  });

  for (const tool of ['uv', 'pip'] as const) {
    const itHere = tool === 'uv' ? itWithUv : itWithPython;
    for (const python of pythonsAtHand.length > 0 ? pythonsAtHand : ['a Python']) {
      itHere(`are created from ${python}, filled, read, emptied and deleted with ${tool}`, async () => {
        await life(tool, python);
      });
    }
  }

  for (const [tool, itHere] of [
    ['uv', itWithUv],
    ['pip', itWithPython],
  ] as const) {
    itHere(`lose a build with the install by ${tool} that is cancelled`, async () => {
      const { folder, server } = await serve(tool);
      const backend = [
        'import os, time',
        'def build_wheel(*arguments, **options):',
        `    os.chdir(${JSON.stringify(folder.there)})`,
        '    open("building.tmp", "w").write(str(os.getpid()))',
        '    os.rename("building.tmp", "building")',
        '    time.sleep(600)',
      ].join('\n');
      mkdirSync(join(folder.here, 'slow'));
      writeFileSync(join(folder.here, 'slow', 'backend.py'), backend);
      writeFileSync(
        join(folder.here, 'slow', 'pyproject.toml'),
        '[project]\nname = "slow"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
      );
      // The newest: of the oldest that Wine has here, uv's own environment for a build does not find the library.
      done(await server.ask('python.venv', { action: 'create', python: pythonsAtHand.at(-1) }));
      const cancel = new AbortController();
      const install = { action: 'install', packages: ['./slow'] };
      const cancelled = server.call('python.pip', install, { signal: cancel.signal });
      const pid = Number(await appears(join(folder.here, 'building')));
      cancel.abort();
      await assert.rejects(cancelled);
      await windows.ends(pid);
      await server.close();
    });
  }

  /** All that one does with an environment, from its beginning to its end. */
  async function life(tool: 'uv' | 'pip', python: string): Promise<void> {
    const { folder, server } = await serve(tool);
    const { ask } = server;
    const wheel = await writeWheel(join(folder.here, 'wheels'), {
      name: 'Greeter.Thing',
      version: '1.2',
      modules: { 'greeter.py': 'def main():\n    print("hello from the launcher")\n' },
      entryPoints: { greet: 'greeter:main' },
      metadata: { Summary: 'Greets' },
    });
    const wheelThere = `${folder.there}\\wheels\\${wheel.split('/').at(-1) ?? ''}`;

    const created = done(await ask('python.venv', { action: 'create', python }));
    assert.equal(created['created_with'], tool === 'uv' ? 'uv' : 'venv');
    assert.equal(created['path'], `${folder.there}\\.venv`);
    assert.ok(existsSync(join(folder.here, '.venv', 'Scripts', 'python.exe')));

    const where = 'import sys; print(sys.prefix); print(sys.base_prefix)';
    const run = done(await ask('python.run', { code: where }));
    assert.equal(run['stdout'], `${folder.there}\\.venv\n${win32.dirname(python)}\n`);
    assert.equal(run['venv'], '.venv');

    const [major, minor] = String(created['python_version']).split('.');
    for (const name of ['pip', 'pip3', `pip${major ?? ''}.${minor ?? ''}`]) {
      const { code, stdout } = await windows.run(`${folder.there}\\.venv\\Scripts\\${name}.exe`, ['--version']);
      assert.deepEqual([name, code], [name, 0]);
      assert.ok(stdout.includes(`${folder.there}\\.venv`), stdout);
    }

    const installed = done(await ask('python.pip', { action: 'install', packages: [wheelThere] }));
    assert.deepEqual(installed['installed'], [{ name: 'Greeter.Thing', version: '1.2' }]);
    assert.equal(installed['installer'], tool);
    const launcher =
      'import os, subprocess, sys; print(subprocess.check_output([os.path.join(sys.prefix, "Scripts", "greet.exe")]))';
    assert.equal(done(await ask('python.run', { code: launcher }))['stdout'], "b'hello from the launcher\\r\\n'\n");

    const list = done(await ask('python.pip', { action: 'list' }));
    const packages = list['packages'] as { name: string; version: string }[];
    assert.deepEqual(
      packages.map(({ name }) => name).filter((name) => name !== 'pip' && name !== 'setuptools'),
      ['Greeter.Thing'],
    );
    const { requirements } = done(await ask('python.pip', { action: 'freeze' })) as { requirements?: string };
    assert.match(requirements ?? '', /^Greeter\.Thing @ file:\/\/\/.*\.whl/m);
    const show = done(await ask('python.pip', { action: 'show', packages: ['greeter-thing'] }));
    assert.match(JSON.stringify(show['packages']), /"summary":"Greets"/);
    const info = done(await ask('python.venv', { action: 'info' }));
    assert.deepEqual([info['exists'], info['active'], info['packages_count']], [true, true, packages.length]);

    const uninstalled = done(await ask('python.pip', { action: 'uninstall', packages: ['greeter_thing'] }));
    assert.deepEqual(uninstalled['uninstalled'], [{ name: 'Greeter.Thing', version: '1.2' }]);
    assert.ok(!existsSync(join(folder.here, '.venv', 'Scripts', 'greet.exe')));

    assert.equal(done(await ask('python.venv', { action: 'delete' }))['deleted'], true);
    assert.ok(!existsSync(join(folder.here, '.venv')));
    await server.close();
  }

  itWithPython(
    'stay whole where a program runs in them, which the refusal names, and go when it has ended',
    async () => {
      const { folder, server } = await serve('pip');
      done(await server.ask('python.venv', { action: 'create', python: pythonsAtHand[0] }));
      const program = 'import sys; print("up", flush=True); sys.stdin.read()';
      const running = windows.start(`${folder.there}\\.venv\\Scripts\\python.exe`, ['-c', program]);
      await new Promise<void>((resolve) => {
        running.onStdout(() => {
          resolve();
        });
      });
      const before = readdirSync(join(folder.here, '.venv'), { recursive: true }).sort();
      const refused = await server.ask('python.venv', { action: 'delete' });
      assert.match(JSON.stringify(refused['error']), /permission_denied.*in use by python\.exe \(\d+\)/);
      assert.deepEqual(readdirSync(folder.here), ['.venv']);
      assert.deepEqual(readdirSync(join(folder.here, '.venv'), { recursive: true }).sort(), before);
      running.endInput();
      await running.exited;
      assert.equal(done(await server.ask('python.venv', { action: 'delete' }))['deleted'], true);
      assert.deepEqual(readdirSync(folder.here), []);
      await server.close();
    },
  );

  itWithPython('are not deleted where they are plain folders, or outside', async () => {
    const { folder, server } = await serve('pip');
    mkdirSync(join(folder.here, 'docs'));
    const refused = await server.ask('python.venv', { action: 'delete', path: 'DOCS' });
    assert.equal((refused['error'] as { kind: string }).kind, 'not_a_venv');
    const outside = await server.ask('python.venv', { action: 'delete', path: 'C:\\Windows' });
    assert.equal((outside['error'] as { kind: string }).kind, 'outside_workspace');
    await server.close();
  });
});
