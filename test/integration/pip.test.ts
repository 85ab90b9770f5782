import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readdir, realpath, rm, stat, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { ToolError } from '../../src/core/errors';
import { environmentOf, type Interpreter } from '../../src/core/interpreters/interpreter';
import type { InstallerSetting } from '../../src/core/packages/chooseInstaller';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import { PipManager, type PipManagerOptions } from '../../src/core/packages/PipManager';
import { onWine } from '../support/platform';
import { installedPythons, installedUv, makeVenv, plainEnv } from '../support/installers';
import { writeProject, writeSdist, writeSimpleIndex, writeWheel } from '../support/wheels';

/** A backend that tells the test that it has begun, and never ends. */
const slowBackend = `import os, time

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    open(os.environ['BUILD_BEGAN'], 'w').close()
    time.sleep(600)
`;

const failsWith = (kind: string, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ToolError, String(error));
  assert.equal(error.kind, kind, error.message);
  if (message) assert.match(error.message, message);
  return true;
};

/** Resolves as soon as there is a file of that name. */
async function appears(path: string): Promise<void> {
  const controller = new AbortController();
  for await (const { filename } of watch(dirname(path), { signal: controller.signal })) {
    if (filename === basename(path)) return;
  }
}

describe('installing and uninstalling, through uv and through pip', function () {
  this.timeout(60_000);
  let folder: string;
  let wheels: string;
  let pythons: Interpreter[];
  let newest: Interpreter;
  let uv: Awaited<ReturnType<typeof installedUv>>;
  let offline: Record<string, string>;
  let venvs = 0;

  const manager = (setting: InstallerSetting, options: Partial<PipManagerOptions> = {}) =>
    new PipManager({
      root: folder,
      metadata: new InstalledMetadata(),
      findUv: () => Promise.resolve(uv),
      installerSetting: () => setting,
      hostEnv: offline,
      home: join(folder, 'home'),
      ...options,
    });
  const venv = async (interpreter: Interpreter, options: Parameters<typeof makeVenv>[2] = { pip: true }) =>
    await makeVenv(interpreter, join(folder, `venv-${venvs++}`), options);
  const installed = async (environment: Environment) =>
    (await new InstalledMetadata().read(environment))
      .map(({ normalizedName, version }) => `${normalizedName} ${version}`)
      .filter((each) => !each.startsWith('pip '))
      .sort();
  /** Starts an install that never ends, and ends it when its build has begun and `meanwhile` is done. */
  async function cancelAmidst(
    pip: (options: Partial<PipManagerOptions>) => PipManager,
    environment: Environment,
    packages: string[],
    meanwhile: () => Promise<void>,
  ) {
    const began = join(folder, `began-${venvs++}`);
    const controller = new AbortController();
    const outcome = assert.rejects(
      pip({ hostEnv: { ...offline, BUILD_BEGAN: began } }).install(environment, {
        packages,
        signal: controller.signal,
      }),
      failsWith('cancelled', /The environment is unchanged/),
    );
    await appears(began);
    await meanwhile();
    controller.abort();
    await outcome;
  }

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'python-tools-test-')));
    wheels = join(folder, 'wheels');
    await writeWheel(wheels, { name: 'alpha', version: '1.0', requires: ['beta>=1.0'] });
    await writeWheel(wheels, { name: 'alpha', version: '2.0', requires: ['beta>=1.0'] });
    await writeWheel(wheels, { name: 'beta', version: '1.5' });
    await writeWheel(wheels, { name: 'Dotted.Name', version: '1.0+local.1' });
    await writeWheel(wheels, { name: 'wants-old', version: '1.0', requires: ['beta<1.2'] });
    await writeSdist(wheels, { name: 'broken', version: '1.0', buildFails: 'libfoo.h is missing' });
    await writeProject(join(folder, 'project'), { name: 'local-project', version: '0.1', requires: ['beta'] });
    await writeProject(join(folder, 'slow'), { name: 'slow', version: '1.0' });
    await writeFile(join(folder, 'slow', 'backend.py'), slowBackend);
    pythons = await installedPythons();
    const last = pythons.at(-1);
    assert.ok(last, 'no Python 3.8 or newer with ensurepip was found');
    newest = last;
    uv = await installedUv();
    offline = plainEnv({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, UV_CACHE_DIR: join(folder, 'uv-cache') });
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function story(pip: PipManager, environment: Environment, installer: 'uv' | 'pip') {
    const first = await pip.install(environment, { packages: ['alpha==1.0', 'dotted_name'] });
    assert.deepEqual(first.installed, [
      { name: 'alpha', version: '1.0' },
      { name: 'beta', version: '1.5' },
      { name: 'Dotted.Name', version: '1.0+local.1' },
    ]);
    assert.deepEqual([first.replaced, first.removed, first.already_satisfied], [[], [], []]);
    assert.equal(first.installer, installer);

    const again = await pip.install(environment, { packages: ['alpha', 'beta'] });
    assert.deepEqual([again.installed, again.already_satisfied], [[], ['alpha==1.0', 'beta==1.5']]);

    const plan = await pip.install(environment, { packages: ['alpha', 'beta'], upgrade: true, dryRun: true });
    const { size } = await stat(join(wheels, 'alpha-2.0-py3-none-any.whl'));
    assert.deepEqual(plan.installed, [{ name: 'alpha', version: '2.0', download_bytes: size }]);
    assert.equal(plan.download_bytes, size);
    assert.deepEqual(plan.replaced, [{ name: 'alpha', from: '1.0', to: '2.0' }]);
    assert.deepEqual([plan.already_satisfied, plan.dry_run, plan.installer], [['beta==1.5'], true, installer]);
    assert.deepEqual(await installed(environment), ['alpha 1.0', 'beta 1.5', 'dotted-name 1.0+local.1']);

    const upgrade = await pip.install(environment, { packages: ['alpha'], upgrade: true });
    assert.deepEqual(upgrade.installed, [{ name: 'alpha', version: '2.0' }]);
    assert.deepEqual(upgrade.replaced, [{ name: 'alpha', from: '1.0', to: '2.0' }]);

    const gone = await pip.uninstall(environment, { packages: ['Alpha', 'DOTTED-NAME', 'nowhere'] });
    assert.deepEqual(gone.uninstalled, [
      { name: 'alpha', version: '2.0' },
      { name: 'Dotted.Name', version: '1.0+local.1' },
    ]);
    assert.deepEqual(gone.not_installed, ['nowhere']);
    assert.deepEqual(await installed(environment), ['beta 1.5']);
  }

  it('tells the same story through the pip of every Python from 3.8 on', async () => {
    const queue = pythons.values();
    const worker = async () => {
      for (const interpreter of queue) await story(manager('pip'), await venv(interpreter), 'pip');
    };
    await Promise.all([worker(), worker()]);
  });

  it('tells the same story through uv, for the oldest Python and the newest', async function () {
    if (!uv) return this.skip();
    for (const interpreter of [pythons[0] ?? newest, newest]) {
      await story(manager('uv'), await venv(interpreter, {}), 'uv');
    }
  });

  it('serves a venv without pip through the wheel that its base brings', async () => {
    const environment = await venv(newest, {});
    const { installed: added } = await manager('pip').install(environment, { packages: ['beta'] });
    assert.deepEqual(added, [{ name: 'beta', version: '1.5' }]);
    assert.deepEqual(await installed(environment), ['beta 1.5']);
    assert.deepEqual((await manager('pip').uninstall(environment, { packages: ['beta'] })).uninstalled, added);
  });

  for (const setting of ['uv', 'pip'] as const) {
    describe(`through ${setting}`, () => {
      before(function () {
        if (setting === 'uv' && !uv) this.skip();
      });

      it('installs a requirements file, a local wheel and an editable project in one call', async () => {
        await mkdir(join(folder, 'deps'), { recursive: true });
        await writeFile(join(folder, 'deps', 'base.txt'), 'dotted-name  # comment\nalpha==1.0; python_version < "3"\n');
        await writeFile(join(folder, 'requirements.txt'), '-r deps/base.txt\n');
        const environment = await venv(newest);
        const result = await manager(setting).install(environment, {
          packages: ['./wheels/beta-1.5-py3-none-any.whl'],
          requirements: 'requirements.txt',
          editable: 'project',
        });
        assert.deepEqual(
          result.installed.map(({ name }) => name),
          ['beta', 'Dotted.Name', 'local-project'],
        );
        assert.match(result.notes.join(), /"alpha" does not apply/);
        const { packages } = await manager(setting).list(environment);
        const local = packages.find(({ name }) => name === 'local-project');
        assert.equal(local?.editable_project_location, join(folder, 'project'));
      });

      it('reports a project that comes from elsewhere now as replaced', async () => {
        const environment = await venv(newest);
        await manager(setting).install(environment, { packages: ['./project'] });
        const result = await manager(setting).install(environment, { editable: 'project' });
        assert.deepEqual(result.installed, [{ name: 'local-project', version: '0.1' }]);
        assert.deepEqual(result.replaced, [{ name: 'local-project', from: '0.1', to: '0.1' }]);
      });

      it('names the kind of a failure and leaves the environment as it was', async () => {
        const environment = await venv(newest);
        const install = (...packages: string[]) => manager(setting).install(environment, { packages });
        await assert.rejects(install('nosuchthing'), failsWith('no_matching_distribution', /nosuchthing/));
        await assert.rejects(install('alpha>=9'), failsWith('no_matching_distribution', /alpha/));
        await assert.rejects(install('wants-old', 'beta>1.2'), failsWith('resolution_conflict', /beta/));
        await assert.rejects(install('broken'), failsWith('build_failed', /libfoo\.h is missing/));
        assert.deepEqual(await installed(environment), []);
      });

      it('says that the index is out of reach, without the password in its address', async () => {
        const hostEnv = plainEnv({
          PIP_INDEX_URL: 'http://someone:hunter2@127.0.0.1:9/simple',
          PIP_RETRIES: '0',
          UV_CACHE_DIR: join(folder, 'uv-cache'),
        });
        const install = manager(setting, { hostEnv }).install(await venv(newest), { packages: ['alpha'] });
        await assert.rejects(install, (error: unknown) => {
          failsWith('network')(error);
          assert.doesNotMatch(String(error), /hunter2/);
          return true;
        });
      });

      it('ends at once when it is cancelled, and a second install copes', async () => {
        const environment = await venv(newest);
        await cancelAmidst(
          (options) => manager(setting, options),
          environment,
          ['beta', './slow'],
          () => Promise.resolve(),
        );
        assert.deepEqual(await installed(environment), []);
        const second = await manager(setting).install(environment, { packages: ['beta'] });
        assert.deepEqual(second.installed, [{ name: 'beta', version: '1.5' }]);
      });

      it('ends after the time limit', async () => {
        const options = { timeLimitMs: 1500, hostEnv: { ...offline, BUILD_BEGAN: join(folder, 'began') } };
        const install = manager(setting, options).install(await venv(newest), { packages: ['./slow'] });
        await assert.rejects(install, failsWith('timeout', /longer than 1\.5 s.*The environment is unchanged/));
      });

      it('installs into the venv whatever variables and configuration files say', async () => {
        const root = join(folder, `redirected-${setting}`);
        const elsewhere = join(root, 'elsewhere');
        await mkdir(root);
        await writeFile(join(root, 'pip.conf'), `[install]\ntarget = ${elsewhere}\nuser = true\n`);
        await writeFile(join(root, 'pyproject.toml'), `[tool.uv.pip]\ntarget = ${JSON.stringify(elsewhere)}\n`);
        const hostEnv = Object.fromEntries(
          Object.entries({
            ...offline,
            PIP_CONFIG_FILE: join(root, 'pip.conf'),
            PIP_PREFIX: elsewhere,
            PIP_ROOT: elsewhere,
            PIP_BREAK_SYSTEM_PACKAGES: '1',
            UV_SYSTEM_PYTHON: '1',
            UV_BREAK_SYSTEM_PACKAGES: '1',
            UV_PYTHON: newest.executable,
            UV_PROJECT_ENVIRONMENT: elsewhere,
          }).filter(([name]) => name !== 'UV_NO_CONFIG'),
        );
        const environment = await venv(newest);
        const result = await manager(setting, { root, hostEnv }).install(environment, { packages: ['beta'] });
        assert.deepEqual(result.installed, [{ name: 'beta', version: '1.5' }]);
        assert.match(result.notes.join('\n'), /pip's configured "target" is not obeyed here/);
        await assert.rejects(access(elsewhere));
      });

      it('imports nothing that lies in the folder as a part of the installer', async () => {
        const root = join(folder, `trap-${setting}`);
        await mkdir(root);
        for (const module of ['pip.py', 'logging.py', 'runpy.py']) {
          await writeFile(join(root, module), 'raise SystemExit("imported from the folder")\n');
        }
        const result = await manager(setting, { root }).install(await venv(newest), { packages: ['beta'] });
        assert.deepEqual(result.installed, [{ name: 'beta', version: '1.5' }]);
      });
    });
  }

  it('removes what a killed installer left, and keeps what was there before', async () => {
    const environment = await venv(newest);
    const [site = ''] = environment.libraries.own;
    await mkdir(join(site, 'older-1.0.dist-info'));
    await mkdir(join(site, '~lder'));
    await cancelAmidst(
      (options) => manager('pip', options),
      environment,
      ['./slow'],
      async () => {
        await mkdir(join(site, 'half-1.0.dist-info'));
        await writeFile(join(site, 'half-1.0.dist-info', 'METADATA'), 'Name: half\nVersion: 1.0\n');
        await mkdir(join(site, '~alf'));
      },
    );
    const left = (await readdir(site)).filter((name) => /^(~|half|older)/.test(name)).sort();
    assert.deepEqual(left, ['older-1.0.dist-info', '~lder']);
  });

  for (const setting of ['uv', 'pip'] as const) {
    it(`makes whole by a second install what ${setting} was killed amidst`, async function () {
      if (setting === 'uv' && !uv) return this.skip();
      // Wine takes a minute and more for as many as make the moment certain elsewhere.
      const files = Array.from(
        { length: onWine ? 300 : 2000 },
        (_, index) => [`bulky/m${index}.py`, `x = ${index}\n`] as const,
      );
      for (const version of ['1.0', '2.0']) {
        await writeWheel(wheels, { name: 'bulky', version, modules: Object.fromEntries(files) });
      }
      const environment = await venv(newest);
      const pip = manager(setting);
      await pip.install(environment, { packages: ['bulky==1.0'] });
      const controller = new AbortController();
      const upgrade = pip.install(environment, {
        packages: ['bulky==2.0'],
        signal: controller.signal,
        onProgress: (line) => {
          if (/^(Installing|Attempting uninstall|Prepared)/.test(line)) controller.abort();
        },
      });
      await upgrade.catch(failsWith('cancelled'));
      const [site = ''] = environment.libraries.own;
      await pip.install(environment, { packages: ['bulky==2.0'] });
      assert.deepEqual(await installed(environment), ['bulky 2.0']);
      const found = (await readdir(join(site, 'bulky'))).filter((name) => name.endsWith('.py'));
      assert.equal(found.length, files.length);
      assert.deepEqual(
        (await readdir(site)).filter((name) => name.startsWith('~')),
        [],
      );
      assert.deepEqual((await pip.uninstall(environment, { packages: ['bulky'] })).uninstalled, [
        { name: 'bulky', version: '2.0' },
      ]);
    });
  }

  it('takes uv by itself only where pip is configured in ways that uv can be told', async function () {
    if (!uv) return this.skip();
    const install = async (name: string, extra: Record<string, string>) =>
      await manager('auto', { hostEnv: { ...offline, ...extra } }).install(await venv(newest), { packages: [name] });
    assert.equal((await install('beta', {})).installer, 'uv');
    const ruledOut = await install('beta', { PIP_PREFER_BINARY: '1' });
    assert.equal(ruledOut.installer, 'pip');
    assert.deepEqual(ruledOut.notes, [`pip was used: uv can't be told pip's configured "prefer-binary".`]);
    const constraints = join(folder, 'constraints.txt');
    await writeFile(constraints, 'alpha<2\n');
    const constrained = await install('alpha', { PIP_CONSTRAINT: constraints });
    assert.deepEqual([constrained.installer, constrained.installed[0]], ['uv', { name: 'alpha', version: '1.0' }]);
  });

  it('takes the best version of all indexes that pip is configured with, through uv too', async function () {
    if (!uv) return this.skip();
    const main = await writeSimpleIndex(join(folder, 'index'), [join(wheels, 'alpha-1.0-py3-none-any.whl')]);
    const others = ['alpha-2.0-py3-none-any.whl', 'beta-1.5-py3-none-any.whl'].map((name) => join(wheels, name));
    const extra = await writeSimpleIndex(join(folder, 'extra'), others);
    const hostEnv = plainEnv({ PIP_INDEX_URL: main, PIP_EXTRA_INDEX_URL: extra, UV_CACHE_DIR: join(folder, 'cache') });
    for (const setting of ['auto', 'pip'] as const) {
      const result = await manager(setting, { hostEnv }).install(await venv(newest), { packages: ['alpha'] });
      assert.deepEqual(result.installed[0], { name: 'alpha', version: '2.0' });
    }
  });

  it('never touches a base Python', async () => {
    await assert.rejects(manager('pip').install(environmentOf(newest), { packages: ['beta'] }), failsWith('refused'));
    await assert.rejects(manager('pip').uninstall(environmentOf(newest), { packages: ['pip'] }), failsWith('refused'));
  });

  it('never touches what a venv inherits from its base Python', async function () {
    const environment = await venv(newest, { systemSitePackages: true });
    const inherited = (await new InstalledMetadata().read(environment)).filter(({ inherited }) => inherited);
    if (!inherited.some(({ name }) => name === 'pip')) {
      console.log('      skipped: this base Python has no pip');
      return this.skip();
    }
    const { uninstalled, not_installed, notes } = await manager('pip').uninstall(environment, { packages: ['pip'] });
    assert.deepEqual([uninstalled, not_installed], [[], ['pip']]);
    assert.match(notes.join(), /inherited from the base Python/);
  });

  it('refuses before anything starts what is no requirement, or lies outside the folder', async () => {
    const environment = await venv(newest, {});
    const install = (request: Parameters<PipManager['install']>[1]) => manager('pip').install(environment, request);
    const wrong = ['--index-url=http://x', ' -r x', 'a\nb', 'a\0', '', ' ', '=1', 'a b', './nowhere', 'nfs://x/y'];
    for (const text of wrong) {
      await assert.rejects(install({ packages: [text] }), failsWith('requirement_invalid'), JSON.stringify(text));
    }
    await assert.rejects(install({}), failsWith('invalid_input'));
    await assert.rejects(install({ requirements: '../x.txt' }), failsWith('outside_workspace'));
    await assert.rejects(install({ editable: '/' }), failsWith('outside_workspace'));
    await assert.rejects(install({ editable: 'wheels' }), failsWith('invalid_input', /neither a pyproject/));
    await writeFile(join(folder, 'wrong.txt'), 'fine\nalpha=1.0\n');
    await assert.rejects(
      install({ requirements: 'wrong.txt' }),
      failsWith('requirement_invalid', /wrong\.txt, line 2/),
    );
    await assert.rejects(install({ requirements: 'wrng.txt' }), (error: unknown) => {
      failsWith('file_not_found')(error);
      assert.match(error instanceof ToolError ? (error.hint ?? '') : '', /wrong\.txt/);
      return true;
    });
    const uninstall = manager('pip').uninstall(environment, { packages: ['alpha>1'] });
    await assert.rejects(uninstall, failsWith('requirement_invalid'));
  });

  it('is over at once where it was cancelled before, and says so where the venv broke meanwhile', async () => {
    const environment = await venv(newest, {});
    const install = (signal?: AbortSignal) => manager('pip').install(environment, { packages: ['beta'], signal });
    await assert.rejects(install(AbortSignal.abort()), failsWith('cancelled'));
    await rm(environment.python);
    await assert.rejects(install(), failsWith('venv_broken'));
  });

  it('shows progress lines while it works', async () => {
    const lines: string[] = [];
    await manager('pip').install(await venv(newest), { packages: ['alpha'], onProgress: (line) => lines.push(line) });
    assert.match(lines.join('\n'), /^Installing collected packages: beta, alpha$/m);
  });

  it('tells its listener of each change, and of none where there was none', async () => {
    const heard: string[] = [];
    const pip = manager('pip', {
      onChange: (environment, diff) => heard.push(`${environment.path} ${diff.installed.length}`),
    });
    const environment = await venv(newest);
    await pip.install(environment, { packages: ['beta'] });
    await pip.install(environment, { packages: ['beta'] });
    await pip.install(environment, { packages: ['alpha'], dryRun: true });
    assert.deepEqual(heard, [`${environment.path} 1`]);
  });
});
