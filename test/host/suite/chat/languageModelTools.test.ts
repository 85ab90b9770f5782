import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeWheel } from '../../../support/wheels';
import { answerWith, dialogs } from '../../answerDialogs';

const root = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

/** @returns the parts of a tool's result: texts as they are, pictures as their type. */
async function partsOf(name: string, input: object, token?: vscode.CancellationToken): Promise<string[]> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  return content.map((part) =>
    part instanceof vscode.LanguageModelTextPart ? part.value : String(Reflect.get(part as object, 'mimeType')),
  );
}

const call = async (name: string, input: object): Promise<string> => (await partsOf(name, input)).join('\n');

describe('The language-model tools', function () {
  this.timeout(60_000);

  it('are offered with what models need', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('python_'));
    assert.deepEqual(ours.map(({ name }) => name).sort(), ['python_pip', 'python_run', 'python_venv']);
    for (const { description, inputSchema } of ours) assert.ok(description.length > 100 && inputSchema);
  });

  it('run code without a venv', async () => {
    const text = await call('python_run', { code: 'import sys; print("Hello", *sys.argv[1:])', args: ['you'] });
    assert.match(text, /^Hello you\n\[exit code 0 · .* · Python 3\.\d+\.\d+ · no venv\]$/);
  });

  it('create a venv, install a package into it and import that', async () => {
    assert.match(await call('python_venv', { action: 'create' }), /^Created .*\.venv \(active\) with (uv|venv) in /);
    const wheel = await writeWheel(root(), { name: 'tiny', version: '1.2.3' });
    const installed = await call('python_pip', { action: 'install', packages: [wheel] });
    assert.match(installed, /^Installed 1 package into \.venv \((uv|pip), .*\): tiny 1\.2\.3$/);
    assert.match(
      await call('python_run', { code: 'import tiny; print("imported")' }),
      /^imported\n\[exit code 0 .* \.venv\]$/,
    );
    assert.match(await call('python_pip', { action: 'list' }), /\ntiny 1\.2\.3$/m);
    const before = dialogs.length;
    const gone = await call('python_pip', { action: 'uninstall', packages: ['tiny'] });
    assert.match(dialogs[before]?.detail ?? '', /^tiny 1\.2\.3\n\nFrom .*\.venv \(Python 3/);
    assert.match(gone, /^Uninstalled 1 package from \.venv .*: tiny 1\.2\.3$/);
  });

  it('tell what is wrong, and the next step', async () => {
    assert.equal(
      await call('python_run', { file: 'mian.py' }),
      'Error (file_not_found): File not found: mian.py\nNext: The nearest that exist: main.py.',
    );
    assert.match(
      await call('python_run', { code: '1', file: 'main.py' }),
      /^Error \(invalid_input\): Exactly one of "file", "code" and "module" is needed; 2 were given\.\nNext: /,
    );
  });

  it('show the exception of a program that fails', async () => {
    const text = await call('python_run', { code: 'print("before")\n1/0' });
    assert.match(
      text,
      /^before\n\[stderr\]\nTraceback .*\n\[exception ZeroDivisionError: division by zero\]\n {2}<code>:2 /s,
    );
  });

  it('return what was written before a time-out', async () => {
    const text = await call('python_run', { code: 'import time\nprint("tick")\ntime.sleep(60)', timeout: 1 });
    assert.match(text, /^tick\n\[timed out after 1(\.\d)? s · /);
  });

  it('keep a long output under 7 KiB and name the file with all of it', async () => {
    const text = await call('python_run', { code: 'for n in range(20000): print("line", n)' });
    assert.ok(Buffer.byteLength(text) <= 7 * 1024);
    const file = /left out; all of it is in (\S+) …\]/.exec(text)?.[1] ?? '';
    assert.ok(existsSync(file));
    assert.match(text, /\nline 19999\n\[exit code 0 /);
  });

  it('end a run whose call is cancelled', async () => {
    const started = join(root(), 'started');
    const outlived = join(root(), 'outlived');
    const code = `import time\nopen(${JSON.stringify(started)}, "w").close()\ntime.sleep(3)\nopen(${JSON.stringify(outlived)}, "w").close()`;
    const source = new vscode.CancellationTokenSource();
    const running = partsOf('python_run', { code }, source.token);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root(), 'started'));
    await new Promise((resolve) => watcher.onDidCreate(resolve));
    watcher.dispose();
    source.cancel();
    await assert.rejects(running);
    await new Promise((resolve) => setTimeout(resolve, 3500)); // As long as it would take to outlive its call.
    assert.ok(!existsSync(outlived));
  });

  it('pass pictures on', async () => {
    const lines = [
      'import base64',
      'from PIL import ImageShow',
      'class Picture:',
      '    mode = "RGB"',
      '    size = (1, 1)',
    ];
    const code = [
      ...lines,
      '    def save(self, file, format):',
      `        file.write(base64.b64decode("${png}"))`,
      'ImageShow.show(Picture())',
    ];
    const wheel = await writeWheel(root(), {
      name: 'PIL',
      version: '1.0',
      modules: { 'PIL/__init__.py': '', 'PIL/ImageShow.py': '' },
    });
    await call('python_pip', { action: 'install', packages: [wheel] });
    const [text = '', ...pictures] = await partsOf('python_run', { code: code.join('\n') });
    assert.match(text, /^\(no output\)\n\[exit code 0 .*\]\n\[1 picture follows\]$/);
    assert.deepEqual(pictures, ['image/png']);
  });

  it('ask again before each delete, and do nothing where the answer is no', async () => {
    answerWith(([first]) => first);
    for (let times = 0; times < 2; times++) {
      const before = dialogs.length;
      assert.match(await call('python_venv', { action: 'delete' }), /^Error \(cancelled\): The user did not allow/);
      assert.equal(dialogs.length, before + 1);
      assert.deepEqual(dialogs.at(-1)?.buttons, ['Keep Environment', 'Delete']);
      assert.match(dialogs.at(-1)?.detail ?? '', /\.venv\n[\d.]+ MB · Python 3[\d.]+\n\d+ packages?: /);
    }
    answerWith(() => undefined);
    assert.match(await call('python_venv', { action: 'delete' }), /^Error \(cancelled\)/);
    assert.ok(existsSync(join(root(), '.venv/pyvenv.cfg')));
    answerWith();
  });

  it('run no build for a plan that nobody was asked about', async () => {
    const text = await call('python_pip', { action: 'install', packages: ['tiny'], dry_run: true });
    assert.match(text, /A plan takes wheels only|Plan for/);
  });

  it('take the leave to ask nothing from the user alone', async () => {
    const configuration = vscode.workspace.getConfiguration('pythonTools');
    for (const name of ['chat.trustRuns', 'chat.trustInstalls']) {
      await assert.rejects(async () => {
        await configuration.update(name, true, vscode.ConfigurationTarget.Workspace);
      });
    }
  });

  it('delete a venv', async () => {
    // A window of tests answers every question with yes; agentMode.test.ts sees them asked.
    assert.equal(await call('python_venv', { action: 'delete' }), `Deleted ${join(root(), '.venv')}.`);
    assert.ok(!existsSync(join(root(), '.venv')));
  });
});

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
