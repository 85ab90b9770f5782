import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installerFailure } from '../../src/core/packages/installerFailure';

/** What the installers said, word for word, in the situation that the section is named after. */
const outputs = join(process.cwd(), 'test/fixtures/installer-output');

const expected: Readonly<Record<string, readonly [kind: string, message: RegExp]>> = {
  nomatch: ['no_matching_distribution', /nosuchthing/],
  noversion: ['no_matching_distribution', /alpha>=9/],
  depmissing: ['no_matching_distribution', /beta>=9.*needs-old|needs-old.*beta>=9/],
  plat: ['no_matching_distribution', /plat/],
  notwheel: ['no_matching_distribution', /plat-1\.0-cp39-cp39-win_amd64\.whl is not a supported wheel/],
  pyfuture: ['no_matching_distribution', /Python.*>=4/],
  http404: ['no_matching_distribution', /404.*nothere-1\.0-py3-none-any\.whl|nothere-1\.0-py3-none-any\.whl.*404/],
  conflict: ['resolution_conflict', /con-a.*beta<1\.2.*con-b.*beta>=1\.4|con-b.*beta>=1\.4.*con-a.*beta<1\.2/],
  conflict2: ['resolution_conflict', /beta<1\.2.*beta>1\.4/],
  conflict3: ['resolution_conflict', /multi.*beta<1\.2/],
  badsetup: ['build_failed', /needs libfoo headers|No module named 'setuptools'/],
  badbackend: ['build_failed', /error: command 'gcc' failed: No such file or directory/],
  nodeps: ['build_failed', /nonexistent-builder/],
  network: ['network', /Connection refused/],
  neturl: ['network', /127\.0\.0\.1/],
  nogit: ['network', /Failed to connect to 127\.0\.0\.1 port 9/],
  badreq: ['requirement_invalid', /alpha=1\.0/],
  full: ['no_space', /No space left/],
};

