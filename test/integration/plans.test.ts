import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../src/core/environment';
import { isToolError } from '../../src/core/errors';
import { InstalledMetadata } from '../../src/core/packages/installedMetadata';
import type { InstallRequest } from '../../src/core/packages/installRequest';
import { PipManager } from '../../src/core/packages/PipManager';
import { tarGz } from '../support/archives';
import { installedPythons, installedUv, makeVenv, plainEnv } from '../support/installers';
import { writeWheel } from '../support/wheels';

/** A project whose build, and any look at it, leaves a mark. */
const projectFiles = (name: string, mark: string) => ({
  'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  'PKG-INFO': `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
  'backend.py': `open(${JSON.stringify(mark)}, "a").close()
import os, zipfile
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    os.mkdir(os.path.join(folder, "${name}-1.0.dist-info"))
    for file, text in {"METADATA": "Metadata-Version: 2.1\\nName: ${name}\\nVersion: 1.0\\n", "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}.items():
        with open(os.path.join(folder, "${name}-1.0.dist-info", file), "w") as f: f.write(text)
    return "${name}-1.0.dist-info"
def build_wheel(folder, config_settings=None, metadata=None):
    path = "${name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, path), "w") as z:
        z.writestr("${name}-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: ${name}\\nVersion: 1.0\\n")
        z.writestr("${name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        z.writestr("${name}-1.0.dist-info/RECORD", "")
    return path
prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
build_editable = build_wheel
`,
  'setup.py': `open(${JSON.stringify(mark)}, "a").close()\n`,
});

