import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/core/environment';
import { textOf } from '../../src/core/process/capture';
import { PythonRunner, type RunOutcome } from '../../src/core/runner/PythonRunner';
import { renderOutput } from '../../src/tools/renderOutput';
import { runTool } from '../../src/tools/runTool';
import { connectOverStdio, type ConnectedClient } from '../support/mcpClient';
import { itOnUnix, onWindows } from '../support/platform';
import { testPythons } from '../support/pythons';
import { eventually } from '../support/waiting';

/**
 * What every program below begins with. It finds out where its run's folder is, as any program can, and says so on its last
 * line of standard error.
 */
const prelude = `import os, shutil, sys
run = os.path.dirname(sys.modules["_python_tools_inline"]._path)
report = os.path.join(run, "exception.json")
def put(kind, path):
    if kind == "a FIFO": os.mkfifo(path)
    elif kind == "a folder": os.mkdir(path)
    elif kind == "a link to nothing": os.symlink(path + ".nothing", path)
    elif kind == "a link to /dev/zero": os.symlink("/dev/zero", path)
    elif kind == "a sparse file of 5 GB": open(path, "w").truncate(5 << 30)
    elif kind == "20 MB": open(path, "w").write("x" * (20 << 20))
    elif kind == "no permission": os.close(os.open(path, os.O_CREAT, 0))
    elif kind == "a socket":
        import socket
        os.chdir(os.path.dirname(path))
        socket.socket(socket.AF_UNIX).bind(os.path.basename(path))
    else: open(path, "w").write(kind)
print("before", flush=True)
print(run, file=sys.stderr, flush=True)
`;

const things = [
  'a FIFO',
  'a folder',
  'a link to nothing',
  'a link to /dev/zero',
  'a sparse file of 5 GB',
  '20 MB',
  'no permission',
  'a socket',
  'neither JSON nor a picture',
  '',
];

const quoted = (text: string): string => JSON.stringify(text);

/** Ends as an uncaught exception does, and without the interpreter's having a chance to report one. */
const endings = { 'an exception': 'raise ValueError("mine")', 'its end at once': 'os._exit(1)' };

const thefts: Record<string, string> = {
  'leaves a thousand pictures':
    'for n in range(1000): open(os.path.join(run, "picture-1-%03d.png" % n), "wb").write(b"\\x89PNG")',
  'leaves five thousand files': 'for n in range(5000): open(os.path.join(run, "f%d" % n), "w").close()',
  'leaves folders in folders':
    'os.chdir(run)\nfor n in range(200):\n    os.mkdir("deeper"); os.chdir("deeper")\nopen("f", "w").close()',
  'makes the folder unreadable': 'os.chmod(run, 0)',
  'removes the folder': 'shutil.rmtree(run)',
  'puts a file in the place of the folder': 'shutil.rmtree(run); open(run, "w").close()',
  'puts a FIFO in the place of the folder': 'shutil.rmtree(run); os.mkfifo(run)',
  'puts a link to nothing in the place of the folder': 'shutil.rmtree(run); os.symlink(run + ".nothing", run)',
  'puts a link to itself in the place of the folder': 'shutil.rmtree(run); os.symlink(run, run)',
  'puts a link to the project in the place of the folder': 'shutil.rmtree(run); os.symlink(os.getcwd(), run)',
  'puts a link to the project into the folder': 'os.symlink(os.getcwd(), os.path.join(run, "project"))',
  'takes its environment away': 'os.environ.clear()',
  'closes all that it has open': 'sys.stdout.flush(); sys.stderr.flush(); os.closerange(0, 100)',
};
for (const thing of things) {
  thefts[`puts ${thing || 'nothing'} in the place of its report`] = `put(${quoted(thing)}, report)`;
  thefts[`puts ${thing || 'nothing'} in the place of a picture`] =
    `put(${quoted(thing)}, os.path.join(run, "picture-1-01.png"))`;
  thefts[`puts ${thing || 'nothing'} in the place of its code`] =
    `os.remove(os.path.join(run, "code.py")); put(${quoted(thing)}, os.path.join(run, "code.py"))`;
  thefts[`puts ${thing || 'nothing'} where a refusal is told`] = `put(${quoted(thing)}, os.path.join(run, "refused"))`;
}

