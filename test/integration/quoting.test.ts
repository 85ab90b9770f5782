import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { anyPython } from '../support/anyPython';
import { installedUv } from '../support/installers';
import { connectOverStdio, type ConnectedClient } from '../support/mcpClient';
import { itWithFileLinks } from '../support/platform';
import { writeWheel } from '../support/wheels';

/** What the files outside the folder hold, in forms that pip, uv and the tools object to in different ways. */
const outside: Readonly<Record<string, string>> = {
  'the passwords of a system': 'root:$6$MARKER:1::\n',
  'a name that no index has': 'marker-of-a-secret\n',
  'a sentence': 'the MARKER is this\n',
  'an assignment': 'password = MARKER\n',
  'an option': '--MARKER foo\n',
  'a version that is none': 'a == MARKER\n',
  'a marker of an environment': 'marker-of-a-secret; python_version < "3"\n',
  'a URL': 'x @ https://127.0.0.1:1/marker-1.0-py3-none-any.whl\n',
  'a path': './MARKER\n',
  'another file': '-r MARKER.txt\n',
};

/** How a file of the folder leads to one outside. */
const ways: readonly (readonly [string, (file: string) => string])[] = [
  ['-r', (file) => `-r ${file}\n`],
  ['-c', (file) => `-c ${file}\nalpha\n`],
  ['a link', (file) => `-r links/${file.split(/[\\/]/).at(-1) ?? ''}\n`],
];

const isNotQuoted = (result: unknown, what: string): void => {
  assert.doesNotMatch(JSON.stringify(result).replace(/marker_file|markers?\.py/gi, ''), /marker/i, what);
};

for (const installer of ['pip', 'uv'] as const) {
  describe(`What ${installer} and the tools say of files outside the folder`, function () {
    this.timeout(120_000);
    let base: string;
    let folder: string;
    let client: ConnectedClient;
    const progress: string[] = [];

    before(async function () {
      const uv = installer === 'uv' ? await installedUv() : undefined;
      if (installer === 'uv' && !uv) this.skip();
      base = await realpath(await mkdtemp(join(tmpdir(), 'quoting-')));
      folder = join(base, 'folder');
      await mkdir(join(folder, 'links'), { recursive: true });
      const wheels = join(base, 'wheels');
      await writeWheel(wheels, { name: 'alpha', version: '1.0' });
      const path = uv ? [dirname(uv.path), process.env['PATH'] ?? ''].join(delimiter) : process.env['PATH'];
      client = await connectOverStdio(['--workspace', folder, '--interpreter', anyPython(), '--installer', installer], {
        env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, ...(path === undefined ? {} : { PATH: path }) },
      });
      assert.ok((await client.ask('python.venv', { action: 'create' })).success);
    });
    after(async () => {
      await client.close();
      await rm(base, { recursive: true, force: true });
    });

    const ask = async (name: string, input: Record<string, unknown>) =>
      await client.call(name, input, { onProgress: (message) => progress.push(message) });

    for (const [number, [what, content]] of Object.entries(outside).entries()) {
      for (const [way, including] of ways) {
        const withIt = way === 'a link' ? itWithFileLinks : it;
        withIt(`hold nothing of ${what} that is included by ${way}`, async () => {
          const file = join(base, `outside-${number}.txt`);
          await writeFile(file, content);
          if (way === 'a link') await symlink(file, join(folder, 'links', `outside-${number}.txt`));
          await writeFile(join(folder, 'requirements.txt'), including(file));
          for (const call of [
            { action: 'install', requirements: 'requirements.txt', dry_run: true },
            { action: 'install', requirements: 'requirements.txt' },
          ]) {
            isNotQuoted(await ask('python.pip', call), JSON.stringify(call));
          }
          isNotQuoted(await ask('python.venv', { action: 'info' }), 'info');
          isNotQuoted(await ask('python.run', { code: 'import marker_of_a_secret as marker' }).then(hintOf), 'hint');
          isNotQuoted(progress, 'progress');
        });
      }
    }

    itWithFileLinks('hold nothing of a file that configuration is a link to', async () => {
      const file = join(base, 'shadow');
      await writeFile(file, 'root:$6$MARKER:1::\n');
      await writeFile(join(folder, 'requirements.txt'), 'nothing-of-that-name\n');
      for (const name of ['uv.toml', 'pyproject.toml', 'pip.conf']) {
        await symlink(file, join(folder, name === 'pip.conf' ? join('.venv', name) : name));
        for (const packages of [['nothing-of-that-name'], ['.']]) {
          isNotQuoted(await ask('python.pip', { action: 'install', packages, dry_run: true }), name);
        }
        isNotQuoted(await ask('python.venv', { action: 'info' }), name);
        await rm(join(folder, name === 'pip.conf' ? join('.venv', name) : name));
      }
    });

    itWithFileLinks('hold nothing of a file that pip is configured to take as constraints', async () => {
      const file = join(base, 'shadow');
      await writeFile(file, 'root:$6$MARKER:1::\n');
      await writeFile(join(folder, '.venv', 'pip.conf'), `[install]\nconstraint = ${file}\n`);
      isNotQuoted(await ask('python.pip', { action: 'install', packages: ['alpha'], dry_run: true }), 'constraint');
      await rm(join(folder, '.venv', 'pip.conf'));
    });

    it('name the file and the line, and a good file is obeyed', async () => {
      const file = join(base, 'shared.txt');
      await writeFile(file, '\nthe MARKER is this\n');
      await writeFile(join(folder, 'requirements.txt'), `-r ${file}\n`);
      const install = { action: 'install', requirements: 'requirements.txt' };
      const { error } = await client.ask('python.pip', install);
      assert.match(JSON.stringify(error), /Line 2 of .*shared\.txt/);
      await writeFile(file, 'alpha\n');
      assert.ok((await client.ask('python.pip', install)).success);
    });
  });
}

