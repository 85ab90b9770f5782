import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { connectOverStdio, fieldsOf, type ConnectedClient, type Fields } from '../support/mcpClient';
import { itOnUnix } from '../support/platform';
import { appears, ends } from '../support/waiting';
import { writeProject, writeWheel } from '../support/wheels';

/** A build that says which process it is, and does not end. */
const slowBackend = `import os, time

def build_wheel(*args, **kwargs):
    with open(os.environ['BUILD_BEGAN'], 'w') as file:
        file.write(str(os.getpid()))
    time.sleep(600)

build_editable = prepare_metadata_for_build_wheel = build_wheel
`;

/** Milliseconds between two calls: the second comes while the first looks, creates, installs, or has just ended. */
const offsets = [0, 20, 40, 60, 80, 100];

/** Two agents in one folder, with a server each. */
describe('two servers on one folder', () => {
  let base: string;
  let root: string;
  let servers: readonly [ConnectedClient, ConnectedClient];

  before(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'two-')));
    for (const name of ['alpha', 'beta']) await writeWheel(join(base, 'wheels'), { name, version: '1.0' });
    await writeWheel(join(base, 'wheels'), { name: 'gamma', version: '2.0', requires: ['beta'] });
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
  });
  beforeEach(async () => {
    root = realpathSync(mkdtempSync(join(base, 'project-')));
    const connect = async (): Promise<ConnectedClient> =>
      await connectOverStdio(['--workspace', root], {
        env: {
          PIP_NO_INDEX: '1',
          PIP_FIND_LINKS: join(base, 'wheels'),
          UV_CACHE_DIR: join(base, 'uv-cache'),
          BUILD_BEGAN: join(root, 'began'),
        },
      });
    servers = [await connect(), await connect()];
  });
  afterEach(async () => {
    await Promise.all(servers.map(({ close }) => close()));
  });

  const names = (list: unknown): string[] =>
    (Array.isArray(list) ? (list as readonly { readonly name: string }[]) : []).map(({ name }) => name);
  const kindOf = (fields: Fields): unknown => (fields['error'] as { readonly kind?: string } | undefined)?.kind;
  const notesOf = (fields: Fields): string => ((fields['notes'] ?? []) as readonly string[]).join('\n');
  /** Empties the folder, for the next offset. */
  const clear = (): void => {
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true, force: true });
  };

  /** Calls the second server a while after the first. */
  async function both(
    offset: number,
    first: readonly [string, Record<string, unknown>],
    second: readonly [string, Record<string, unknown>],
  ): Promise<readonly [Fields, Fields]> {
    const [one, two] = servers;
    return await Promise.all([one.ask(...first), delay(offset).then(async () => await two.ask(...second))]);
  }

  const install = (...packages: string[]) => ['python.pip', { action: 'install', packages }] as const;
  const venv = (action: string) => ['python.venv', { action, path: '.venv' }] as const;

  it('installs for both where there is no venv, and tells each its own', async function () {
    this.timeout(120_000);
    for (const offset of offsets) {
      const [one, two] = await both(offset, install('alpha'), install('gamma'));
      assert.deepEqual(
        [names(one['installed']), names(two['installed'])],
        [['alpha'], ['beta', 'gamma']],
        `${offset} ms`,
      );
      assert.deepEqual([one['venv'], two['venv']], ['.venv', '.venv']);
      const creations = [one, two].filter((each) => notesOf(each).includes('created .venv'));
      assert.equal(creations.length, 1, `${notesOf(one)}\n${notesOf(two)}`);
      const { packages } = await servers[1].ask('python.pip', { action: 'list' });
      assert.deepEqual(
        names(packages).filter((name) => name !== 'pip'),
        ['alpha', 'beta', 'gamma'],
      );
      clear();
    }
  });

  it('creates for one, and tells the other that the venv is there', async function () {
    this.timeout(120_000);
    for (const offset of offsets) {
      const results = await both(offset, venv('create'), venv('create'));
      const [made, refused] = [...results].sort((a, b) => Number(b.success) - Number(a.success));
      assert.ok(made?.success && refused);
      assert.equal(kindOf(refused), 'venv_exists', `${offset} ms: ${JSON.stringify(refused)}`);
      clear();
    }
  });

  it('creates while the other installs, in either order', async function () {
    this.timeout(120_000);
    for (const offset of offsets) {
      const [made, installed] = await both(offset, venv('create'), install('alpha'));
      assert.ok(made.success || kindOf(made) === 'venv_exists', JSON.stringify(made));
      assert.deepEqual(names(installed['installed']), ['alpha'], JSON.stringify(installed));
      clear();
    }
  });

  it('deletes before or after an install, never amidst', async function () {
    this.timeout(120_000);
    for (const offset of offsets) {
      await servers[0].ask(...venv('create'));
      const [installed, deleted] = await both(offset, install('alpha'), venv('delete'));
      assert.deepEqual(
        [names(installed['installed']), deleted.success],
        [['alpha'], true],
        JSON.stringify([installed, deleted]),
      );
      const isThere = existsSync(join(root, '.venv'));
      assert.equal(
        isThere,
        notesOf(installed).includes('created .venv'),
        'it was made anew where the delete came first',
      );
      clear();
    }
  });

  it('deletes once', async function () {
    this.timeout(120_000);
    for (const offset of offsets.slice(0, 3)) {
      await servers[0].ask(...venv('create'));
      const results = await both(offset, venv('delete'), venv('delete'));
      const [done, late] = [...results].sort((a, b) => Number(b.success) - Number(a.success));
      assert.ok(done?.success && late);
      assert.equal(kindOf(late), 'venv_not_found', `${offset} ms: ${JSON.stringify(late)}`);
      assert.deepEqual(readdirSync(root), []);
    }
  });

  it('uninstalls and installs at once, and tells each its own', async function () {
    this.timeout(120_000);
    for (const offset of offsets.slice(0, 3)) {
      await servers[0].ask(...install('alpha'));
      const uninstall = ['python.pip', { action: 'uninstall', packages: ['alpha'] }] as const;
      const [one, two] = await both(offset, uninstall, install('gamma'));
      assert.deepEqual(
        [names(one['uninstalled']), names(two['installed']), two['removed'], two['replaced']],
        [['alpha'], ['beta', 'gamma'], undefined, undefined],
        `${offset} ms`,
      );
      clear();
    }
  });

  itOnUnix('SIGKILL')(
    'goes on at once when the other is killed amidst an install, and says whom it waits for',
    async () => {
      const [one, two] = servers;
      await one.ask(...venv('create'));
      await writeProject(join(root, 'slow'), { name: 'slow', version: '1.0' });
      writeFileSync(join(root, 'slow/backend.py'), slowBackend);
      const stuck = one.ask(...install('./slow')).catch((error: unknown) => error);
      const build = await appears(join(root, 'began'));
      try {
        const { transport } = one.client;
        assert.ok(transport instanceof StdioClientTransport && transport.pid !== null);
        const { pid } = transport;
        const lines: string[] = [];
        const waiting = two.call(...install('alpha'), {
          onProgress: (line) => {
            if (line.includes('Waiting')) process.kill(pid, 'SIGKILL');
            lines.push(line);
          },
        });
        assert.deepEqual(names(fieldsOf(await waiting)['installed']), ['alpha']);
        assert.ok(
          lines.some((line) => line.includes(`Waiting for process ${pid}, which changes ".venv"`)),
          lines.join('\n'),
        );
        assert.ok((await stuck) instanceof Error);
      } finally {
        process.kill(Number(build), 'SIGKILL');
        await ends(build);
      }
    },
  );

  it('stops waiting when its call is cancelled, and the other goes on', async () => {
    const [one, two] = servers;
    await one.ask(...venv('create'));
    await writeProject(join(root, 'slow'), { name: 'slow', version: '1.0' });
    writeFileSync(join(root, 'slow/backend.py'), slowBackend);
    const stop = new AbortController();
    const stuck = one.call(...install('./slow'), { signal: stop.signal }).catch((error: unknown) => error);
    await appears(join(root, 'began'));
    const cancel = new AbortController();
    const waiting = two.call(...install('alpha'), {
      signal: cancel.signal,
      onProgress: (line) => {
        if (line.includes('Waiting')) cancel.abort();
      },
    });
    await assert.rejects(waiting, /aborted|cancel/i);
    stop.abort();
    await stuck;
    assert.deepEqual(names((await two.ask(...install('alpha')))['installed']), ['alpha']);
  });
});
