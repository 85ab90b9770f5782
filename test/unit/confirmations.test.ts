import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCall, tools } from '../../src/tools';
import { confirmationOf, progressOf, type Surroundings } from '../../src/vscode/confirmations';
import { planLines } from '../../src/vscode/installPlan';
import { codeBlock, inlineCode } from '../../src/vscode/markdown';

const block = (text: string, language: string, maxLines?: number): string =>
  codeBlock(text, language, maxLines).markdown;

const venv = { venv: '.venv', python: '/code/.venv/bin/python', version: '3.12.1' };
const surroundings: Surroundings = { root: '/code', interpreterSetting: 'python3.12', paths: {}, environment: venv };

function call(name: 'run' | 'venv' | 'pip', input: Record<string, unknown>) {
  const tool = tools.find((candidate) => candidate.name === `python.${name}`);
  const parsed = tool && parseCall(tool, input);
  assert.ok(parsed);
  return parsed;
}

const none = (): never => assert.fail('nothing is cut here');

/** What can be opened whole, of the last question that cut something. */
let opened = '';

/** Without the places where a line may break, which are not seen. */
function ask(name: 'run' | 'venv' | 'pip', input: Record<string, unknown>, more: Partial<Surroundings> = {}) {
  const { title, message } = confirmationOf(call(name, input), { ...surroundings, ...more }, (whole) => {
    opened = whole;
    return 'command:open';
  });
  return { title, message: message.replaceAll('\u200b', '') };
}

describe('the question before a run', () => {
  it('shows the code, where it runs and with what', () => {
    assert.deepEqual(ask('run', { code: 'print(1)\n' }), {
      title: 'Run Python code?',
      message:
        '```python\nprint(1)\n```\n\n' +
        '- Working directory: `/code`\n- Interpreter: `.venv`, Python 3.12.1 (`/code/.venv/bin/python`)',
    });
  });

  it('shows a file with arguments, variables, standard input and working directory', () => {
    const input = { file: 'main.py', args: ['--year', '2024 x'], env: { DEBUG: '1' }, stdin: 'yes\n', cwd: 'sub' };
    assert.deepEqual(ask('run', input, { paths: { file: '/code/main.py', cwd: '/code/sub' } }), {
      title: 'Run a Python file?',
      message:
        '- File: `/code/main.py`\n- Arguments: `--year` `2024 x`\n- Variables: `DEBUG=1`\n- Standard input: `yes\\n`\n' +
        '- Working directory: `/code/sub`\n- Interpreter: `.venv`, Python 3.12.1 (`/code/.venv/bin/python`)',
    });
  });

  it('shows a module, and that there is no venv', () => {
    const environment = { venv: null, python: '/usr/bin/python3', version: '3.11.2' };
    assert.deepEqual(ask('run', { module: 'pytest' }, { environment }), {
      title: 'Run a Python module?',
      message:
        '- Module: `pytest`\n- Working directory: `/code`\n- Interpreter: no venv, Python 3.11.2 (`/usr/bin/python3`)',
    });
  });

  it('shows what a file with inline script metadata has installed, instead of the venv that it does not use', () => {
    const script = { dependencies: ['requests>=2', 'rich`'], python: '>=3.11' };
    const { root, interpreterSetting, paths } = surroundings;
    const { message } = confirmationOf(
      call('run', { file: 'a.py' }),
      { root, interpreterSetting, paths, script },
      none,
    );
    assert.equal(
      message.replaceAll('\u200b', ''),
      '- File: `a.py`\n- Working directory: `/code`\n- Environment: one of its own in a cache outside of the project, ' +
        'Python `>=3.11`, with `requests>=2`, `` rich` ``, installed first where it is new',
    );
  });

  it('counts the lines of long code that it leaves out', () => {
    const code = Array.from({ length: 95 }, (_, n) => `print(${n})`).join('\n');
    const { message } = ask('run', { code });
    assert.match(message, /print\(59\)\n```\n\n… 35 more lines, 315 characters\n\n- Working directory/);
    assert.match(message, /^- Too long to be shown here: \[open all of it\]\(command:open\)\n\n```python/);
    assert.ok(opened.includes(code));
  });

  it('names the folder where several are open, and what stands in the way', () => {
    const more = { folderName: 'api', problem: 'The virtual environment ".venv" is broken: it is gone.' };
    const { root, interpreterSetting, paths } = surroundings;
    const { message } = confirmationOf(
      call('run', { module: 'x' }),
      { root, interpreterSetting, paths, ...more },
      none,
    );
    assert.equal(
      message.replaceAll('\u200b', ''),
      '- Module: `x`\n- Working directory: `/code`\n- Folder: `api` (`/code`)\n' +
        '- As things are, this fails: `The virtual environment ".venv" is broken: it is gone.`',
    );
  });
});

