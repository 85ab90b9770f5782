import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import type { CallResult } from '../../src/tools/callTool';
import type { ToolDefinition } from '../../src/tools/defineTool';
import { pipTool } from '../../src/tools/pipTool';
import { renderText, textOutputBudget } from '../../src/tools/renderText';
import { runTool } from '../../src/tools/runTool';
import { shownToUser } from '../../src/tools/runText';
import { venvTool } from '../../src/tools/venvTool';

const of = (result: Record<string, unknown>, pictures: readonly Buffer[] = []): CallResult => ({
  result: { success: true, ...result },
  pictures,
  isError: 'error' in result,
});

const run = { exit_code: 0, stdout: '', stderr: '', duration_ms: 45, python_version: '3.12.1', venv: '.venv' };
const runText = async (fields: Record<string, unknown>, pictures?: readonly Buffer[], follow = true) =>
  await renderText(runTool, of({ ...run, ...fields }, pictures), follow);
const venvText = async (fields: Record<string, unknown>) => await renderText(venvTool, of(fields), true);
const pipText = async (fields: Record<string, unknown>) => await renderText(pipTool, of(fields), true);

describe('a run in words', () => {
  it('is the output, then how it ended', async () => {
    assert.equal(await runText({ stdout: 'Hello\n' }), 'Hello\n[exit code 0 · 45 ms · Python 3.12.1 · .venv]');
  });

  it('says that there was no output', async () => {
    assert.equal(await runText({}), '(no output)\n[exit code 0 · 45 ms · Python 3.12.1 · .venv]');
  });

  it('keeps the output as it was written, blank lines and all', async () => {
    assert.match(await runText({ stdout: '\n\ta  \n\n' }), /^\n\ta {2}\n\n\[exit code 0/);
  });

  it('shows stderr after stdout, under a line of its own', async () => {
    assert.equal(
      await runText({ success: false, exit_code: 2, stdout: 'half', stderr: 'usage: x\n', venv: null }),
      'half\n[stderr]\nusage: x\n[exit code 2 · 45 ms · Python 3.12.1 · no venv]',
    );
  });

  it('names the exception and its innermost frame after a traceback', async () => {
    const exception = {
      type: 'ZeroDivisionError',
      message: 'division by zero',
      frames: [
        { file: 'main.py', line: 9, function: '<module>', code: 'average([])' },
        { file: 'main.py', line: 2, function: 'average', code: 'return sum(x) / len(x)' },
      ],
    };
    assert.equal(
      await runText({ success: false, exit_code: 1, stderr: 'Traceback…\n', exception }),
      '[stderr]\nTraceback…\n[exception ZeroDivisionError: division by zero]\n' +
        '  main.py:2 in average: return sum(x) / len(x)\n[exit code 1 · 45 ms · Python 3.12.1 · .venv]',
    );
    const shown = await runText({ success: false, exit_code: 1, exception, notes: [shownToUser] });
    assert.match(shown, /^\[exception .*\]\n {2}main.py:9 .*\n {2}main.py:2 .*\n\[exit code 1/);
  });

  it('tells a time-out, a cancel and a signal from an exit', async () => {
    const ended = { success: false, exit_code: -1, duration_ms: 30_040 };
    assert.match(await runText({ ...ended, stdout: 'tick\n', timed_out: true }), /^tick\n\[timed out after 30 s · /);
    assert.match(await runText({ ...ended, cancelled: true }), /^\(no output\)\n\[cancelled after 30 s · /);
    assert.match(
      await runText({ ...ended, exit_code: -11, signal: 'SIGSEGV' }),
      /\[ended by SIGSEGV, exit code -11 · 30 s · /,
    );
  });

  it('ends with the notes, and does not call output missing that the user saw', async () => {
    assert.equal(
      await runText({ notes: ['1 background process left running was ended', shownToUser] }),
      '[exit code 0 · 45 ms · Python 3.12.1 · .venv]\n' +
        'Note: 1 background process left running was ended\nNote: the output was shown to the user only',
    );
  });

  it('says whether pictures follow', async () => {
    const [one, two] = [[Buffer.alloc(1)], [Buffer.alloc(1), Buffer.alloc(1)]];
    assert.match(await runText({}, one), /\n\[1 picture follows\]$/);
    assert.match(await runText({}, two), /\n\[2 pictures follow\]$/);
    assert.match(await runText({}, two, false), /\n\[2 pictures made, which this editor cannot pass on\]$/);
  });
});

describe('a venv in words', () => {
  const venv = {
    exists: true,
    path: '/code/.venv',
    python_version: '3.12.1',
    packages_count: 1,
    active: true,
    size_mb: 12.5,
    created: '2025-01-06T10:00:00Z',
    prompt: '.venv',
    base_python: '/usr/bin/python3.12',
    system_site_packages: false,
  };
  const facts =
    'Python 3.12.1 · 1 package · 12.5 MB · created 2025-01-06T10:00:00Z · prompt .venv · base /usr/bin/python3.12';

  it('is created, with all that info tells', async () => {
    assert.equal(
      await venvText({ ...venv, created_with: 'uv', duration_ms: 120 }),
      `Created /code/.venv (active) with uv in 120 ms\n${facts}`,
    );
  });

  it('is described with what else there is in the folder', async () => {
    const other = { path: '/code/other', python_version: '3.11.2', packages_count: 2, active: false };
    const requirements = {
      files: ['requirements.txt'],
      satisfied: false,
      missing: ['flask>=3'],
      conflicting: [{ requirement: 'a<2', installed: '2.0', required_by: 'b' }],
    };
    const interpreters = [{ version: '3.12.1', path: '/usr/bin/python3.12' }];
    assert.equal(
      await venvText({ ...venv, venvs: [other], interpreters, requirements }),
      [
        `/code/.venv (active)\n${facts}`,
        'Other venv: /code/other · Python 3.11.2 · 2 packages',
        'Requirements: requirements.txt (not satisfied)',
        'Missing: flask>=3',
        'Conflicting: a<2 of b (installed: 2.0)',
        'Interpreters: 3.12.1 (/usr/bin/python3.12)',
      ].join('\n'),
    );
  });

  it('is described', async () => {
    assert.equal(await venvText(venv), `/code/.venv (active)\n${facts}`);
    assert.equal(
      await venvText({ ...venv, active: false, base_python: null, system_site_packages: true, broken: 'it is gone' }),
      '/code/.venv\nbroken: it is gone · Python 3.12.1 · 1 package · 12.5 MB · created 2025-01-06T10:00:00Z · ' +
        "prompt .venv · base gone · sees the base interpreter's packages",
    );
    assert.equal(
      await venvText({ exists: false, path: '/code/.venv' }),
      'There is no virtual environment at /code/.venv.',
    );
  });

  it('is listed', async () => {
    const listed = { path: '/code/.venv', python_version: '3.12.1', packages_count: 15, active: true };
    const broken = { path: '/code/old', python_version: null, packages_count: 0, active: false, broken: 'it is gone' };
    assert.equal(
      await venvText({ venvs: [listed, broken], count: 2, active: '.venv' }),
      '2 virtual environments, active: .venv\n/code/.venv · Python 3.12.1 · 15 packages\n' +
        '/code/old · broken: it is gone · Python unknown · 0 packages',
    );
    assert.equal(await venvText({ venvs: [], count: 0, active: null }), 'This folder has no virtual environment.');
  });

  it('is deleted', async () => {
    assert.equal(await venvText({ path: '/code/.venv', deleted: true }), 'Deleted /code/.venv.');
  });
});

describe('packages in words', () => {
  const work = { installer: 'uv', venv: '.venv', duration_ms: 2340 };

  it('are installed, with what they replace, remove and find there', async () => {
    assert.equal(
      await pipText({
        ...work,
        installed: [
          { name: 'requests', version: '2.31.0' },
          { name: 'urllib3', version: '2.1.0' },
        ],
        replaced: [{ name: 'urllib3', from: '1.26.0', to: '2.1.0' }],
        removed: [{ name: 'six', version: '1.16.0' }],
        already_satisfied: ['idna==3.4'],
        notes: ['created .venv with Python 3.12.1, since there was no venv'],
      }),
      'Installed 2 packages into .venv (uv, 2.3 s): requests 2.31.0, urllib3 2.1.0 (was 1.26.0)\n' +
        'Removed: six 1.16.0\nThere already: idna==3.4\n' +
        'Note: created .venv with Python 3.12.1, since there was no venv',
    );
  });

  it('stay as they are where nothing is missing', async () => {
    assert.equal(
      await pipText({ ...work, installed: [], already_satisfied: ['idna==3.4'] }),
      'Nothing changed in .venv (uv, 2.3 s)\nThere already: idna==3.4',
    );
  });

  it('are planned', async () => {
    const installed = [{ name: 'idna', version: '3.4' }];
    const removed = [{ name: 'six', version: '1.16.0' }];
    assert.equal(
      await pipText({ ...work, installed, removed, dry_run: true }),
      'Plan for .venv, nothing changed: would install 1 package (uv, 2.3 s): idna 3.4\nWould remove: six 1.16.0',
    );
    const sizes = { installed: [{ name: 'idna', version: '3.4', download_bytes: 61_500 }], download_bytes: 61_500 };
    assert.equal(
      await pipText({ ...work, ...sizes, replaced: [{ name: 'idna', from: '3.3', to: '3.4' }], dry_run: true }),
      'Plan for .venv, nothing changed: would install 1 package, 62 kB (uv, 2.3 s): idna 3.4 (was 3.3, 62 kB)',
    );
    assert.equal(await pipText({ ...work, installed: [], dry_run: true }), 'Nothing would change in .venv (uv, 2.3 s)');
  });

  it('are uninstalled', async () => {
    const uninstalled = [{ name: 'six', version: '1.16.0' }];
    assert.equal(
      await pipText({ ...work, uninstalled, not_installed: ['nope'] }),
      'Uninstalled 1 package from .venv (uv, 2.3 s): six 1.16.0\nNot installed: nope',
    );
    assert.equal(
      await pipText({ ...work, uninstalled: [], not_installed: ['nope'] }),
      'Uninstalled nothing from .venv (uv, 2.3 s)\nNot installed: nope',
    );
  });

  it('are listed, a line each', async () => {
    const packages = [
      { name: 'idna', version: '3.4' },
      { name: 'mine', version: '0.1', editable_project_location: '/code/mine' },
    ];
    assert.equal(
      await pipText({ packages, count: 2, venv: null }),
      '2 packages in the base interpreter (no venv)\nidna 3.4\nmine 0.1 (editable: /code/mine)',
    );
    assert.equal(await pipText({ packages: [], count: 0, venv: '.venv' }), '0 packages in .venv');
  });

  it('are frozen as a requirements file', async () => {
    assert.equal(
      await pipText({ requirements: 'a==1.0\nb==2.0', count: 2, venv: '.venv' }),
      'a==1.0\nb==2.0\n[2 requirements · .venv]',
    );
    assert.equal(await pipText({ requirements: '', count: 0, venv: '.venv' }), '[0 requirements · .venv]');
  });

  it('are shown with what they need and who needs them', async () => {
    const shown = {
      name: 'requests',
      version: '2.31.0',
      summary: 'HTTP for people',
      home_page: 'https://example.org',
      author: '',
      license: 'Apache-2.0',
      location: '/code/.venv/lib',
      requires: ['idna', 'urllib3'],
      required_by: [],
    };
    assert.equal(
      await pipText({ packages: [shown, { name: 'nope', error: 'not installed' }], venv: '.venv' }),
      'requests 2.31.0: HTTP for people\n  home page: https://example.org\n  license: Apache-2.0\n' +
        '  location: /code/.venv/lib\n  requires: idna, urllib3\n  required by: nothing\nnope: not installed',
    );
  });
});

describe('a result in words', () => {
  it('is for an error the sentence and the next step, with calls as this door names them', async () => {
    const error = {
      kind: 'venv_not_found',
      message: 'This folder has no virtual environment.',
      hint: 'Create one with python.venv {"action": "create"}, then call again.',
    };
    assert.equal(
      await renderText(runTool, of({ success: false, error }), true),
      'Error (venv_not_found): This folder has no virtual environment.\n' +
        'Next: Create one with python_venv {"action": "create"}, then call again.',
    );
    const { kind, message } = error;
    assert.equal(
      await renderText(runTool, of({ success: false, error: { kind, message } }), true),
      'Error (venv_not_found): This folder has no virtual environment.',
    );
  });

  it('is JSON for a tool that has no words', async () => {
    const wordless: ToolDefinition = { ...venvTool };
    delete wordless.text;
    assert.equal(
      await renderText(wordless, of({ path: '/code/.venv', deleted: true }), true),
      '{"success":true,"path":"/code/.venv","deleted":true}',
    );
  });

  it('is short: a greeting, an install of twenty packages', async () => {
    // Three characters a token are fewer than any tokenizer has on such text.
    assert.ok((await runText({ stdout: 'Hello, world!\n' })).length / 3 <= 80);
    const installed = Array.from({ length: 20 }, (_, n) => ({ name: `package${n}`, version: `${n}.1.0` }));
    const text = await pipText({ installed, installer: 'uv', venv: '.venv', duration_ms: 2340 });
    assert.ok(text.length / 2 <= 250, String(text.length));
  });

  it('never exceeds 7 KiB, and keeps all of it in a file where it would', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: textOutputBudget / 8 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 80 }),
        async (stdout, notes) => {
          const text = await runText({ stdout, notes });
          assert.ok(Buffer.byteLength(text) <= 7 * 1024);
          const file = /left out; all of it is in (\S+) …\]/.exec(text)?.[1];
          if (file === undefined) return;
          const whole = readFileSync(file, 'utf8');
          rmSync(file);
          assert.ok(whole.startsWith(stdout) && Buffer.byteLength(whole) > 7 * 1024);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('shows the first and last lines of a list that is too long', async () => {
    const packages = Array.from({ length: 900 }, (_, n) => ({ name: `package-${n}`, version: '1.0.0' }));
    const text = await pipText({ packages, count: 900, venv: '.venv' });
    const [, lines = '', file = ''] = /\[… \d+ bytes, (\d+) lines left out; all of it is in (\S+) …\]/.exec(text) ?? [];
    assert.equal(text.split('\n').length - 1 + Number(lines), 901);
    assert.ok(text.startsWith('900 packages in .venv\npackage-0 1.0.0\n') && text.endsWith('\npackage-899 1.0.0'));
    assert.ok(Buffer.byteLength(text) <= 7 * 1024);
    rmSync(file);
  });
});
