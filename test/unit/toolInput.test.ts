import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tools } from '../../src/tools';
import { callTool } from '../../src/tools/callTool';
import type { CallContext, ToolDefinition } from '../../src/tools/defineTool';
import { jsonSchemaOf } from '../../src/tools/jsonSchema';
import { errors } from '../../src/core/errors';

const context: CallContext = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  outputBudget: 16_384,
  onOutput: () => undefined,
};
/** No folder is open, so a call that is valid gets exactly as far as that. */
const noFolders = { pick: () => Promise.reject(errors.noFolder()) };
const tool = (name: string): ToolDefinition => {
  const found = tools.find((each) => each.name === name);
  assert.ok(found);
  return found;
};
const errorOf = async (name: string, input: unknown): Promise<{ kind: string; message: string; hint?: string }> => {
  const { result, isError } = await callTool(tool(name), input, noFolders, context);
  assert.equal(isError, true);
  return result['error'] as { kind: string; message: string; hint?: string };
};

describe('the input of a call', () => {
  const valid: [string, object][] = [
    ['python.run', { file: 'main.py' }],
    ['python.run', { code: '' }],
    ['python.run', { module: 'package.module', args: ['a'], stdin: 'x', env: { A: '' }, timeout: 0.5 }],
    ['python.run', { code: 'x', file: null, module: null, cwd: null, folder: null, timeout: null }],
    ['python.run', { code: 'x', wait_for_previous: true }],
    ['python.venv', { action: 'list', path: '.venv', system_site_packages: false }],
    ['python.venv', { action: 'create', path: 'env', python: '3.12', system_site_packages: true }],
    ['python.pip', { action: 'list', packages: [], upgrade: false, dry_run: false }],
    ['python.pip', { action: 'install', packages: ['a'], requirements: 'r.txt', editable: '.', upgrade: true }],
  ];
  for (const [name, input] of valid) {
    it(`is taken by ${name}: ${JSON.stringify(input)}`, async () => {
      assert.equal((await errorOf(name, input)).kind, 'no_folder');
    });
  }

  const refused: [string, unknown, RegExp][] = [
    ['python.run', {}, /Exactly one of "file", "code" and "module" is needed; none was given/],
    ['python.run', { file: 'a.py', code: 'x' }, /2 were given/],
    ['python.run', { code: 'x', timeout: 0 }, /"timeout" must be greater than 0/],
    ['python.run', { code: 'x', timeout: '5' }, /"timeout" must be a number/],
    ['python.run', { code: 'x', args: 'a b' }, /"args" must be an array/],
    ['python.run', { code: 'x', args: [1] }, /"args\.0" must be a string/],
    ['python.run', { code: 'x', env: { A: 1 } }, /"env\.A" must be a string/],
    ['python.run', { code: 'x', env: { 'A=B': '1' } }, /"A=B" cannot be set/],
    ['python.run', { module: '-c' }, /"-c" is not the name of a module/],
    ['python.run', { file: 'a\0b' }, /NUL/],
    ['python.run', 'print(1)', /must be an object/],
    ['python.run', { script: 'x' }, /no field "script"/],
    ['python.venv', {}, /"action" must be one of "create", "delete", "info", "list", "select"/],
    ['python.venv', { action: 'remove' }, /"action" must be one of/],
    ['python.venv', { action: 'delete', path: '' }, /"path" is empty/],
    ['python.venv', { action: 'info', python: '3.12' }, /"python" is not for the action "info"/],
    ['python.pip', { action: 'install' }, /Nothing to install/],
    ['python.pip', { action: 'uninstall' }, /"packages" is needed/],
    ['python.pip', { action: 'show', packages: [] }, /"packages" is needed/],
    ['python.pip', { action: 'uninstall', packages: ['a'], dry_run: true }, /"dry_run" is not for the action/],
    ['python.pip', { action: 'list', requirements: 'r.txt' }, /"requirements" is not for the action/],
  ];
  for (const [name, input, message] of refused) {
    it(`is refused by ${name}: ${JSON.stringify(input)}`, async () => {
      const error = await errorOf(name, input);
      assert.equal(error.kind, 'invalid_input');
      assert.match(error.message, message);
      assert.ok(error.hint, 'names the next step');
    });
  }

  it('names the closest field for one that is not known', async () => {
    const { hint } = await errorOf('python.run', { cod: 'print(1)' });
    assert.match(hint ?? '', /^Did you mean "code"\? The fields are file, code,/);
  });

  it('never causes an internal error, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tools), fc.anything(), async ({ name }, input) => {
        assert.notEqual((await errorOf(name, input)).kind, 'internal');
      }),
    );
    const fields = fc.constantFrom(...tools.flatMap(({ input }) => Object.keys(input.shape)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tools), fc.dictionary(fields, fc.anything()), async ({ name }, input) => {
        assert.notEqual((await errorOf(name, input)).kind, 'internal');
      }),
    );
  });
});

describe('the schemas that clients are shown', () => {
  for (const { name, input, output, description } of tools) {
    it(`are plain objects that no client refuses: ${name}`, () => {
      for (const schema of [jsonSchemaOf(input), jsonSchemaOf(output)]) {
        assert.equal(schema.type, 'object');
        for (const keyword of ['oneOf', 'anyOf', 'allOf', '$ref', '$schema', 'not']) assert.ok(!(keyword in schema));
        assertPlain(schema);
      }
      assert.equal(jsonSchemaOf(input)['additionalProperties'], false);
    });

    it(`say in words what every field is for: ${name}`, () => {
      for (const [field, schema] of Object.entries(jsonSchemaOf(input)['properties'] as Record<string, object>)) {
        assert.ok('description' in schema, field);
      }
      assert.match(description, /^(Run|Create|Install)[^.]*(Python|venv)/);
    });
  }
});

/** Clients refuse a whole server for a property whose schema is `true` or empty, or refers to another. */
function assertPlain(schema: object): void {
  assert.ok(Object.keys(schema).length > 0, 'no empty schema');
  for (const [keyword, value] of Object.entries(schema) as [string, unknown][]) {
    assert.ok(!['$ref', 'propertyNames', 'patternProperties'].includes(keyword), keyword);
    if (keyword === 'properties') Object.values(value as Record<string, object>).forEach(assertPlain);
    if (keyword === 'items' || (keyword === 'additionalProperties' && value !== false)) assertPlain(value as object);
  }
}
