import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itWithPython, openWindows, type Windows, type WindowsFolder } from './rig/windows';
import type { ConnectedClient, Fields } from '../support/mcpClient';

describe('a run on Windows', () => {
  let windows: Windows;
  let folder: WindowsFolder;
  let server: ConnectedClient;
  before(async () => {
    windows = await openWindows();
    folder = windows.makeFolder();
    server = await windows.connect(['--workspace', folder.there]);
  });
  after(async () => {
    await server.close();
    await windows.close();
  });
  const run = async (input: Record<string, unknown>): Promise<Fields> => await server.ask('python.run', input);
  const printed = async (input: Record<string, unknown>): Promise<unknown> => {
    const result = await run(input);
    assert.equal(result.success, true, JSON.stringify(result));
    return result['stdout'];
  };
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder.here, path, '..'), { recursive: true });
    writeFileSync(join(folder.here, path), text);
  };

  itWithPython('is in the folder', async () => {
    assert.equal(await printed({ code: 'import os; print(os.getcwd())' }), `${folder.there}\n`);
  });

  itWithPython('is of code, a file or a module, each with arguments as they were given', async () => {
    const program = 'import sys; print(sys.argv[1:])\n';
    write('tools/show args.py', program);
    write('package/__main__.py', program);
    const args = ['a b', '"quoted"', 'back\\slash\\', '%PATH%', '^&|<>!', '', 'é漢😀', '*'];
    const expected = [...args].map((arg) => (arg.includes('\\') ? `'${arg.replaceAll('\\', '\\\\')}'` : `'${arg}'`));
    for (const input of [
      { code: program },
      { file: 'tools\\show args.py' },
      { file: 'tools/show args.py' },
      { module: 'package' },
    ]) {
      assert.equal(await printed({ ...input, args }), `[${expected.join(', ')}]\n`, JSON.stringify(input));
    }
  });

  itWithPython('gets its standard input, environment and folder', async () => {
    mkdirSync(join(folder.here, 'below'), { recursive: true });
    const code = 'import os, sys; print(sys.stdin.read(), os.environ["GREETING"], os.path.basename(os.getcwd()))';
    const input = { code, stdin: 'in: é漢😀', env: { GREETING: 'hé' }, cwd: 'below' };
    assert.equal(await printed(input), 'in: é漢😀 hé below\n');
    assert.equal(await printed({ code: 'import sys; print(repr(sys.stdin.read()))' }), "''\n");
  });

  itWithPython('shows its output in UTF-8, with the line ends that the agent knows', async () => {
    assert.equal(await printed({ code: 'print("é 漢字 😀"); print("next")' }), 'é 漢字 😀\nnext\n');
    assert.equal(await printed({ code: 'import sys; sys.stdout.buffer.write(b"a\\r\\nb\\n")' }), 'a\nb\n');
    const result = await run({ code: 'import sys; print("é\\nlast", file=sys.stderr)' });
    assert.equal(result['stderr'], 'é\nlast\n');
  });

  itWithPython('tells of an exception by the file and line of the user', async () => {
    write('package/fails.py', 'def fail():\n    total = 3\n    return total / 0\n\nfail()\n');
    const result = await run({ file: 'package/fails.py' });
    assert.equal(result['exit_code'], 1);
    const { type, frames } = result['exception'] as { type: string; frames: { file: string; line: number }[] };
    assert.equal(type, 'ZeroDivisionError');
    assert.deepEqual(
      frames.map(({ file, line }) => [file.replaceAll('\\', '/'), line]),
      [
        ['package/fails.py', 5],
        ['package/fails.py', 3],
      ],
    );
  });

  itWithPython('has the exit code of the program', async () => {
    const result = await run({ code: 'import sys; sys.exit(7)' });
    assert.deepEqual([result.success, result['exit_code']], [false, 7]);
  });

  itWithPython('of a file that is not there names the nearest', async () => {
    write('main.py', '');
    const result = await run({ file: 'mian.py' });
    assert.match(JSON.stringify(result['error']), /file_not_found.*main\.py/);
  });
});
