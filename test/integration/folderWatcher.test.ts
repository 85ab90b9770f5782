import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PythonFolder, type EnvironmentChanged } from '../../src/core/folder';
import { createMachinery } from '../../src/core/machinery';
import { defaultSettings } from '../../src/core/settings';
import { FolderWatcher } from '../../src/vscode/folderWatcher';
import { anyPython } from '../support/anyPython';
import { itWithFolderLinks, linkFolder } from '../support/platform';
import { writeWheel } from '../support/wheels';

/** What a person calls at once. */
const atOnceMs = 500;

describe('What is done to venvs in a terminal', () => {
  let root: string;
  let folder: PythonFolder;
  let watcher: FolderWatcher;
  let changes: EnvironmentChanged[];
  let emitter: EventEmitter<{ change: [EnvironmentChanged] }>;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'watched-')));
    await start();
  });
  afterEach(async () => {
    stop();
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  });

  async function start(): Promise<void> {
    folder = new PythonFolder({ ...createMachinery(), root, settings: () => defaultSettings });
    changes = [];
    emitter = new EventEmitter();
    folder.onDidChange((event) => {
      changes.push(event);
      emitter.emit('change', event);
    });
    watcher = new FolderWatcher({
      folder,
      isBusy: () => false,
      onError: (path, cause) => {
        assert.fail(`${path}: ${String(cause)}`);
      },
    });
    await watcher.look({ tell: false });
  }

  function stop(): void {
    watcher.dispose();
    folder.dispose();
  }

  const terminal = async (command: string, ...args: string[]): Promise<void> => {
    await promisify(execFile)(command, args, { cwd: root });
  };
  const makeVenv = async (name: string): Promise<void> => {
    await terminal(anyPython(), '-m', 'venv', '--without-pip', name);
  };
  /** @returns the first event of `action` that fits, and how long after its end it came. */
  const seenAfter = async (
    action: () => Promise<unknown>,
    fits: (event: EnvironmentChanged) => boolean = () => true,
  ) => {
    const events: EnvironmentChanged[] = [];
    const seen = new Promise<EnvironmentChanged>((resolve) => {
      emitter.on('change', (event) => {
        events.push(event);
        if (fits(event)) resolve(event);
      });
    });
    await action();
    const done = performance.now();
    const event = await Promise.race([seen, delay(5000).then(() => assert.fail('no event came'))]);
    return { event, ms: performance.now() - done };
  };
  const assertAtOnce = (ms: number): void => {
    assert.ok(ms < atOnceMs, `it took ${Math.round(ms)} ms`);
  };

  it('is seen at once when a venv is made, under any name', async () => {
    for (const name of ['.venv', 'anything']) {
      const { event, ms } = await seenAfter(
        async () => {
          await makeVenv(name);
        },
        ({ environment }) => environment !== undefined,
      );
      assert.equal(event.reason, 'external');
      assert.equal(event.environment?.path, join(root, '.venv'));
      assertAtOnce(ms);
    }
  });

  it('is seen when a folder that was there before becomes one', async () => {
    stop();
    await mkdir(join(root, 'empty'));
    await start();
    const { event, ms } = await seenAfter(
      async () => {
        await makeVenv('empty');
      },
      ({ environment }) => environment !== undefined,
    );
    assert.equal(event.environment?.path, join(root, 'empty'));
    assertAtOnce(ms);
  });

  it('is seen when the active venv is moved, deleted and made again', async () => {
    await makeVenv('.venv');
    await watcher.look({ tell: false });
    const moved = await seenAfter(async () => {
      await rename(join(root, '.venv'), join(root, 'other'));
    });
    assert.equal(moved.event.environment?.path, join(root, 'other'));
    assertAtOnce(moved.ms);
    const deleted = await seenAfter(
      async () => {
        await rm(join(root, 'other'), { recursive: true });
      },
      ({ environment }) => environment === undefined,
    );
    assertAtOnce(deleted.ms);
    const again = await seenAfter(
      async () => {
        await makeVenv('other');
      },
      ({ environment }) => environment !== undefined,
    );
    assertAtOnce(again.ms);
  });

  it('is seen when its interpreter goes', async () => {
    await makeVenv('.venv');
    await watcher.look({ tell: false });
    const scripts = join(root, '.venv', process.platform === 'win32' ? 'Scripts' : 'bin');
    const pythons = readdirSync(scripts).filter((name) => name.startsWith('python'));
    const { event, ms } = await seenAfter(async () => {
      for (const name of pythons) await unlink(join(scripts, name));
    });
    assert.equal(event.environment, undefined);
    assertAtOnce(ms);
  });

  it('is seen for a selected venv outside of the folder', async () => {
    const outside = await realpath(await mkdtemp(join(tmpdir(), 'outside-')));
    try {
      await terminal(anyPython(), '-m', 'venv', '--without-pip', join(outside, 'env'));
      await folder.venvs.select(join(outside, 'env'));
      await watcher.look({ tell: false });
      const { event, ms } = await seenAfter(async () => {
        await rm(join(outside, 'env'), { recursive: true });
      });
      assert.equal(event.environment, undefined);
      assertAtOnce(ms);
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });

  it('is one event for an install of many packages, and one for their uninstall', async function () {
    this.timeout(60_000);
    const wheels = join(root, 'wheels');
    const names = Array.from({ length: 20 }, (_, index) => `package${index}`);
    for (const name of names) await writeWheel(wheels, { name, version: '1.0' });
    await terminal(anyPython(), '-m', 'venv', '.venv');
    await watcher.look({ tell: false });
    await settle();
    changes.length = 0;
    const python = join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
    const pip = async (...args: string[]): Promise<void> => {
      await terminal(python, '-m', 'pip', ...args);
    };
    const installed = await seenAfter(async () => {
      await pip('install', '--no-index', '--find-links', wheels, ...names);
    });
    assert.ok(installed.ms < atOnceMs);
    await settle();
    assert.equal(changes.length, 1);
    await pip('uninstall', '--yes', ...names);
    await settle();
    assert.equal(changes.length, 2);
  });

  it('tells nothing of what the folder itself does, and of files that are no environment', async () => {
    await makeVenv('one');
    await settle();
    changes.length = 0;
    await folder.venvs.select('one');
    await writeFile(join(root, 'main.txt'), '');
    await mkdir(join(root, 'src'));
    await writeFile(join(root, 'src', 'a.py'), '');
    await settle();
    assert.deepEqual(
      changes.map(({ reason }) => reason),
      ['selected'],
    );
  });

  itWithFolderLinks('follows a link to a folder of venvs elsewhere', async () => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    await terminal(anyPython(), '-m', 'venv', '--without-pip', join(elsewhere, 'env'));
    const { event, ms } = await seenAfter(async () => {
      linkFolder(join(elsewhere, 'env'), join(root, '.venv'));
      await Promise.resolve();
    });
    assert.equal(event.environment?.path, join(root, '.venv'));
    assertAtOnce(ms);
  });

  it('costs as many watches in a folder of thousands as in a small one', async function () {
    if (process.platform !== 'linux') this.skip();
    await makeVenv('.venv');
    await watcher.look({ tell: false });
    const before = inotifyWatches();
    stop();
    for (let index = 0; index < 3000; index++)
      mkdirSync(join(root, 'big', `${index % 60}`, `${index}`), { recursive: true });
    await start();
    assert.equal(inotifyWatches(), before + 1);
    stop();
    assert.equal(inotifyWatches(), 0);
  });

  /** Longer than any wait for the end of an install. */
  async function settle(): Promise<void> {
    await delay(800);
    await watcher.look();
  }
});

function inotifyWatches(): number {
  return readdirSync('/proc/self/fdinfo')
    .map((name) => {
      try {
        return readFileSync(join('/proc/self/fdinfo', name), 'utf8');
      } catch {
        return '';
      }
    })
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('inotify wd')).length;
}
