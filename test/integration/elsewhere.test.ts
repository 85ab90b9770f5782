import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { ToolError } from '../../src/core/errors';
import { InterpreterFinder } from '../../src/core/interpreters/finder';
import type { InstallerSetting } from '../../src/core/packages/chooseInstaller';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { PipManager, type PipManagerOptions } from '../../src/core/packages/PipManager';
import { installedUv, makeVenv, plainEnv } from '../support/installers';
import { itOnUnix, onWindows } from '../support/platform';
import { testPythons } from '../support/pythons';
import { throwawayBase, type ThrowawayBase } from '../support/throwawayBase';
import { writeWheel } from '../support/wheels';

const failsWith = (kind: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ToolError, String(error));
  assert.equal(error.kind, kind, error.message);
  assert.match(error.message, message);
  return true;
};

describe('installs go into the environment, or nowhere', function () {
  this.timeout(60_000);
  let folder: string;
  let base: ThrowawayBase;
  let good: Environment;
  let uv: Awaited<ReturnType<typeof installedUv>>;
  let hostEnv: Record<string, string>;
  let count = 0;

  const manager = (setting: InstallerSetting, options: Partial<PipManagerOptions> = {}) =>
    new PipManager({
      root: folder,
      metadata: new InstalledMetadata(),
      findUv: () => Promise.resolve(uv),
      installerSetting: () => setting,
      hostEnv,
      home: join(folder, 'home'),
      ...options,
    });

  /** A venv of its own, changed by `change`; its path is that of the folder it is in. */
  function venv(change: (path: string) => void = () => undefined): Environment {
    const path = join(folder, `venv-${count++}`);
    cpSync(good.path, path, { recursive: true, verbatimSymlinks: true });
    change(path);
    const moved = (each: string): string => each.replace(good.path, path);
    return {
      ...{ ...good, path, python: moved(good.python), scripts: moved(good.scripts) },
      libraries: { own: good.libraries.own.map(moved), inherited: [] },
    };
  }
  const libraryIn = (path: string): string => (good.libraries.own[0] ?? '').replace(good.path, path);
  const readingConfiguration = () =>
    Object.fromEntries(Object.entries(hostEnv).filter(([name]) => name !== 'UV_NO_CONFIG'));
  const script = (path: string, text: string): void => {
    rmSync(path, { force: true });
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };

  before(async function () {
    if (onWindows) return this.skip();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'python-tools-test-')));
    const python = testPythons().at(-1);
    assert.ok(python);
    base = throwawayBase(python, join(folder, 'base'));
    const interpreter = await new InterpreterFinder({ cacheFolder: join(folder, 'cache') }).identify(base.python);
    assert.ok(interpreter);
    good = await makeVenv(interpreter, join(folder, 'good'));
    uv = await installedUv();
    const wheels = join(folder, 'wheels');
    for (const version of ['1.0', '2.0']) await writeWheel(wheels, { name: 'alpha', version });
    hostEnv = plainEnv({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, UV_CACHE_DIR: join(folder, 'uv-cache') });
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const links: Record<string, (path: string) => void> = {
    'site-packages': (path) => {
      rmSync(libraryIn(path), { recursive: true });
      symlinkSync(base.library, libraryIn(path));
    },
    lib: (path) => {
      rmSync(join(path, 'lib'), { recursive: true });
      symlinkSync(join(base.library, '../..'), join(path, 'lib'));
    },
    bin: (path) => {
      renameSync(join(path, 'bin'), join(folder, `bin-${count++}`));
      symlinkSync(join(folder, `bin-${count - 1}`), join(path, 'bin'));
    },
    include: (path) => {
      rmSync(join(path, 'include'), { recursive: true, force: true });
      symlinkSync(folder, join(path, 'include'));
    },
    share: (path) => {
      symlinkSync(folder, join(path, 'share'));
    },
  };

  const liars: Record<string, (path: string) => void> = {
    'a script that starts the base': (path) => {
      script(join(path, 'bin/python'), `exec "${base.python}" "$@"`);
    },
    'a link to such a script': (path) => {
      script(join(path, 'python3-wrapper'), `exec "${base.python}" "$@"`);
      rmSync(join(path, 'bin/python'));
      symlinkSync('../python3-wrapper', join(path, 'bin/python'));
    },
    'a script that starts another venv': (path) => {
      script(join(path, 'bin/python'), `exec "${good.python}" "$@"`);
    },
    'a script that says nothing': (path) => {
      script(join(path, 'bin/python'), 'exit 0');
    },
  };

  for (const setting of ['uv', 'pip'] as const) {
    describe(`through ${setting}`, () => {
      beforeEach(function () {
        if (setting === 'uv' && !uv) this.skip();
      });

      for (const [what, change] of Object.entries(links)) {
        it(`refuses a venv whose ${what} is a link out of it, before anything starts`, async () => {
          const environment = venv(change);
          await assert.rejects(
            manager(setting).install(environment, { packages: ['alpha'] }),
            failsWith('venv_broken', /leads out of it, to "/),
          );
          await assert.rejects(
            manager(setting).uninstall(environment, { packages: ['pip'] }),
            failsWith('venv_broken', /leads out of it/),
          );
          assert.deepEqual(base.installed(), []);
          assert.ok(existsSync(join(base.library, 'pip')));
        });
      }

      for (const [what, change] of Object.entries(liars)) {
        it(`refuses a venv whose python is ${what}`, async () => {
          const environment = venv(change);
          await assert.rejects(
            manager(setting).install(environment, { packages: ['alpha'] }),
            failsWith('venv_broken', /is the Python of "|does not say what it is/),
          );
          assert.deepEqual(base.installed(), []);
        });
      }

      it('refuses a venv that holds a link to a package of its base', async () => {
        mkdirSync(join(base.library, 'shared'));
        try {
          const environment = venv((path) => {
            symlinkSync(join(base.library, 'shared'), join(libraryIn(path), 'shared'));
          });
          await assert.rejects(
            manager(setting).install(environment, { packages: ['alpha'] }),
            failsWith('venv_broken', /belongs to its base Python/),
          );
        } finally {
          rmSync(join(base.library, 'shared'), { recursive: true });
        }
      });

      it('serves a venv behind a link, with links inside itself, and with a copied or wrapped python', async () => {
        const plain = venv((path) => {
          rmSync(join(path, 'lib64'), { force: true });
          symlinkSync('lib', join(path, 'lib64'));
          symlinkSync(folder, join(path, 'unrelated'));
        });
        const linked = join(folder, `linked-${count++}`);
        symlinkSync(plain.path, linked);
        const through = (path: string): string => path.replace(plain.path, linked);
        const behind = {
          ...{ ...plain, path: linked, python: through(plain.python), scripts: through(plain.scripts) },
          libraries: { own: plain.libraries.own.map(through), inherited: [] },
        };
        const wrapped = venv((path) => {
          const name = join(path, 'bin', 'python3-itself');
          symlinkSync(base.python, name);
          script(join(path, 'bin/python'), `exec "${name}" "$@"`);
        });
        for (const environment of [behind, ...(setting === 'pip' ? [wrapped] : [])]) {
          const result = await manager(setting).install(environment, { packages: ['alpha'] });
          assert.deepEqual(result.installed, [{ name: 'alpha', version: '2.0' }]);
          const { uninstalled } = await manager(setting).uninstall(environment, { packages: ['alpha'] });
          assert.deepEqual(uninstalled, [{ name: 'alpha', version: '2.0' }]);
        }
        assert.deepEqual(base.installed(), []);
      });

      const redirections: Record<string, string> = {
        'uv.toml': '"pip"."t\\u0061rget" = "elsewhere"\n',
        'pyproject.toml': '[tool]\nuv.pip = { "prefix" = "elsewhere" }\n',
        'setup.cfg': '[install]\ninstall_lib = elsewhere\nprefix = elsewhere\n',
      };
      for (const [file, text] of Object.entries(redirections)) {
        it(`installs into the venv whatever a ${file} of the folder says`, async () => {
          const root = join(folder, `root-${count++}`);
          mkdirSync(root);
          writeFileSync(join(root, file), text);
          const oldest = testPythons()[0];
          assert.ok(oldest);
          const finder = new InterpreterFinder({ cacheFolder: join(folder, 'cache') });
          const interpreter = await finder.identify(oldest.path);
          assert.ok(interpreter);
          const environment = await makeVenv(interpreter, join(root, '.venv'));
          const pip = manager(setting, { root, hostEnv: readingConfiguration() });
          const { installed } = await pip.install(environment, { packages: ['alpha==1.0'] });
          assert.deepEqual(installed, [{ name: 'alpha', version: '1.0' }]);
          assert.equal(existsSync(join(root, 'elsewhere')), false);
        });
      }

      it('writes no plan into a file that the configuration names', async () => {
        const root = join(folder, `root-${count++}`);
        mkdirSync(root);
        writeFileSync(join(root, 'uv.toml'), '[pip]\noutput-file = "pylock.toml"\n');
        writeFileSync(join(root, 'pylock.toml'), 'kept');
        await manager(setting, { root, hostEnv: readingConfiguration() }).install(venv(), {
          packages: ['alpha'],
          dryRun: true,
        });
        assert.equal(readFileSync(join(root, 'pylock.toml'), 'utf8'), 'kept');
      });
    });
  }

  itOnUnix('scripts as programs')('calls nothing a success that an installer only says it did', async () => {
    const path = join(folder, 'idle-uv');
    script(path, 'echo " + alpha==2.0" >&2');
    const pip = manager('uv', { findUv: () => Promise.resolve({ path, version: '0.9.0' }) });
    const environment = venv();
    for (const request of [
      { packages: ['alpha'] },
      { requirements: 'r.txt' },
      { packages: ['./wheels/alpha-1.0-py3-none-any.whl'] },
    ]) {
      writeFileSync(join(folder, 'r.txt'), 'alpha\n');
      await assert.rejects(
        pip.install(environment, request),
        failsWith('installer_failed', /^uv reported success, but this is not installed in ".*": .*alpha.*unchanged/),
      );
    }
    await manager('pip').install(environment, { packages: ['alpha==1.0'] });
    await assert.rejects(
      pip.install(environment, { packages: ['alpha>=2'] }),
      failsWith('installer_failed', /alpha>=2 \(1\.0 is there\)/),
    );
    await assert.rejects(
      pip.uninstall(environment, { packages: ['alpha'] }),
      failsWith('installer_failed', /still installed in ".*": alpha 1\.0/),
    );
  });

  itOnUnix('scripts as programs')(
    'lets no program of the folder be started by pip, through a PATH with "."',
    async () => {
      const root = join(folder, `root-${count++}`);
      mkdirSync(root);
      script(join(root, 'git'), `: > "${join(root, 'ran')}"\nexit 1`);
      const env = {
        ...hostEnv,
        PATH: `.::${root}/../root-${count - 1}:${process.env['PATH'] ?? ''}`.replace(/:[^:]*root-\d+/, ''),
      };
      await assert.rejects(
        manager('pip', { root, hostEnv: env }).install(venv(), { packages: [`x @ git+file://${root}/nothing`] }),
      );
      assert.equal(existsSync(join(root, 'ran')), false);
    },
  );
});
