import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { anyPython } from '../support/anyPython';
import { connectOverStdio, type ConnectedClient, type Fields } from '../support/mcpClient';
import { testPythons } from '../support/pythons';
import { writeProject, writeWheel } from '../support/wheels';

/** @returns the calls that a hint shows, as a model would send them. */
function callsIn(hint: string): { readonly tool: string; readonly input: Record<string, unknown> }[] {
  return [...hint.matchAll(/(python\.\w+) \{/g)].map(({ 1: tool = '', index, 0: start }) => {
    const from = index + start.length - 1;
    for (let end = hint.indexOf('}', from); end >= 0; end = hint.indexOf('}', end + 1)) {
      try {
        return { tool, input: JSON.parse(hint.slice(from, end + 1)) as Record<string, unknown> };
      } catch {
        // A brace further on ends it.
      }
    }
    throw new Error(`no call: ${hint}`);
  });
}

describe('a missing module', function () {
  this.timeout(60_000);
  let root: string;
  let folder: string;
  let client: ConnectedClient;

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'missing-')));
  });
  after(async () => {
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(root, 'folder-'));
  });
  afterEach(async () => {
    await client.close();
  });

  const connect = async (interpreter = anyPython()) => {
    client = await connectOverStdio(['--workspace', folder, '--interpreter', interpreter], {
      env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(root, 'wheels') },
    });
  };
  const write = async (files: Record<string, string>) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  };
  const run = async (input: Record<string, unknown>): Promise<Fields> => await client.ask('python.run', input);
  const hintOf = async (input: Record<string, unknown>): Promise<string> => {
    const { hint, success, stderr } = await run(input);
    assert.equal(success, false);
    assert.equal(typeof hint, 'string', String(stderr));
    return String(hint);
  };
  /** Runs, takes the first call of the hint literally, and runs again unless that call was the run. */
  const follow = async (input: Record<string, unknown>): Promise<Fields> => {
    const [call] = callsIn(await hintOf(input));
    assert.ok(call);
    const result = await client.ask(call.tool, call.input);
    assert.ok(result.success, JSON.stringify([call, result]));
    return call.tool === 'python.run' ? result : await run(input);
  };

  for (const { path, version } of [...testPythons().slice(0, 1), ...testPythons().slice(-1)]) {
    it(`of the workspace is found by the call that the hint shows, in Python ${version}`, async () => {
      await write({
        'lib/helpers.py': 'WORD = "helped"\n',
        'app/__init__.py': '',
        'app/words.py': 'WORD = "packaged"\n',
        'app/main.py': 'from app.words import WORD\nprint(WORD)\n',
        'app/relative.py': 'from .words import WORD\nprint(WORD)\n',
        'app/deep/nested.py': 'from ..words import WORD\nprint(WORD)\n',
        'scripts/tool.py': 'import neighbour\nfrom helpers import WORD\nprint(WORD)\n',
        'scripts/neighbour.py': '',
        'elsewhere/parts/run.py': 'print("ran")\n',
      });
      await connect(path);
      assert.equal((await follow({ file: 'app/main.py' }))['stdout'], 'packaged\n');
      assert.equal((await follow({ file: 'app/relative.py' }))['stdout'], 'packaged\n');
      assert.equal((await follow({ file: 'app/deep/nested.py' }))['stdout'], 'packaged\n');
      assert.equal((await follow({ file: 'scripts/tool.py' }))['stdout'], 'helped\n');
      assert.equal((await follow({ file: 'scripts/tool.py', cwd: 'app' }))['stdout'], 'helped\n');
      assert.equal((await follow({ module: 'parts.run' }))['stdout'], 'ran\n');
      const code = 'from helpers import WORD; print(WORD)';
      const env = JSON.stringify(join('..', 'lib'));
      assert.ok((await hintOf({ code, cwd: 'app' })).endsWith(`with "env": {"PYTHONPATH": ${env}}.`));
      assert.equal((await run({ code, cwd: 'app', env: { PYTHONPATH: '../lib' } }))['stdout'], 'helped\n');
    });
  }

  it('of a src layout is found after the editable install that the hint shows', async () => {
    await writeProject(folder, { name: 'rocket', version: '1.0', modules: { 'rocket/__init__.py': '' } });
    await write({ 'main.py': 'import rocket; print("found")\n' });
    await connect();
    assert.deepEqual(
      callsIn(await hintOf({ file: 'main.py' })).map(({ input }) => input),
      [
        { action: 'install', editable: '.' },
        { file: 'main.py', env: { PYTHONPATH: 'src' } },
      ],
    );
    assert.equal((await follow({ file: 'main.py' }))['stdout'], 'found\n');
  });

  it('that another venv has is there once that venv is selected', async () => {
    await writeWheel(join(root, 'wheels'), { name: 'alpha-one', version: '1.0' });
    await write({ 'main.py': 'import alpha_one; print(alpha_one.__version__)\n' });
    await connect();
    await client.ask('python.venv', { action: 'create', path: 'other' });
    await client.ask('python.pip', { action: 'install', packages: ['alpha-one'] });
    await client.ask('python.venv', { action: 'create', path: '.venv' });
    assert.deepEqual(callsIn(await hintOf({ file: 'main.py' }))[0]?.input, { action: 'select', path: 'other' });
    assert.equal((await follow({ file: 'main.py' }))['stdout'], '1.0\n');
  });

  it('that a requirements file or a pyproject.toml provides is there once that is installed', async () => {
    const modules = { 'cv2/__init__.py': '' };
    await writeWheel(join(root, 'wheels'), { name: 'opencv-python-headless', version: '4.9', modules });
    await writeWheel(join(root, 'wheels'), { name: 'beta', version: '2.0' });
    await writeWheel(join(root, 'wheels'), { name: 'gamma', version: '2.0' });
    await write({
      'requirements.txt': 'opencv-python-headless>=4\n',
      'pyproject.toml':
        '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "beta>=1", # why\n]\n' +
        '[dependency-groups]\ntest = [{include-group = "base"}]\nbase = ["gamma"]\n',
    });
    await connect();
    assert.deepEqual(callsIn(await hintOf({ code: 'import cv2' }))[0]?.input, {
      action: 'install',
      requirements: 'requirements.txt',
    });
    assert.ok((await follow({ code: 'import cv2' })).success);
    assert.ok((await follow({ code: 'import beta' })).success);
    assert.ok((await follow({ module: 'gamma' })).success);
  });

  it('that is well known is named by its distribution', async () => {
    await connect();
    const named = async (code: string) => callsIn(await hintOf({ code }))[0]?.input['packages'];
    assert.deepEqual(await named('import yaml'), ['PyYAML']);
    assert.deepEqual(await named('from google.cloud import storage'), ['google-cloud-storage']);
    assert.deepEqual(await named('import numpy as np'), ['numpy']);
    assert.match(await hintOf({ module: 'flask', args: ['run'] }), /"packages": \["flask"\]/);
  });

  it('that is not known is to be checked first, with what it may be a slip of', async () => {
    await write({ 'helpers.py': '', 'main.py': 'import helprs\n' });
    await connect();
    assert.match(await hintOf({ code: 'import surely_unknown' }), /check its name before installing/);
    assert.match(await hintOf({ code: 'import numppy' }), /Is "numpy" meant\?/);
    assert.match(await hintOf({ file: 'main.py' }), /there is "helpers"/);
    assert.match(await hintOf({ code: 'import beautifulsoup4' }), /imported as "bs4"/);
  });

  it('that left the standard library, or a part that a package lacks, is not to be installed', async () => {
    await writeWheel(join(root, 'wheels'), { name: 'delta', version: '3.1', modules: { 'delta/__init__.py': '' } });
    await write({ 'tools/__init__.py': '', 'tools/reading.py': '', 'shadow.py': '' });
    await connect();
    await client.ask('python.pip', { action: 'install', packages: ['delta'] });
    assert.match(await hintOf({ code: 'import delta.none' }), /^delta 3\.1 is installed and has no "delta\.none"/);
    assert.match(await hintOf({ code: 'import tools.readin' }), /has no module "readin"\. Near: "reading"/);
    assert.match(await hintOf({ code: 'import shadow.none' }), /is the file shadow\.py/);
    assert.match(await hintOf({ code: 'import xml.none' }), /"xml" has no module "none"/);
    assert.match(await hintOf({ code: 'raise ModuleNotFoundError("x", name="_sqlite3")' }), /this build/);
    const hidden = 'import sys; sys.path[:] = [p for p in sys.path if "site-packages" not in p]; import delta';
    assert.match(await hintOf({ code: hidden }), /is installed in the environment that ran this/);
    if ((testPythons().at(-1)?.minor ?? 0) >= 12) {
      assert.match(await hintOf({ code: 'import imp' }), /left the standard library in Python 3\.12; use importlib/);
    }
  });
});