describe('a plan', function () {
  this.timeout(120_000);
  let folder: string;
  let mark: string;
  let environment: Environment;
  let uv: Awaited<ReturnType<typeof installedUv>>;
  let offline: Record<string, string>;
  let caches = 0;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'python-tools-plans-')));
    mark = join(folder, 'THE-BUILD-RAN');
    const wheels = join(folder, 'index');
    const files = projectFiles('evil', mark);
    const archive = tarGz(Object.fromEntries(Object.entries(files).map(([name, text]) => [`evil-1.0/${name}`, text])));
    await mkdir(wheels);
    await writeFile(join(wheels, 'evil-1.0.tar.gz'), archive);
    await writeWheel(wheels, { name: 'lamp', version: '1.0' });
    await writeWheel(wheels, { name: 'trap', version: '1.0', requires: [`evil @ ${pathToFileURL(folder).href}/evil`] });
    await writeWheel(wheels, { name: 'needs-evil', version: '1.0', requires: ['evil'] });
    for (const name of ['evil', 'evil with blanks']) {
      await mkdir(join(folder, name));
      for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, file), text);
    }
    for (const name of ['evil.tgz', 'EVIL.TGZ', 'evil.tar.gz', 'evil-1.0.tar.gz', 'evil.tar', 'evil.tbz', 'evil.zip']) {
      await copyFile(join(wheels, 'evil-1.0.tar.gz'), join(folder, name));
    }
    const newest = (await installedPythons()).at(-1);
    assert.ok(newest);
    environment = await makeVenv(newest, join(folder, '.venv'), { pip: true });
    uv = await installedUv();
    const plain = plainEnv({ PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels });
    offline = Object.fromEntries(Object.entries(plain).filter(([name]) => name !== 'UV_NO_CONFIG'));
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    await rm(mark, { force: true });
    for (const name of ['uv.toml', 'requirements.txt', 'constraints.txt', '.venv/pip.conf']) {
      await rm(join(folder, name), { force: true });
    }
  });

  async function plan(
    setting: 'uv' | 'pip',
    request: InstallRequest,
    env: Record<string, string> = {},
  ): Promise<{ readonly builds?: readonly string[]; readonly error?: string; readonly ran: boolean; text: string }> {
    const pip = new PipManager({
      root: folder,
      metadata: new InstalledMetadata(),
      findUv: () => Promise.resolve(uv),
      installerSetting: () => setting,
      // A cache may hold what an earlier plan built.
      hostEnv: {
        ...offline,
        UV_CACHE_DIR: join(folder, `cache-${++caches}`),
        PIP_CACHE_DIR: join(folder, `cache-${caches}`),
        ...env,
      },
      home: join(folder, 'home'),
    });
    try {
      const result = await pip.install(environment, { ...request, dryRun: true });
      const { builds } = result;
      return { ...(builds ? { builds } : {}), ran: existsSync(mark), text: JSON.stringify(result) };
    } catch (error) {
      assert.ok(isToolError(error), String(error));
      return { error: error.kind, ran: existsSync(mark), text: `${error.message} ${error.hint ?? ''}` };
    }
  }

  for (const setting of ['uv', 'pip'] as const) {
    describe(`through ${setting}`, () => {
      before(function () {
        if (setting === 'uv' && !uv) this.skip();
      });

      it('of packages of an index takes wheels, and says so where there is none', async () => {
        assert.match((await plan(setting, { packages: ['lamp'] })).text, /"lamp"/);
        for (const packages of [['evil'], ['lamp', 'evil'], ['needs-evil'], ['evil>=0.5'], ['evil[x]']]) {
          const { error, ran, text } = await plan(setting, { packages });
          assert.equal(ran, false, packages.join());
          assert.ok(error === 'no_matching_distribution' || error === 'resolution_conflict', `${error ?? ''} ${text}`);
          assert.match(text, /A plan takes wheels only/);
        }
      });

      it('builds nothing, whatever its configuration says', async () => {
        await writeFile(join(folder, 'uv.toml'), 'no-binary-package = ["evil"]\n[pip]\n"no\\u002dbinary" = ["evil"]\n');
        await writeFile(join(folder, '.venv/pip.conf'), '[install]\nno-binary = evil\n');
        assert.equal((await plan(setting, { packages: ['evil'] })).ran, false, 'files');
        const env = { PIP_NO_BINARY: 'evil', UV_NO_BINARY_PACKAGE: 'evil', UV_NO_BINARY: '1' };
        assert.equal((await plan(setting, { packages: ['evil'] }, env)).ran, false, 'variables');
        await writeFile(join(folder, 'constraints.txt'), `evil @ ${pathToFileURL(folder).href}/evil\n`);
        const constrained = { PIP_CONSTRAINT: join(folder, 'constraints.txt') };
        assert.equal((await plan(setting, { packages: ['needs-evil'] }, constrained)).ran, false, 'constraints');
      });

      it('builds nothing that a wheel of the index names as a dependency', async () => {
        const { error, ran } = await plan(setting, { packages: ['trap'] });
        assert.equal(ran, false);
        assert.notEqual(error, undefined);
      });

      it('takes a name for a name, also where a file is called so', async () => {
        const marker = "; python_version > '3'";
        for (const name of [
          'evil',
          `evil.tgz${marker}`,
          `evil.tar${marker}`,
          `EVIL.TGZ ${marker}`,
          `evil.zip${marker}`,
        ]) {
          assert.equal((await plan(setting, { packages: [name], onlyBinary: true })).ran, false, name);
        }
      });

      it('starts nothing for what may have to be built, unless it may build', async () => {
        const url = pathToFileURL(folder).href;
        const sources = [
          ...['./evil', 'evil/', './evil with blanks', 'evil.tgz', 'EVIL.TGZ', 'evil.tar.gz', 'evil.tar', 'evil.tbz'],
          ...['evil.zip', 'evil.tgz[x]', './evil[x]', `evil @ ${url}/evil.tar.gz`, `${url}/evil`, join(folder, 'evil')],
        ];
        for (const name of sources) {
          const { error, ran } = await plan(setting, { packages: [name], onlyBinary: true });
          assert.deepEqual([error, ran], ['refused', false], name);
        }
        const { error, ran } = await plan(setting, { editable: './evil', onlyBinary: true });
        assert.deepEqual([error, ran], ['refused', false]);
      });

      it('starts nothing for a requirements file that may have something built', async () => {
        const url = pathToFileURL(folder).href;
        const lines = [
          ...[
            './evil',
            './evil with blanks',
            '-e ./evil',
            '--editable=evil',
            'evil.tgz',
            'evil.tar; python_version > "3"',
          ],
          ...[
            `evil @ ${url}/evil`,
            `${url}/evil.tgz`,
            '--no-binary evil\nevil',
            '--no-binary=:all:\nevil',
            '${HOME}/evil',
          ],
          ...['evil --config-settings="a=b"', 'evil --global-option=x', '-r https://127.0.0.1:1/other.txt'],
          ...[
            '--only-binary :none:\nevil',
            '-r nested.txt',
            '-c nested.txt\nevil',
            'lamp\\\n @ file:///x',
            '--unknown',
          ],
        ];
        await writeFile(join(folder, 'nested.txt'), `evil @ ${url}/evil\n`);
        for (const line of lines) {
          await writeFile(join(folder, 'requirements.txt'), `lamp\n${line}\n`);
          const { error, ran } = await plan(setting, { requirements: 'requirements.txt', onlyBinary: true });
          assert.deepEqual([error, ran], ['refused', false], line);
        }
        const harmless = '# all\nlamp >= 1 # why\n--pre\n--prefer-binary\n';
        await writeFile(join(folder, 'requirements.txt'), harmless);
        const { error, text } = await plan(setting, { requirements: 'requirements.txt', onlyBinary: true });
        assert.equal(error, undefined, text);
      });

      it('of what must be built says what it built', async () => {
        for (const name of ['./evil', './evil with blanks', 'evil-1.0.tar.gz']) {
          const { builds, error, ran, text } = await plan(setting, { packages: [name, 'lamp'] });
          assert.deepEqual([error, ran, builds], [undefined, true, ['evil']], `${name}: ${text}`);
          await rm(mark);
        }
        const { builds, ran } = await plan(setting, { editable: './evil' });
        assert.deepEqual([ran, builds], [true, ['evil']]);
      });
    });
  }
});
