/** A call to a tool. */
export interface Step {
  readonly tool: 'python.run' | 'python.venv' | 'python.pip';
  readonly input: Readonly<Record<string, unknown>>;
}

/** A way in which things go wrong, as a folder in which they do and the calls that show it. */
export interface Failure {
  readonly title: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Where the local wheels are, as `WHEELS` in files and inputs. */
  readonly steps: readonly Step[];
  /** Calls before, which are not shown. */
  readonly before?: readonly Step[];
}

const run = (input: Step['input']): Step => ({ tool: 'python.run', input });
const venv = (input: Step['input']): Step => ({ tool: 'python.venv', input });
const pip = (input: Step['input']): Step => ({ tool: 'python.pip', input });
const created = venv({ action: 'create' });

/** The classes of failures that docs/agents.md shows, with the local distributions of writeDistributions. */
export const failures: readonly { readonly chapter: string; readonly failures: readonly Failure[] }[] = [
  {
    chapter: 'A program fails',
    failures: [
      {
        title: 'An exception with a cause',
        files: {
          'main.py':
            'import json\n\ndef load(text):\n    try:\n        return json.loads(text)\n    except ValueError as error:\n        raise RuntimeError("no configuration") from error\n\nload("{]")\n',
        },
        steps: [run({ file: 'main.py' })],
      },
      { title: 'A syntax error', files: { 'main.py': 'def f(:\n    pass\n' }, steps: [run({ file: 'main.py' })] },
      {
        title: 'An exception group',
        steps: [run({ code: 'raise ExceptionGroup("two things", [ValueError("one"), KeyError("two")])' })],
      },
      {
        title: 'An exit with a message',
        files: { 'main.py': 'import sys\n\nsys.exit("usage: main.py FILE")\n' },
        steps: [run({ file: 'main.py' })],
      },
      { title: 'An exit code, which says enough', steps: [run({ code: 'import sys; sys.exit(3)' })] },
      { title: 'Input that nobody gives', steps: [run({ code: 'name = input("Name? ")' })] },
      {
        title: 'A program that hangs',
        steps: [run({ code: 'import time\nprint("waiting", flush=True)\ntime.sleep(60)', timeout: 1 })],
      },
      {
        title: 'A crash of the interpreter',
        steps: [run({ code: 'import os, signal; os.kill(os.getpid(), signal.SIGSEGV)' })],
      },
      {
        title: 'A port that is taken',
        steps: [
          run({
            code: 'import socket\ntaken = socket.create_server(("127.0.0.1", 0))\nsocket.create_server(taken.getsockname())',
          }),
        ],
      },
      {
        title: 'A file that hides a module',
        files: { 'random.py': 'print("mine")\n', 'main.py': 'import random\nprint(random.randint(1, 6))\n' },
        steps: [run({ file: 'main.py' })],
      },
      { title: 'A file that is not there', files: { 'main.py': '' }, steps: [run({ file: 'mian.py' })] },
    ],
  },
  {
    chapter: 'A module is missing',
    failures: [
      {
        title: 'It is in the requirements',
        files: { 'requirements.txt': 'alpha\n', 'main.py': 'import alpha\nprint(alpha.__name__)\n' },
        steps: [
          run({ file: 'main.py' }),
          pip({ action: 'install', requirements: 'requirements.txt' }),
          run({ file: 'main.py' }),
        ],
      },
      {
        title: 'It is in the folder, but not on the path',
        files: { 'lib/helpers.py': 'WORD = "helped"\n', 'scripts/tool.py': 'import helpers\nprint(helpers.WORD)\n' },
        steps: [run({ file: 'scripts/tool.py' }), run({ file: 'scripts/tool.py', env: { PYTHONPATH: 'lib' } })],
      },
      {
        title: 'Another venv has it',
        files: { 'main.py': 'import alpha\n' },
        before: [created, pip({ action: 'install', packages: ['alpha'] }), venv({ action: 'create', path: 'other' })],
        steps: [run({ file: 'main.py' })],
      },
      { title: 'Its distribution has another name', steps: [run({ code: 'import yaml' })] },
      { title: 'Nobody knows it', steps: [run({ code: 'import reqeusts_toolbelt_pro' })] },
      {
        title: 'A relative import in a file that is run',
        files: { 'app/__init__.py': '', 'app/words.py': '', 'app/main.py': 'from . import words\n' },
        steps: [run({ file: 'app/main.py' })],
      },
    ],
  },
  {
    chapter: 'An install fails',
    failures: [
      {
        title: 'Nothing of that name, or no version that fits',
        before: [created],
        steps: [pip({ action: 'install', packages: ['alpha>=9'] })],
      },
      {
        title: 'Two requirements that exclude each other',
        before: [created],
        steps: [pip({ action: 'install', packages: ['alpha==1.0', 'needs-alpha-2'] })],
      },
      {
        title: 'A build that lacks a tool',
        before: [created],
        steps: [pip({ action: 'install', packages: ['needs-compiler'] })],
      },
      { title: 'An option in place of a requirement', steps: [pip({ action: 'install', packages: ['--user'] })] },
      {
        title: 'A look before the leap: a plan',
        before: [created],
        steps: [pip({ action: 'install', packages: ['needs-alpha-2'], dry_run: true })],
      },
    ],
  },
  {
    chapter: 'An environment is not as it should be',
    failures: [
      {
        title: 'At the start, in one call',
        files: { 'requirements.txt': 'alpha>=2\nbeta\n' },
        before: [created, pip({ action: 'install', packages: ['alpha==1.0'] })],
        steps: [venv({ action: 'info' })],
      },
      { title: 'It exists already', before: [created], steps: [created] },
      { title: 'It cannot be found', steps: [venv({ action: 'select', path: 'env' })] },
      {
        title: 'What is no venv is not deleted',
        files: { 'src/main.py': '' },
        steps: [venv({ action: 'delete', path: 'src' })],
      },
      {
        title: 'The interpreter is missing',
        steps: [venv({ action: 'create', python: '3.99' })],
      },
      {
        title: 'A call that is wrong',
        steps: [run({ file: 'main.py', code: 'print(1)' }), run({ script: 'main.py' })],
      },
    ],
  },
];
