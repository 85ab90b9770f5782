import assert from 'node:assert/strict';
import { parseScriptMetadata } from '../../src/core/scripts/scriptMetadata';

const parse = async (...lines: string[]) => await parseScriptMetadata('report.py', `${lines.join('\n')}\n`);
const block = async (...lines: string[]) => await parse('# /// script', ...lines, '# ///');

describe('inline script metadata', () => {
  it('is found anywhere in a file, among other blocks and code', async () => {
    const metadata = await parse(
      '#!/usr/bin/env python3',
      '# /// other',
      '# dependencies = 1',
      '# ///',
      'import x',
      '# /// script',
      '# requires-python = ">=3.11"',
      '# dependencies = [',
      '#   "requests<3",',
      '#',
      '#   "rich ; python_version > \'3\'",',
      '# ]',
      '# ///',
      '',
    );
    assert.deepEqual(metadata?.dependencies, ['requests<3', "rich ; python_version > '3'"]);
    assert.equal(metadata.requiresPython?.text, '>=3.11');
  });

  it('may hold a line that looks like its end, as the reference implementation reads it', async () => {
    const metadata = await block('# dependencies = ["a"]', '# [tool.x]', '# text = """', '# ///', '# """');
    assert.deepEqual(metadata?.dependencies, ['a']);
  });

  it('may be empty', async () => {
    assert.deepEqual(await block('#'), { dependencies: [], requiresPython: undefined, ignoredOfUv: [] });
  });

  it('is none without an end, in a string of another form, or indented', async () => {
    assert.equal(await parse('# /// script', '# dependencies = []', '', '# ///'), undefined);
    assert.equal(await parse('  # /// script', '  # dependencies = []', '  # ///'), undefined);
    assert.equal(await parse('#/// script', '# dependencies = []', '#///'), undefined);
  });

  it('tells what of [tool.uv] is not obeyed, where that matters', async () => {
    const metadata = await block('# [tool.uv]', '# exclude-newer = "2025-01-01T00:00:00Z"', '# managed = true');
    assert.deepEqual(metadata?.ignoredOfUv, ['exclude-newer']);
  });

  for (const [what, lines, line, rule] of [
    ['TOML that is none', ['# requires-python = ">=3"', '# dependencies = ["a"'], 3, /no valid TOML \(/],
    ['dependencies that are no list', ['#', '# dependencies = "a"'], 3, /"dependencies" is not a list of strings/],
    ['dependencies that are no strings', ['# dependencies = [1]'], 2, /"dependencies" is not a list of strings/],
    ['a version that is a number', ['# requires-python = 3.12'], 2, /"requires-python" is not a string/],
    ['a version that is none', ['# requires-python = "3.12"'], 2, /"requires-python": "3.12" is not a version spec/],
    ['a second block', ['#', '# ///', 'x', '# /// script', '#'], 5, /a second "script" block; the first is in line 1/],
  ] as const) {
    it(`names the line and the rule for ${what}`, async () => {
      await assert.rejects(block(...lines), ({ kind, message }: Error & { kind?: string }) => {
        assert.equal(kind, 'invalid_input');
        assert.match(message, new RegExp(`^The inline script metadata of "report.py" is invalid in line ${line}: `));
        assert.match(message, rule);
        return true;
      });
    });
  }

  it('takes requirements only: no path, no option, no second line', async () => {
    for (const text of ['./project', '-r other.txt', 'a\\nb', '']) {
      await assert.rejects(block(`# dependencies = ["${text}"]`), { kind: 'requirement_invalid' }, text);
    }
  });
});