describe('the question before an environment changes', () => {
  const info = { version: '3.12.1', packages: 15, megabytes: 45.2 };
  const paths = { venv: '/code/.venv' };

  it('shows path and interpreter of a new one', () => {
    assert.deepEqual(ask('venv', { action: 'create' }, { paths }), {
      title: 'Create a virtual environment?',
      message: '- Path: `/code/.venv`\n- Interpreter: `python3.12` (setting)',
    });
    assert.equal(
      ask('venv', { action: 'create', path: 'v', python: '3.9', system_site_packages: true }, { paths: {} }).message,
      "- Path: `v`\n- Interpreter: `3.9`\n- It sees the base interpreter's packages",
    );
  });

  it('shows which one is selected', () => {
    assert.deepEqual(ask('venv', { action: 'select' }, { paths, venv: info }), {
      title: 'Select a virtual environment?',
      message:
        'Makes this the environment of runs, installs and new terminals:\n\n- `/code/.venv`\n' +
        '- Python 3.12.1, 15 packages, 45.2 MB',
    });
  });
});

describe('the question before packages change', () => {
  const into = '`.venv`, Python 3.12.1 (`/code/.venv/bin/python`)';

  it('shows what is installed and where to', () => {
    assert.deepEqual(ask('pip', { action: 'install', packages: ['requests>=2.31', 'numpy'], upgrade: true }), {
      title: 'Install packages?',
      message: `- Packages: \`requests>=2.31\`, \`numpy\`\n- What is there already is upgraded\n- Into: ${into}`,
    });
  });

  it('shows a project and the content of a requirements file', () => {
    const more = { paths: { editable: '/code/lib', requirements: '/code/r.txt' }, requirements: 'a==1\nb\n' };
    const { message } = ask('pip', { action: 'install', requirements: 'r.txt', editable: 'lib' }, more);
    assert.equal(
      message,
      '- Project, editable: `/code/lib`\n- Requirements file: `/code/r.txt`\n\n```\na==1\nb\n```\n\n' +
        `- Into: ${into}`,
    );
  });

  it('names what comes from elsewhere than an index, in included files too', () => {
    const foreign = ['-e ./lib', 'lamp @ https://example.org/lamp.zip'];
    const { message } = ask(
      'pip',
      { action: 'install', requirements: 'r.txt' },
      { requirements: '-r more.txt', foreign },
    );
    assert.match(
      message,
      /- More than packages of an index: `-e \.\/lib`, `lamp @ https:\/\/example\.org\/lamp\.zip`\n/,
    );
  });

  it('says that a venv is created first', () => {
    const { message } = ask('pip', { action: 'install', packages: ['a'] }, { environment: null });
    assert.equal(message, '- Packages: `a`\n- Into: `.venv`, which is created first with `python3.12`');
  });
});