/** The words of ours in a run's result: the traceback quotes the code of the call. */
const hintOf = (result: { structuredContent?: Record<string, unknown> | undefined }): unknown => [
  String(result.structuredContent?.['hint']).replaceAll('marker_of_a_secret', ''),
];

const secretUrls = [
  'https://user:hunter2@127.0.0.1:1/simple',
  'git+https://user:hunter2@127.0.0.1:1/x.git@v1',
  'user:hunter2@host.test',
  'https://user:hun%40ter2hunter2@127.0.0.1:1/a b',
  './https://user:p/hunter2@host.test',
  '--index-url=https://user:hunter2@host.test',
  'x --password=hunter2',
  'https://127.0.0.1:1/x.whl?token=hunter2',
];

/** Every text that the tools take, with a secret in it. */
const inputs: readonly (readonly [string, string, (secret: string) => Record<string, unknown>])[] = [
  ['python.pip', 'packages', (secret) => ({ action: 'install', packages: [secret] })],
  ['python.pip', 'packages as a direct reference', (secret) => ({ action: 'install', packages: [`x y @ ${secret}`] })],
  ['python.pip', 'packages to plan', (secret) => ({ action: 'install', packages: [`./${secret}`], dry_run: true })],
  ['python.pip', 'packages to uninstall', (secret) => ({ action: 'uninstall', packages: [secret] })],
  ['python.pip', 'packages to show', (secret) => ({ action: 'show', packages: [secret] })],
  ['python.pip', 'requirements', (secret) => ({ action: 'install', requirements: secret })],
  ['python.pip', 'editable', (secret) => ({ action: 'install', editable: secret })],
  ['python.pip', 'editable with extras', (secret) => ({ action: 'install', editable: `${secret}[a]` })],
  ['python.pip', 'folder', (secret) => ({ action: 'list', folder: secret })],
  ['python.pip', 'action', (secret) => ({ action: secret })],
  ['python.pip', 'a field that there is none of', (secret) => ({ action: 'list', [secret]: 1 })],
  ['python.venv', 'path to create', (secret) => ({ action: 'create', path: secret, python: 'no-such-python' })],
  ['python.venv', 'path to delete', (secret) => ({ action: 'delete', path: secret })],
  ['python.venv', 'path to select', (secret) => ({ action: 'select', path: secret })],
  ['python.venv', 'path to look at', (secret) => ({ action: 'info', path: secret })],
  ['python.venv', 'python', (secret) => ({ action: 'create', path: 'none', python: secret })],
  ['python.venv', 'folder', (secret) => ({ action: 'list', folder: secret })],
  ['python.run', 'file', (secret) => ({ file: secret })],
  ['python.run', 'module', (secret) => ({ module: secret })],
  ['python.run', 'cwd', (secret) => ({ code: '', cwd: secret })],
  ['python.run', 'folder', (secret) => ({ code: '', folder: secret })],
  ['python.run', 'the name of a variable', (secret) => ({ code: '', env: { [`${secret}=`]: 'x' } })],
  ['python.run', 'code beside a file', (secret) => ({ code: secret, file: secret })],
  ['python.run', 'args that are none', (secret) => ({ code: '', args: secret })],
  ['python.run', 'stdin that is none', (secret) => ({ code: '', stdin: [secret] })],
];

describe('A password in a call', function () {
  this.timeout(120_000);
  let folder: string;
  let client: ConnectedClient;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'quoting-')));
    client = await connectOverStdio(['--workspace', folder, '--interpreter', anyPython()], {
      env: { PIP_NO_INDEX: '1' },
    });
    assert.ok((await client.ask('python.venv', { action: 'create' })).success);
  });
  after(async () => {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [tool, field, inputOf] of inputs) {
    it(`is not repeated where ${tool} refuses it in ${field}`, async () => {
      for (const secret of secretUrls) {
        const result = await client.call(tool, inputOf(secret));
        assert.doesNotMatch(JSON.stringify(result), /hunter2/, secret);
      }
    });
  }

  it('is not repeated from a requirements file', async () => {
    for (const secret of secretUrls) {
      await writeFile(join(folder, 'requirements.txt'), `x y @ ${secret}\n`);
      const install = { action: 'install', requirements: 'requirements.txt' };
      assert.doesNotMatch(JSON.stringify(await client.call('python.pip', install)), /hunter2/, secret);
      await writeFile(join(folder, 'requirements.txt'), `-r ${secret}\n`);
      assert.doesNotMatch(JSON.stringify(await client.call('python.pip', install)), /hunter2/, secret);
    }
  });

  it('is not repeated from the metadata block of a script', async () => {
    for (const secret of secretUrls) {
      const block = `# /// script\n# dependencies = [${JSON.stringify(`x y @ ${secret}`)}]\n# ///\n`;
      await writeFile(join(folder, 'script.py'), block);
      assert.doesNotMatch(JSON.stringify(await client.call('python.run', { file: 'script.py' })), /hunter2/, secret);
    }
  });
});