/** Reports that python/exception.py never writes, as Python expressions for their text. */
const reports: Readonly<Record<string, string>> = {
  'no JSON': '"{"',
  'a list': '"[]"',
  null: '"null"',
  'a number': '"5"',
  'a deep list': '"[" * 200000 + "]" * 200000',
  'a deep object': `'{"type": "E", "message": "m", "frames": [], "details": ' + '{"a":' * 50000 + '1' + '}' * 50000 + '}'`,
  'other types': `'{"type": 1, "message": [], "frames": {}}'`,
  'odd frames': `'{"type": "E", "message": "m", "frames": [null, 1, [], {"file": 1}, {"file": "a", "line": 1.5, "function": "f", "code": "c"}, {"file": "a", "line": 1e999, "function": "f", "code": "c"}, {"file": "a\\\\u0000b", "line": 1, "function": "f", "code": "c"}, {"file": "a", "line": 1, "function": "f", "code": "c", "column": "x"}]}'`,
  'too many frames': `'{"type": "E", "message": "m", "frames": [' + ','.join(['{"file": "/a", "line": 1, "function": "f", "code": "c"}'] * 5000) + ']}'`,
  'huge texts': `'{"type": "' + 'T' * 300000 + '", "message": "' + 'M' * 300000 + '", "frames": [{"file": "/' + 'f' * 100000 + '", "line": 1, "function": "' + 'n' * 100000 + '", "code": "' + 'c' * 100000 + '"}]}'`,
  'names of prototypes': `'{"__proto__": {"type": "E"}, "constructor": 1, "type": "constructor", "message": "__proto__", "frames": [], "details": {"errno": "constructor", "__proto__": "x", "missingModule": "__proto__", "filename": "toString"}}'`,
  'odd details': `'{"type": "ModuleNotFoundError", "message": "No module named x", "frames": [], "details": {"missingModule": "../../../etc/passwd", "library": "\\\\u0000", "shadowing": "/dev/zero", "otherBuild": "/dev/zero"}}'`,
  'too many causes': `'{"type": "E", "message": "m", "frames": [], "causes": [' + ','.join(['{"type": "E", "message": "m", "frames": [], "relation": "cause"}'] * 5000) + ']}'`,
  'half of a character': `'{"type": "E", "message": "\\\\ud800", "frames": []}'`,
};

