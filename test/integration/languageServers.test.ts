import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServers } from '../../src/core/languageServers/findServers';
import { serverLaunch } from '../../src/core/languageServers/serverLaunch';
import { languageServers, ruffServer, type LanguageServer } from '../../src/core/languageServers/servers';
import { startService, type Service } from '../../src/core/process/service';
import { thisMachine } from '../../src/core/files/storage';
import { anyPython } from '../support/anyPython';
import { LanguageServerPeer } from '../support/languageServerPeer';
import { testServers } from '../support/testServers';
import { ends } from '../support/waiting';

const program = 'import os\nimport lamp\nlamp.shine()\n';

describe('The language server', function () {
  this.timeout(60_000);
  let root: string;
  let bin: readonly string[];
  let running: Service | undefined;
  const venv = (name: string) => {
    const path = join(root, name);
    return { path, python: join(path, 'bin/python'), scripts: join(path, 'bin'), isVenv: true };
  };

  before(function () {
    const servers = testServers();
    if (!servers || process.platform === 'win32') this.skip();
    bin = [servers.scripts, servers.npm];
    root = realpathSync(mkdtempSync(join(tmpdir(), 'served-')));
    for (const name of ['with', 'without']) {
      execFileSync(anyPython(), ['-m', 'venv', '--without-pip', venv(name).path]);
    }
    const [python = ''] = readdirSync(join(venv('with').path, 'lib'));
    const source = 'def shine() -> int:\n    "Gives light."\n    return 1\n';
    writeFileSync(join(venv('with').path, 'lib', python, 'site-packages', 'lamp.py'), source);
    mkdirSync(join(root, 'project'));
    writeFileSync(join(root, 'project/main.py'), program);
  });
  afterEach(async () => {
    await running?.end();
  });
  after(() => {
    if (root) rmSync(root, { recursive: true, force: true });
  });

  /** Starts a server as the extension does, and opens the program in it. */
  async function serve(server: LanguageServer, name: 'with' | 'without') {
    const machine = { ...thisMachine(), env: { ...process.env, PATH: bin.join(':') } };
    const [found] = findServers([server], { machine, scripts: undefined });
    assert.ok(found, `${server.name} is not installed`);
    const python = venv(name);
    running = await startService(serverLaunch(found, join(root, 'project'), python, thisMachine()));
    running.stderr.resume();
    const peer = new LanguageServerPeer(running, server.interpreterSettings(python));
    await peer.initialize(join(root, 'project'), server.initializationOptions?.(peer.settings));
    await peer.changeSettings(peer.settings, server.pushes === true);
    const file = join(root, 'project/main.py');
    await peer.open(file, program);
    return { peer, file, service: running };
  }

  const isUnresolved = (messages: readonly string[]): boolean =>
    messages.some((message) => message.includes('lamp') && /could not be resolved|cannot resolve/i.test(message));

  for (const server of languageServers.filter(({ name }) => /pyright|^ty$/.test(name))) {
    it(`${server.name} resolves imports in the environment that it is started for`, async () => {
      const resolved = await serve(server, 'with');
      assert.match(await resolved.peer.hover(resolved.file, 2, 6), /Gives light/);
      await resolved.peer.shutDown();
      assert.equal((await resolved.service.ended).exitCode, 0);
      const unresolved = await serve(server, 'without');
      await unresolved.peer.untilDiagnostics(unresolved.file, isUnresolved);
    });
  }

  for (const server of languageServers.filter(({ name }) => /^pylsp$|^jedi/.test(name))) {
    it(`${server.name} finds what is in the environment that it is started for`, async () => {
      const resolved = await serve(server, 'with');
      assert.match(await resolved.peer.hover(resolved.file, 2, 6), /Gives light/);
      await resolved.peer.shutDown();
      assert.equal((await resolved.service.ended).exitCode, 0);
      const unresolved = await serve(server, 'without');
      assert.doesNotMatch(await unresolved.peer.hover(unresolved.file, 2, 6), /Gives light/);
    });
  }

  for (const server of languageServers.filter(({ onInterpreterChange: way }) => way === 'configuration')) {
    it(`${server.name} follows another environment without a restart`, async () => {
      const { peer, file } = await serve(server, 'without');
      assert.doesNotMatch(await peer.hover(file, 2, 6), /Gives light/);
      await peer.changeSettings(server.interpreterSettings(venv('with')), server.pushes === true);
      // No event tells of it: who asks is answered as things are then.
      const deadline = performance.now() + 30_000;
      let shown = '';
      while (!shown.includes('Gives light') && performance.now() < deadline) shown = await peer.hover(file, 2, 6);
      assert.match(shown, /Gives light/);
    });
  }

  it('ruff lints', async () => {
    const { peer, file } = await serve(ruffServer, 'without');
    await peer.untilDiagnostics(file, (messages) => messages.some((message) => message.includes('`os` imported')));
  });

  it('ends with all that it started', async () => {
    const [basedpyright] = languageServers;
    assert.ok(basedpyright);
    const { service } = await serve(basedpyright, 'with');
    const own = execFileSync('ps', ['-e', '-o', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('basedpyright') && line.includes('langserver'))
      .map((line) => line.trim().split(' ')[0] ?? '');
    assert.ok(own.length > 0);
    await service.end();
    assert.equal((await service.ended).intended, true);
    for (const pid of own) await ends(pid);
  });
});