/** The next step where the output says more than that it failed. */
const advised: Readonly<Record<string, RegExp>> = {
  badbackend: /^The build lacks a C compiler \(gcc;/,
  notwheel: /^That wheel is for Python 3\.9 on win_amd64/,
  pyfuture: /^It needs Python >=4:/,
};

const failure = (stderr: string, installer: 'uv' | 'pip' = 'pip', stdout = '') =>
  installerFailure({ installer, exitCode: 1, stdout, stderr });

describe('why an installer failed', () => {
  for (const file of readdirSync(outputs)) {
    const sections = readFileSync(join(outputs, file), 'utf8')
      .split(/^##### (?!stderr)(.*)\n/m)
      .slice(1);
    for (let index = 0; index < sections.length; index += 2) {
      const [situation = '', text = ''] = sections.slice(index, index + 2);
      const [kind, message] = expected[situation] ?? ['', /^$/];
      it(`is ${kind} where ${file.replace('.txt', '')} says so (${situation})`, () => {
        const [stdout = '', stderr = ''] = text.split('##### stderr\n');
        const error = failure(stderr, file.startsWith('uv') ? 'uv' : 'pip', stdout);
        assert.equal(error.kind, kind, error.message);
        assert.match(error.message, message);
        assert.ok(error.message.length <= 700, error.message);
        assert.match(error.hint ?? '', advised[situation] ?? /./);
        assert.doesNotMatch(error.message, /See above|object at 0x|ERROR:|\n/);
      });
    }
  }

  it('says what a build lacks', () => {
    for (const [said, lacks] of [
      ['src/x.c:1:10: fatal error: Python.h: No such file or directory', /headers of this Python \(python3-dev/],
      ['Error: pg_config executable not found.', /pg_config.*psycopg2-binary/],
      [
        "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
        /a C compiler \(x86_64-linux-gnu-gcc/,
      ],
      ["No package 'cairo' found", /the library "cairo"/],
      ['fatal error: zlib.h: No such file or directory', /the header zlib\.h/],
      ["error: can't find Rust compiler", /a Rust toolchain/],
      ['error: Microsoft Visual C++ 14.0 or greater is required.', /Microsoft C\+\+ Build Tools/],
    ] as const) {
      const { kind, hint } = failure(`error: subprocess-exited-with-error\n${said}`);
      assert.equal(kind, 'build_failed');
      assert.match(hint ?? '', lacks);
    }
    assert.match(failure('error: subprocess-exited-with-error\nboom').hint ?? '', /^Install what the build lacks/);
  });

  it('says what to do about hashes that do not fit or are missing', () => {
    const pip =
      'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes.\n' +
      '    alpha==1.0 from file:///w/alpha-1.0-py3-none-any.whl (from -r r.txt (line 1)):\n        Expected sha256 aa\n             Got        bb';
    const uv = 'error: Failed to download `alpha==1.0`\n  cause: Hash mismatch for `alpha==1.0`\n\n         Expected:';
    for (const { kind, hint } of [failure(pip), failure(uv, 'uv')]) {
      assert.equal(kind, 'installer_failed');
      assert.match(hint ?? '', /^The file of alpha==1\.0 is not the one that the hash .*tampered with/);
    }
    const pipMissing =
      'ERROR: Hashes are required in --require-hashes mode, but they are missing from some requirements.';
    const uvMissing =
      'error: In `--require-hashes` mode, all requirements must have a hash, but none were provided for: b';
    assert.match(failure(pipMissing).hint ?? '', /want one for each, dependencies too/);
    assert.match(failure(uvMissing, 'uv').hint ?? '', /want one for each, dependencies too/);
  });

  it('says which Pythons there are wheels for', () => {
    const said =
      'error: No solution found when resolving dependencies\n  cause: Because plat==1.0 has no wheels with a matching Python ABI tag\n\n' +
      'hint: You require CPython 3.13 (`cp313`), but we only found wheels for `plat` (v1.0) with the following Python ABI tags: `cp39`, `cp310`';
    assert.match(failure(said, 'uv').hint ?? '', /^There are wheels of plat for Python 3\.9, Python 3\.10 only/);
  });

  it('never repeats a password, in whatever part of the output it stands', () => {
    const said = 'ERROR: Could not install x: 404 Client Error for url: https://me:hunter2@host.test/simple/x/';
    assert.equal(failure(said).message.includes('hunter2'), false);
    assert.match(failure(said).message, /https:\/\/\*\*\*\*@host\.test/);
    const uv =
      'error: Failed to fetch: `https://me:hunter2@host.test/simple/x/`\n  cause: HTTP status server error (503)';
    assert.equal(failure(uv, 'uv').kind, 'network');
    assert.equal(failure(uv, 'uv').message.includes('hunter2'), false);
  });

  it('is shortened where an installer is long-winded', () => {
    const versions = Array.from({ length: 500 }, (_, minor) => `1.${minor}`).join(', ');
    const { message } = failure(
      `ERROR: Could not find a version that satisfies the requirement x (from versions: ${versions})`,
    );
    assert.match(message, /from versions: …, 1\.490, .*, 1\.499\)/);
    assert.ok(failure(`ERROR: ${'blah '.repeat(1000)}`).message.length <= 700);
  });

  it('is a missing permission, not a failed install, where the environment belongs to someone else', () => {
    const pip = "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/venv/lib/x.py'";
    assert.equal(failure(pip).kind, 'permission_denied');
    const uv =
      'error: Failed to install: x-1.0.whl\n  cause: failed to create file `/venv/x`: Permission denied (os error 13)';
    assert.equal(failure(uv, 'uv').kind, 'permission_denied');
  });

  it('is the end of the output where the installer crashed or said nothing known', () => {
    const crash =
      'ERROR: Exception:\nTraceback (most recent call last):\n  File "x.py", line 1\nRuntimeError: dictionary changed';
    assert.match(failure(crash).message, /^pip ended with exit code 1: RuntimeError: dictionary changed$/);
    assert.match(failure('', 'uv').message, /^uv ended with exit code 1$/);
    assert.equal(failure('thread main panicked\nnote: run with RUST_BACKTRACE', 'uv').kind, 'installer_failed');
  });
});