describe('what is being done', () => {
  const doing = (name: 'run' | 'venv' | 'pip', input: Record<string, unknown>) => progressOf(call(name, input));

  it('is said in a few words', () => {
    assert.equal(doing('run', { code: 'print(1)' }), 'Running Python code');
    assert.equal(doing('run', { file: 'main.py', args: ['-v'] }), 'Running `main.py -v`');
    assert.equal(doing('run', { module: 'pytest' }), 'Running `python -m pytest`');
    assert.equal(doing('venv', { action: 'create' }), 'Creating the environment');
    assert.equal(doing('venv', { action: 'delete', path: 'old' }), 'Deleting the environment `old`');
    assert.equal(doing('venv', { action: 'list' }), 'Listing the environments');
    assert.equal(doing('pip', { action: 'list' }), 'Listing the packages');
    assert.equal(
      doing('pip', { action: 'install', packages: ['a', 'b', 'c'], requirements: 'r.txt', editable: '.' }),
      'Installing `a`, `b`, `c` and 2 more',
    );
    assert.equal(doing('pip', { action: 'uninstall', packages: ['a'] }), 'Uninstalling `a`');
  });
});

describe('text of others in Markdown', () => {
  it('stays in its code span', () => {
    assert.equal(inlineCode('a`b'), '``a`b``');
    assert.equal(inlineCode('`a`'), '`` `a` ``');
    assert.equal(inlineCode('a\n\n# Safe\n'), '`a\\n\\n# Safe\\n`');
    assert.equal(inlineCode('12345', 3), '`123…`');
  });

  it('can break where it is long', () => {
    assert.equal(inlineCode('/code/a'), '`/\u200bcode/\u200ba`');
    assert.equal(inlineCode('x'.repeat(50)), `\`${'x'.repeat(24)}\u200b${'x'.repeat(24)}\u200bxx\``);
  });

  it('stays in its block', () => {
    assert.equal(block('a\n```\n**Safe**', ''), '````\na\n```\n**Safe**\n````');
    assert.equal(block('\tx', 'python'), '```python\n\tx\n```');
  });

  it('is shown as it is: nothing invisible, nothing out of sight', () => {
    assert.equal(inlineCode('a\u202Eb\u200B'), '`a\\u{202e}b\\u{200b}`');
    assert.equal(block('a\u2066b\rc', ''), '```\na\\u{2066}b\\rc\n```');
    assert.match(block(`x${' '.repeat(400)}evil()`, ''), / … 107 more characters\n```$/);
  });

  it('never ends its span or block early, whatever it holds', () => {
    const wild = fc.string({ unit: fc.constantFrom('`', '~', '\n', ' ', 'a', '*', '\r', '\t', '\u2028') });
    fc.assert(
      fc.property(wild, (text) => {
        const span = inlineCode(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        assert.ok(!span.includes('\n') && span.endsWith(fence));
        assert.ok(!inside.split(/[^`]+/).includes(fence));
        const [open = '', ...lines] = block(text, '', 1000).split('\n');
        assert.match(open, /^`{3,}$/);
        assert.equal(lines.indexOf(open), lines.length - 1);
      }),
    );
  });
});

describe('the plan in the question before an install', () => {
  it('shows what is installed, replaced and removed, with sizes where they are known', () => {
    const plan = {
      installed: [
        { name: 'numpy', version: '2.1.0', download_bytes: 16_900_000 },
        { name: 'six', version: '1.17.0', download_bytes: 11_050 },
        { name: 'own', version: '1.0' },
      ],
      replaced: [{ name: 'six', from: '1.16.0', to: '1.17.0' }],
      removed: [{ name: 'old', version: '3' }],
    };
    assert.deepEqual(planLines(plan), [
      '- Plan: install 2 packages: `numpy 2.1.0` (16.9 MB), `own 1.0`; replace `six 1.16.0` by `1.17.0` (11 kB); remove `old 3`',
    ]);
    assert.match(
      planLines({ ...plan, download_bytes: 16_911_050 })[0] ?? '',
      /^- Plan, 16\.9 MB: install 2 packages: /,
    );
    assert.deepEqual(planLines({ installed: [], replaced: [], removed: [] }), ['- Plan: nothing would change']);
  });

  it('stands below what was asked for', () => {
    const { message } = ask(
      'pip',
      { action: 'install', packages: ['six'] },
      { plan: ['- Plan: nothing would change'] },
    );
    assert.match(message, /^- Packages: `six`\n- Into: .*\n- Plan: nothing would change$/);
  });
});
