import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { PythonFolder } from '../../src/core/folder';
import { cacheFolder } from '../../src/core/files/storage';
import type { Settings } from '../../src/core/settings';
import { pruneScriptEnvironments } from '../../src/core/scripts/pruneScriptEnvironments';
import { tools } from '../../src/tools';
import { callTool } from '../../src/tools/callTool';
import { installedUv } from '../support/installers';
import { testPythons } from '../support/pythons';
import { openWorkspace } from '../support/testFolders';
import { writeSdist, writeWheel } from '../support/wheels';

const [oldest] = testPythons();
const newest = testPythons().at(-1);

describe('a file with inline script metadata', function () {
  this.timeout(60_000);
  let base: string;
  let root: string;
  const scripts = join(cacheFolder(), 'scripts');

  before(async function () {
    if (!oldest || !newest) this.skip();
    base = realpathSync(mkdtempSync(join(tmpdir(), 'scripts-')));
    const specs = [
      {
        name: 'alpha',
        version: '1.0',
        requires: ['beta'],
        modules: { 'alpha.py': 'import beta\nvalue = beta.value\n' },
      },
      { name: 'beta', version: '2.0', modules: { 'beta.py': 'value = 2\n' } },
    ];
    for (const spec of specs) await writeWheel(join(base, 'wheels'), spec);
    await writeSdist(join(base, 'wheels'), { name: 'broken', version: '1.0', buildFails: 'no compiler at all' });
    Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(base, 'wheels') });
  });
  beforeEach(() => {
    root = mkdtempSync(join(base, 'project-'));
    rmSync(scripts, { recursive: true, force: true });
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
    for (const name of ['PIP_NO_INDEX', 'PIP_FIND_LINKS']) Reflect.deleteProperty(process.env, name);
  });

  const open = (settings: Partial<Settings> = {}): PythonFolder => {
    const [folder] = openWorkspace([root], { interpreter: newest?.path ?? '', ...settings }).folders;
    assert.ok(folder);
    return folder;
  };
  const script = (lines: readonly string[], body = 'import alpha; print(alpha.value)'): string => {
    const block = ['/// script', ...lines, '///'].map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
    writeFileSync(join(root, 'report.py'), `"""A report."""\n${block}\n${body}\n`);
    return join(root, 'report.py');
  };
  const run = async (
    folder: PythonFolder,
    input: object = {},
    abort = new AbortController(),
    onProgress = (): void => undefined,
  ) => {
    const [runTool] = tools;
    assert.ok(runTool);
    const context = { signal: abort.signal, onProgress, outputBudget: 16_384, onOutput: () => undefined };
    const call = { file: 'report.py', ...input };
    return (await callTool(runTool, call, { pick: () => Promise.resolve(folder) }, context)).result;
  };
  const environments = (): string[] =>
    existsSync(scripts) ? readdirSync(scripts).filter((name) => !name.endsWith('.json')) : [];

  for (const installer of ['pip', 'uv'] as const) {
    it(`runs in an environment that ${installer} gave its dependencies, and the project's venv is not touched`, async function () {
      const uv = installer === 'uv' ? await installedUv() : undefined;
      if (installer === 'uv' && !uv) this.skip();
      const path = process.env['PATH'] ?? '';
      if (uv) process.env['PATH'] = `${dirname(uv.path)}${delimiter}${path}`;
      try {
        const folder = open({ installer });
        await folder.createVenv({});
        script(['dependencies = [', '  "alpha>=1",', ']']);
        const { success, stdout, stderr, venv, notes, python_version: version } = await run(folder);
        assert.deepEqual([success, stdout, stderr], [true, '2\n', '']);
        assert.equal(venv, join(scripts, environments()[0] ?? ''));
        assert.equal(version, newest?.version);
        assert.deepEqual(notes, [
          "ran in an environment of its own for its inline script metadata (1 dependency), not in the project's venv",
        ]);
        const { packages } = await folder.listPackages();
        assert.deepEqual(
          packages.map(({ name }) => name),
          ['pip'],
        );
        assert.deepEqual(readdirSync(root).sort(), ['.venv', 'report.py']);
      } finally {
        process.env['PATH'] = path;
      }
    });
  }

  it('finds its environment again, whatever the order of the dependencies, also in another folder', async () => {
    script(['dependencies = ["beta", "alpha"]']);
    const first = await run(open());
    script(['dependencies = ["alpha", "beta"]']);
    const again = await run(open());
    assert.equal(again['stdout'], '2\n');
    assert.equal(again['venv'], first['venv']);
    assert.equal(environments().length, 1);
  });

  it('makes one environment that counts, however many calls need it at once', async () => {
    script(['dependencies = ["alpha"]']);
    const results = await Promise.all([open(), open()].flatMap((folder) => [run(folder), run(folder)]));
    for (const { stdout } of results) assert.equal(stdout, '2\n');
    assert.equal(new Set(results.map(({ venv }) => venv)).size, 1);
    assert.equal(environments().length, 1);
  });

  it('has an environment of its own also without dependencies', async () => {
    const folder = open();
    await folder.installPackages({ packages: ['alpha'] });
    script([''], 'import alpha');
    const { success, exception, hint } = await run(folder);
    assert.equal(success, false);
    assert.equal((exception as { type: string }).type, 'ModuleNotFoundError');
    assert.match(String(hint), /^Add what provides "alpha" to "dependencies"/);
  });

  it('takes the interpreter that requires-python allows: the one that is set, else the newest', async function () {
    if (!oldest || !newest || oldest.minor === newest.minor) this.skip();
    script([`requires-python = ">=3.${newest.minor}"`], 'import sys; print(sys.version_info[1])');
    assert.equal((await run(open({ interpreter: oldest.path })))['stdout'], `${newest.minor}\n`);
    assert.equal((await run(open({ interpreter: newest.path })))['stdout'], `${newest.minor}\n`);
    script(['requires-python = ">=4.2"']);
    const { error } = await run(open());
    const { kind, message, hint } = error ?? {};
    assert.equal(kind, 'interpreter_not_found');
    assert.equal(message, '"report.py" requires Python >=4.2, and there is none of these versions.');
    assert.ok(hint?.includes(newest.version));
  });

  it('says what cannot be installed, and keeps nothing of it', async () => {
    const folder = open();
    script(['dependencies = ["missing-one"]']);
    assert.equal((await run(folder)).error?.kind, 'no_matching_distribution');
    script(['dependencies = ["broken"]']);
    const { error } = await run(folder);
    assert.equal(error?.kind, 'build_failed');
    assert.match(error.message, /^The dependencies of "report\.py" are not installed\. /);
    assert.deepEqual(existsSync(scripts) ? readdirSync(scripts) : [], []);
  });

  it('does not count the making against the time limit of the run, and leaves nothing when it is cancelled', async () => {
    const folder = open();
    script(['dependencies = ["alpha"]']);
    const abort = new AbortController();
    const cancelled = await run(folder, {}, abort, () => {
      abort.abort();
    });
    assert.equal(cancelled.error?.kind, 'cancelled');
    assert.deepEqual(readdirSync(scripts), []);
    script(['dependencies = ["alpha"]'], 'import time; time.sleep(5)');
    const { timed_out: timedOut, duration_ms: ms } = await run(folder, { timeout: 0.1 });
    assert.equal(timedOut, true);
    assert.ok(Number(ms) < 3000);
  });

  it('makes an environment anew that broke', async () => {
    script(['dependencies = ["alpha"]']);
    const { venv } = await run(open());
    rmSync(join(String(venv), 'bin'), { recursive: true, force: true });
    rmSync(join(String(venv), 'Scripts'), { recursive: true, force: true });
    const again = await run(open());
    assert.equal(again['stdout'], '2\n');
    assert.notEqual(again['venv'], venv);
  });

  it('removes environments that nobody used for long, and half-made ones, but none that another may be making', async () => {
    mkdirSync(scripts, { recursive: true });
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    for (const [name, days] of [
      ['old', 15],
      ['kept', 2],
      ['half', 2],
      ['making', 0],
    ] as const) {
      mkdirSync(join(scripts, `${name}-1`));
      if (days > 0) utimesSync(join(scripts, `${name}-1`), daysAgo(days), daysAgo(days));
      if (name === 'half' || name === 'making') continue;
      writeFileSync(join(scripts, `${name}.json`), JSON.stringify(`${name}-1`));
      utimesSync(join(scripts, `${name}.json`), daysAgo(days), daysAgo(days));
    }
    await pruneScriptEnvironments(scripts);
    assert.deepEqual(readdirSync(scripts).sort(), ['kept-1', 'kept.json', 'making-1']);
  });

  it('ignores a block without an end, as the specification asks, and says so', async () => {
    writeFileSync(join(root, 'report.py'), '# /// script\n# dependencies = ["alpha"]\nprint(1)\n');
    const { stdout, venv, notes } = await run(open());
    assert.deepEqual([stdout, venv], ['1\n', null]);
    assert.match(String(notes), /no end "# \/\/\/"/);
  });
});
