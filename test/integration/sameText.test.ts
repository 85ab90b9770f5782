import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tools } from '../../src/tools';
import { callTool } from '../../src/tools/callTool';
import { renderText } from '../../src/tools/renderText';
import { testPythons } from '../support/pythons';
import { openWorkspace } from '../support/testFolders';
import { writeWheel } from '../support/wheels';

/** Every action of every tool, and calls that fail. */
const calls: readonly (readonly [tool: string, input: object])[] = [
  ['python.run', { code: 'print("Hello")' }],
  ['python.run', { code: 'pass' }],
  ['python.run', { file: 'fails.py' }],
  ['python.run', { file: 'fail.py' }],
  ['python.run', { module: 'json.tool', stdin: '{"a": 1}' }],
  ['python.run', { code: 'import time; time.sleep(60)', timeout: 0.05 }],
  ['python.venv', { action: 'info' }],
  ['python.pip', { action: 'install', packages: ['alpha'], dry_run: true }],
  ['python.pip', { action: 'install', packages: ['alpha', 'gamma'] }],
  ['python.pip', { action: 'install', packages: ['alpha'] }],
  ['python.pip', { action: 'install', packages: ['missing-one'] }],
  ['python.pip', { action: 'list' }],
  ['python.pip', { action: 'freeze' }],
  ['python.pip', { action: 'show', packages: ['alpha', 'beta', 'none'] }],
  ['python.pip', { action: 'uninstall', packages: ['gamma', 'none'] }],
  ['python.venv', { action: 'create', path: 'other' }],
  ['python.venv', { action: 'list' }],
  ['python.venv', { action: 'select', path: '.venv' }],
  ['python.venv', { action: 'info' }],
  ['python.venv', { action: 'delete', path: 'other' }],
  ['python.venv', { action: 'delete', path: 'other' }],
];

describe('the same calls in the same folder', function () {
  this.timeout(120_000);
  let base: string;

  before(async function () {
    if (testPythons().length === 0) this.skip();
    base = realpathSync(mkdtempSync(join(tmpdir(), 'same-')));
    for (const [name, requires] of [
      ['alpha', ['beta']],
      ['beta', []],
      ['gamma', []],
    ] as const)
      await writeWheel(join(base, 'wheels'), { name, version: '1.0', requires });
    Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(base, 'wheels') });
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
    for (const name of ['PIP_NO_INDEX', 'PIP_FIND_LINKS']) Reflect.deleteProperty(process.env, name);
  });

  /** @returns what every call answers in a new folder, through both kinds of doors; durations, times and paths aside. */
  async function answers(): Promise<string[]> {
    const root = mkdtempSync(join(base, 'project-'));
    writeFileSync(join(root, 'fails.py'), 'def f():\n    raise ValueError({"a", "b"} and "no")\n\nf()\n');
    const [folder] = openWorkspace([root], { interpreter: testPythons().at(-1)?.path ?? '' }).folders;
    assert.ok(folder);
    const { signal } = new AbortController();
    const context = { signal, onProgress: () => undefined, outputBudget: 16_384, onOutput: () => undefined };
    const texts: string[] = [];
    for (const [name, input] of calls) {
      const tool = tools.find((each) => each.name === name);
      assert.ok(tool);
      const result = await callTool(tool, input, { pick: () => Promise.resolve(folder) }, context);
      texts.push(JSON.stringify(result.result), await renderText(tool, result, true));
    }
    return texts.map((text) =>
      text
        .replaceAll(JSON.stringify(root).slice(1, -1), '<folder>') // In JSON, a backslash is two.
        .replaceAll(root, '<folder>')
        .replaceAll(/"duration_ms":\d+/g, '"duration_ms":<time>')
        .replaceAll(/\b[\d.]+ m?s\b/g, '<time>')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'),
    );
  }

  it('get the same answers, word for word', async () => {
    const [first, second] = [await answers(), await answers()];
    assert.equal(first.length, 2 * calls.length);
    assert.deepEqual(second, first);
    assert.ok(first.every((text) => !text.includes('"kind":"internal"')));
  });
});
