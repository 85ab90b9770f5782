import assert from 'node:assert/strict';
import type { PythonFolder } from '../../src/core/folder';
import { callTool } from '../../src/tools/callTool';
import { tools } from '../../src/tools';
import type { CallContext, Confirm } from '../../src/tools/defineTool';
import { deletion, replacement, uninstallation, unknownRemoval } from '../../src/vscode/removal';

/** A folder that notes what is done to it. */
function folderThatNotes(done: string[]) {
  const noted = (what: string) => () => {
    done.push(what);
    return Promise.resolve({});
  };
  return {
    root: '/code',
    venvs: { list: noted('list'), select: noted('select'), selected: () => Promise.resolve(undefined) },
    deleteVenv: noted('delete'),
    createVenv: noted('create'),
    installPackages: noted('install'),
    uninstallPackages: noted('uninstall'),
    listPackages: noted('list'),
  } as unknown as PythonFolder;
}

const named = (name: string) => {
  const tool = tools.find((each) => each.name === name);
  assert.ok(tool);
  return tool;
};

/** Makes a call through a door that may have somebody to ask. */
async function call(name: string, input: object, confirm: Confirm | undefined, signal = new AbortController().signal) {
  const done: string[] = [];
  const context: CallContext = {
    signal,
    onProgress: () => undefined,
    outputBudget: 1000,
    onOutput: () => undefined,
    confirm,
  };
  const folders = { pick: () => Promise.resolve(folderThatNotes(done)) };
  const { result } = await callTool(named(name), input, folders, context);
  return { done, error: result.error };
}

const removing: readonly [string, object, string][] = [
  ['python.venv', { action: 'delete' }, 'delete'],
  ['python.pip', { action: 'uninstall', packages: ['a'] }, 'uninstall'],
  ['python.venv', { action: 'select', path: '/elsewhere/.venv' }, 'select'],
];

describe('A call that deletes or removes', () => {
  it('is asked about each time, and done where the person agrees', async () => {
    for (const [name, input, action] of removing) {
      let asked = 0;
      for (let times = 1; times <= 2; times++) {
        const { done } = await call(name, input, () => Promise.resolve(++asked > 0));
        assert.deepEqual([done, asked], [[action], times]);
      }
    }
  });

  it('is not done where the person does not agree, and the model is told', async () => {
    for (const [name, input, action] of removing) {
      const { done, error } = await call(name, input, () => Promise.resolve(false));
      assert.deepEqual(done, []);
      assert.equal(error?.kind, 'cancelled');
      assert.match(error.message, new RegExp(`^The user did not allow the ${action}`));
    }
  });

  it('ends at once where the caller cancels, and a later answer does nothing', async () => {
    for (const [name, input] of removing) {
      const controller = new AbortController();
      let answer: (yes: boolean) => void = () => undefined;
      const { done, error } = await call(
        name,
        input,
        () =>
          new Promise((resolve) => {
            answer = resolve;
            controller.abort();
          }),
        controller.signal,
      );
      answer(true);
      await new Promise(setImmediate);
      assert.deepEqual([done, error?.kind], [[], 'cancelled']);
    }
  });

  it('is not done where the question cannot be asked', async () => {
    for (const [name, input] of removing) {
      const { done, error } = await call(name, input, () => Promise.reject(new Error('no window')));
      assert.deepEqual([done, error?.kind], [[], 'internal']);
    }
  });

  it('is done without a question through a door that has nobody to ask', async () => {
    for (const [name, input, action] of removing) assert.deepEqual((await call(name, input, undefined)).done, [action]);
  });

  it('is told apart from one that does not', async () => {
    const never = () => assert.fail('asked');
    assert.deepEqual((await call('python.venv', { action: 'create' }, never)).done, ['create']);
    assert.deepEqual((await call('python.venv', { action: 'list' }, never)).done, ['list']);
    assert.deepEqual((await call('python.pip', { action: 'install', packages: ['a'] }, never)).done, ['install']);
    assert.deepEqual((await call('python.venv', { action: 'select', path: '.venv' }, never)).done, ['select']);
  });
});

describe('The question before something goes', () => {
  const environment = { path: '/code/.venv', python_version: '3.12.1', size_mb: 45.2 };

  it('says all that goes', () => {
    const packages = [
      { name: 'numpy', version: '2.1.0' },
      { name: 'six', version: '1.17.0' },
    ];
    assert.deepEqual(deletion('/code', environment, packages), {
      message: 'A chat wants to delete the environment ".venv".',
      detail:
        '/code/.venv\n45.2 MB · Python 3.12.1\n2 packages: numpy 2.1.0, six 1.17.0\n\n' +
        'The folder goes with all that is in it. This cannot be undone.',
      go: 'Delete',
      keep: 'Keep Environment',
    });
    assert.deepEqual(uninstallation({ path: '/code/.venv', version: '3.12.1' }, packages.slice(0, 1)), {
      message: 'A chat wants to uninstall 1 package.',
      detail: 'numpy 2.1.0\n\nFrom /code/.venv (Python 3.12.1)',
      go: 'Uninstall',
      keep: 'Keep Package',
    });
    const replaced = replacement('/code', '/mine/.venv', { ...environment, path: '/other/.venv' });
    assert.match(replaced.detail, /^\/other\/\.venv \(Python 3\.12\.1\)\n\nUntil now: \/mine\/\.venv\n/);
  });

  it('says first where a path looks like another one', () => {
    const { detail } = deletion('/code', { ...environment, path: '/code/.v\u0435nv' }, []);
    assert.match(detail, /^Look-alike letters: "v\u0435nv" holds \u0435 \(Cyrillic, U\+0435\)\.\n\/code\//);
  });

  it('is one that fits on a screen, whatever goes', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      name: `package-${index}\n\n`,
      version: 'v'.repeat(500),
    }));
    const evil = { ...environment, path: `/code/${'x'.repeat(5000)}\n\n\n\u202e` };
    for (const { message, detail } of [
      deletion('/code', evil, many),
      uninstallation({ path: evil.path, version: '3' }, many),
      replacement('/code', evil.path, evil),
      unknownRemoval('x'.repeat(5000), { a: '\n'.repeat(5000) }),
    ]) {
      assert.ok(message.length < 600 && detail.length < 10_000 && detail.split('\n').length < 10);
      assert.ok(!`${message}${detail}`.includes('\u202e'));
    }
    assert.match(deletion('/code', environment, many).detail, /and 4,940 more/);
  });
});
