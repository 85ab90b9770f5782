import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';
import type { PythonFolder } from '../../src/core/folder';
import { tools } from '../../src/tools';
import { callTool } from '../../src/tools/callTool';
import { manifestEntry } from '../../src/tools/manifest';
import { renderText } from '../../src/tools/renderText';
import { testPythons } from '../support/pythons';
import { createToolServer, openWorkspace } from '../support/testFolders';
import { writeWheel } from '../support/wheels';

const names =
  'requests urllib3 certifi idna charset-normalizer flask werkzeug jinja2 markupsafe itsdangerous click blinker numpy pandas ' +
  'python-dateutil pytz tzdata six packaging matplotlib';

/** What a model pays for: the definitions in each request, the results in each after the call. */
describe('the tokens that a model spends on the tools', function () {
  this.timeout(60_000);
  const tokenizer = new Tiktoken(ranks);
  const figures: string[] = [];
  let base: string;

  before(function () {
    if (testPythons().length === 0) this.skip();
    base = mkdtempSync(join(tmpdir(), 'tokens-'));
    Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(base, 'wheels') });
  });
  after(() => {
    rmSync(base, { recursive: true, force: true });
    for (const name of ['PIP_NO_INDEX', 'PIP_FIND_LINKS']) Reflect.deleteProperty(process.env, name);
    for (const figure of figures) console.log(`      ${figure}`);
  });

  const tokensOf = (what: string, text: string): number => {
    const { length } = tokenizer.encode(text);
    figures.push(`${what}: ${length} tokens`);
    return length;
  };
  const newFolder = (): PythonFolder => {
    // A note about a default that is missing would count, too.
    const interpreter = testPythons().at(-1)?.path ?? '';
    const [folder] = openWorkspace([mkdtempSync(join(base, 'project-'))], { interpreter }).folders;
    assert.ok(folder);
    return folder;
  };
  /** @returns the result as MCP passes it and as VS Code's chats get it. */
  const call = async (folder: PythonFolder, name: string, input: object) => {
    const tool = tools.find((each) => each.name === name);
    assert.ok(tool);
    const { signal } = new AbortController();
    const context = { signal, onProgress: () => undefined, outputBudget: 16_384, onOutput: () => undefined };
    const result = await callTool(tool, input, { pick: () => Promise.resolve(folder) }, context);
    return { json: JSON.stringify(result.result), text: await renderText(tool, result, true) };
  };

  it('are at most 1,500 for the three definitions', async () => {
    const { server } = createToolServer(openWorkspace([base]));
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: 'counter', version: '1.0.0' });
    await Promise.all([server.connect(ours), client.connect(theirs)]);
    const { tools: listed } = await client.listTools();
    await client.close();
    const definitions = listed.map(({ name, description, inputSchema }) =>
      JSON.stringify({ name, description, inputSchema }),
    );
    assert.equal(definitions.length, 3);
    assert.ok(tokensOf('the three definitions', definitions.join('\n')) <= 1500);
  });

  it("are at most 1,500 for VS Code's, which say when to use which of its tools", () => {
    const definitions = tools
      .map(manifestEntry)
      .map(({ name, modelDescription, inputSchema }) =>
        JSON.stringify({ name, description: modelDescription, inputSchema }),
      );
    assert.ok(tokensOf('the three definitions in VS Code', definitions.join('\n')) <= 1500);
  });

  it('are at most 80 for a hello world', async () => {
    const { json, text } = await call(newFolder(), 'python.run', { code: 'print("Hello")' });
    assert.ok(tokensOf('hello world, JSON', json) <= 80);
    assert.ok(tokensOf('hello world, text', text) <= 80);
  });

  it('are at most 250 for an install of 20 packages in words; as fields, little more than the list itself', async () => {
    const packages = names.split(' ');
    assert.equal(packages.length, 20);
    const wheels = packages.map((name, index) => writeWheel(join(base, 'wheels'), { name, version: `2.${index}.1` }));
    await Promise.all(wheels);
    const { json, text } = await call(newFolder(), 'python.pip', { action: 'install', packages });
    assert.ok(tokensOf('install of 20 packages, text', text) <= 250);
    const { installed } = JSON.parse(json) as { installed: unknown };
    const list = tokensOf('install of 20 packages, its list of names and versions', JSON.stringify(installed));
    assert.ok(tokensOf('install of 20 packages, JSON', json) <= list + 70);
  });

  it('are few more where a run has no output, which is said', async () => {
    const { json, text } = await call(newFolder(), 'python.run', { code: 'pass' });
    assert.ok(json.endsWith('"notes":["no output"]}'));
    assert.match(text, /^\[exit code 0 · .*\]\nNote: no output$/);
    assert.ok(tokensOf('a run without output, JSON', json) <= 80);
  });
});