describe('a program that takes its own result away', () => {
  const python = testPythons().at(-1);
  let folder: string;
  let runner: PythonRunner;
  let environment: Environment;
  before(function () {
    if (onWindows || !python) this.skip();
    const { path, version } = python;
    environment = {
      path: dirname(dirname(path)),
      python: path,
      version,
      isVenv: false,
      scripts: dirname(path),
      libraries: { own: [], inherited: [] },
    };
  });
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'stolen-')));
    writeFileSync(join(folder, 'kept.txt'), 'kept');
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept/file.txt'), 'kept');
    runner = new PythonRunner(folder);
  });
  afterEach(async () => {
    await runner.release();
    rmSync(folder, { recursive: true, force: true });
  });

  const starts = {
    'started for it': async () => {
      await runner.release();
    },
    'that waited for it': async () => {
      await runner.prepare(environment);
    },
  };
  /** Long for a program that ends by itself, and short for one that is kept. */
  const timeoutMs = 20_000;
  const run = async (source: string): Promise<RunOutcome> =>
    await runner.run(environment, {
      program: { kind: 'code', code: prelude + source },
      args: [],
      env: {},
      cwd: folder,
      timeoutMs,
    });
  const isGone = (path: string): true | undefined => (existsSync(path) ? undefined : true);

  for (const [how, start] of Object.entries(starts)) {
    describe(`in an interpreter ${how}`, () => {
      for (const [ending, end] of Object.entries(endings)) {
        for (const [what, theft] of Object.entries(thefts)) {
          itOnUnix('such files')(`${what}, and ends by ${ending}`, async () => {
            await start();
            const outcome = await run(`open("runs.txt", "a").write("x")\n${theft}\n${end}`);
            assert.equal(outcome.ending, 'exited');
            assert.equal(textOf(outcome.stdout), 'before\n');
            assert.equal(outcome.exitCode, 1);
            assert.deepEqual(outcome.pictures, []);
            assert.equal(readFileSync(join(folder, 'runs.txt'), 'utf8'), 'x', 'it was run once');
            for (const kept of ['kept.txt', 'kept/file.txt']) {
              assert.equal(readFileSync(join(folder, kept), 'utf8'), 'kept');
            }
            const [runFolder = ''] = textOf(outcome.stderr).split('\n');
            assert.match(runFolder, /[/\\]run-/);
            await eventually(() => isGone(runFolder));
          });
        }
      }

      for (const [what, report] of Object.entries(reports)) {
        itOnUnix('such reports')(`leaves a report of ${what}`, async () => {
          await start();
          const { ending, stdout, exception } = await run(`open(report, "w").write(${report})\nos._exit(1)`);
          assert.deepEqual([ending, textOf(stdout)], ['exited', 'before\n']);
          // As large as one that was written by python/exception.py can be.
          assert.ok(JSON.stringify(exception ?? '').length < 200_000);
          if (exception) assert.ok(runTool.output.shape.exception.safeParse(exception).success);
        });
      }
    });
  }

  itOnUnix('such files')('has its exception told where something was in the way of its report', async () => {
    for (const thing of things.filter((each) => each !== 'a folder')) {
      const { exception } = await run(`put(${quoted(thing)}, report)\nraise ValueError("mine")`);
      assert.equal(exception?.message, 'mine', thing);
    }
  });

  itOnUnix('such files')('has no more than four pictures shown, however many it leaves', async () => {
    const png = 'b"\\x89PNG\\r\\n\\x1a\\n" + b"x" * 100 + b"IEND" + b"crc."';
    const { pictures } = await run(
      `for n in range(500): open(os.path.join(run, "picture-1-%03d.png" % n), "wb").write(${png})`,
    );
    assert.equal(pictures.length, 4);
  });

  itOnUnix('such files')('has its output shown where what was to hold all of it is gone', async () => {
    for (const theft of [
      'shutil.rmtree(output, ignore_errors=True)',
      'shutil.rmtree(output, ignore_errors=True); open(output, "w").close()',
      'shutil.rmtree(output, ignore_errors=True); os.mkfifo(output)',
      'shutil.rmtree(output, ignore_errors=True); os.symlink(output + ".nothing", output)',
      '[os.remove(os.path.join(output, name)) for name in os.listdir(output)]',
    ]) {
      for (const before of ['', 'print("x" * 300000, flush=True)\n']) {
        const source = `output = os.path.join(os.path.dirname(os.path.dirname(run)), "output")
os.makedirs(output, exist_ok=True)
${before}${theft}
print("y" * 300000, flush=True)
`;
        const outcome = await run(source);
        assert.equal(outcome.exitCode, 0, textOf(outcome.stderr));
        const { stdout } = await renderOutput(outcome, 16_384);
        assert.match(stdout, /^before\n[xy]+\n\[… \d+ bytes, \d+ lines left out; .+ …\]\ny+\n$/);
        const [runFolder = ''] = textOf(outcome.stderr).split('\n');
        rmSync(join(dirname(dirname(runFolder)), 'output'), { recursive: true, force: true });
      }
    }
  });

  itOnUnix('such files')('leaves the next run what it needs, whatever it does to the folder of all runs', async () => {
    for (const theft of ['', 'open(runs, "w").close()', 'os.mkfifo(runs)', 'os.symlink(runs + ".nothing", runs)']) {
      const source = `runs = os.path.dirname(run)\nshutil.rmtree(runs)\n${theft}`;
      const { stderr } = await run(source);
      const { ending, stdout } = await run('');
      assert.deepEqual([ending, textOf(stdout)], ['exited', 'before\n'], theft);
      const [runFolder = ''] = textOf(stderr).split('\n');
      rmSync(dirname(runFolder), { recursive: true, force: true });
    }
  });

  describe('over stdio', () => {
    let client: ConnectedClient;
    beforeEach(async () => {
      client = await connectOverStdio(['--workspace', folder]);
    });
    afterEach(async () => {
      await client.close();
    });

    itOnUnix('such files')('never makes an internal error of it', async function (this: Mocha.Context) {
      this.timeout(120_000);
      for (const [what, theft] of [...Object.entries(thefts), ...Object.entries(reports)]) {
        const source = what in reports ? `open(report, "w").write(${theft})\nos._exit(1)` : `${theft}\nos._exit(1)`;
        const answer = await client.ask('python.run', { code: prelude + source, timeout: 20 });
        assert.equal(answer['error'], undefined, `${what}: ${JSON.stringify(answer).slice(0, 500)}`);
        assert.deepEqual([answer['stdout'], answer['exit_code']], ['before\n', 1], what);
      }
    });
  });
});
