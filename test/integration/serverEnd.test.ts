import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { anyPython } from '../support/anyPython';
import { daemon } from '../support/daemons';
import {
  connectOverStdio,
  exitOf,
  handshake,
  startServer,
  stdioServer,
  type ConnectedClient,
} from '../support/mcpClient';
import { itOnLinux, itOnUnix } from '../support/platform';
import { appears, ends, eventually, isAlive } from '../support/waiting';

const itHere = itOnLinux('other systems cannot mark a process so');

describe('the end of a server', () => {
  let folder: string;
  const left: ChildProcess[] = [];
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'server-end-')))));
  afterEach(() => {
    for (const each of left.splice(0)) each.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program that writes its pid, starts a daemon, and stays. */
  const stays = (name: string): string =>
    `${daemon(folder, `${name}-daemon`)}\nopen("${name}.new", "w").write(str(os.getpid()))\nos.rename("${name}.new", "${name}")\ntime.sleep(600)`;
  const started = async (name: string): Promise<string[]> => [
    await appears(join(folder, name)),
    await appears(join(folder, `${name}-daemon`)),
  ];
  const begin = (params: object): ChildProcess & { readonly pid: number } => {
    const server = startServer(['--workspace', folder]);
    left.push(server);
    server.stdin?.on('error', () => undefined);
    for (const message of handshake(params)) server.stdin?.write(message);
    return server;
  };

  for (const [how, signal] of [
    ['SIGKILL', 'SIGKILL'],
    ['a crash', 'SIGABRT'],
    ['SIGTERM', 'SIGTERM'],
    ['closed input', undefined],
  ] as const) {
    itHere(`is the end of its first run, of daemons and of whatever it keeps, by ${how}`, async () => {
      const server = begin({ name: 'python.run', arguments: { code: stays('run') } });
      const pids = await started('run');
      // The run, and what keeps it.
      const children = await eventually(() => (childrenOf(server.pid).length > 1 ? childrenOf(server.pid) : undefined));
      if (signal) server.kill(signal);
      else server.stdin?.end();
      await exitOf(server);
      for (const pid of [...pids, ...children]) await ends(pid);
    });
  }

  itHere('is the end of a build that it started, and of its daemons, by SIGKILL', async () => {
    execFileSync(anyPython(), ['-m', 'venv', join(folder, '.venv')]);
    const project = projectThat(folder, stays('build'));
    const server = begin({ name: 'python.pip', arguments: { action: 'install', packages: [project] } });
    const pids = await started('build');
    const children = childrenOf(server.pid);
    server.kill('SIGKILL');
    for (const pid of [...pids, ...children]) await ends(pid);
  });

  itHere('is not needed for the end of what a build or a run leaves behind', async () => {
    execFileSync(anyPython(), ['-m', 'venv', join(folder, '.venv')]);
    const client = await connectOverStdio(['--workspace', folder]);
    try {
      await client.ask('python.pip', {
        action: 'install',
        packages: [projectThat(folder, `${daemon(folder, 'build')}\nraise ValueError("enough")`)],
      });
      assert.equal(isAlive(await appears(join(folder, 'build'))), false);
      // The first starts before anything keeps it; a later one finds an interpreter that waits.
      for (const name of ['first', 'second', 'third', 'fourth']) await endsWithItsRun(client, name);
    } finally {
      await client.close();
    }
  });

  itHere('leaves the daemons of another server alone', async () => {
    const servers = ['one', 'two'].map((name) => begin({ name: 'python.run', arguments: { code: stays(name) } }));
    const [one, two] = [await started('one'), await started('two')];
    servers[0]?.kill('SIGKILL');
    for (const pid of one) await ends(pid);
    assert.deepEqual(two.map(isAlive), [true, true]);
    servers[1]?.kill('SIGKILL');
    for (const pid of two) await ends(pid);
  });

  itOnUnix('SIGKILL')('follows the end of its client where another process holds its input open', async () => {
    const holder = [
      'import os, subprocess, sys',
      'server_in, to_server = os.pipe(); from_server, server_out = os.pipe()',
      `server = subprocess.Popen([${JSON.stringify(process.execPath)}, ${JSON.stringify(stdioServer)}, "--workspace", ${JSON.stringify(folder)}], stdin=server_in, stdout=server_out)`,
      'os.close(server_in); os.close(server_out)',
      'holder = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[to_server, from_server])',
      'print(server.pid, holder.pid, flush=True)',
      'os.write(to_server, sys.stdin.buffer.read())',
      'while os.read(from_server, 65536): pass',
    ].join('\n');
    const client = spawn(anyPython(), ['-c', holder], { stdio: ['pipe', 'pipe', 'inherit'] });
    left.push(client);
    const code = `import os, time\nopen("run.new", "w").write(str(os.getpid()))\nos.rename("run.new", "run")\ntime.sleep(600)`;
    client.stdin.end(handshake({ name: 'python.run', arguments: { code } }).join(''));
    const [line] = (await once(createInterface({ input: client.stdout }), 'line')) as [string];
    const [server = '', holding = ''] = line.split(' ');
    const run = await appears(join(folder, 'run'));
    client.kill('SIGKILL');
    try {
      for (const pid of [server, run]) await ends(pid);
    } finally {
      process.kill(Number(holding), 'SIGKILL');
    }
  });

  itOnUnix('launchers that end')('does not follow that of a launcher whose client answers', async () => {
    const launch = '"$0" "$1" --workspace "$2" <&3 & echo $! >&2; read end';
    const launcher = spawn('/bin/sh', ['-c', launch, process.execPath, stdioServer, folder], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    left.push(launcher);
    const [end, output, errors, input] = launcher.stdio;
    assert.ok(input instanceof Socket);
    const send = (message: object): void => void input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const [pid] = (await once(errors, 'data')) as [Buffer];
    const served = new Promise<void>((resolve) => {
      createInterface({ input: output }).on('line', (line) => {
        const { id, method } = JSON.parse(line) as { id?: number; method?: string };
        if (id === 2) end.end('\n');
        if (method === 'ping') {
          send({ id, result: {} });
          send({ id: 'after', method: 'tools/list' });
        }
        if (line.includes('"after"')) resolve();
      });
    });
    input.write(handshake({ name: 'python.venv', arguments: { action: 'list' } }).join(''));
    try {
      await served;
      assert.equal(isAlive(pid.toString()), true);
    } finally {
      input.end();
    }
    await ends(pid.toString());
  });

  async function endsWithItsRun({ ask }: ConnectedClient, name: string): Promise<void> {
    const result = await ask('python.run', { code: daemon(folder, name) });
    assert.match(JSON.stringify(result['notes']), /1 background process/, name);
    assert.equal(isAlive(await appears(join(folder, name))), false, name);
  }
});

/** A project whose build runs some code. */
function projectThat(folder: string, code: string): string {
  const project = join(folder, 'project');
  mkdirSync(project);
  const build = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
  writeFileSync(join(project, 'pyproject.toml'), `${build}[project]\nname = "project"\nversion = "1"\n`);
  writeFileSync(join(project, 'backend.py'), `import os\nos.chdir(${JSON.stringify(folder)})\n${code}\n`);
  return './project';
}

function childrenOf(parent: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, '').split(' ')[2] === String(parent)
      );
    } catch {
      return false; // It ended meanwhile.
    }
  });
}
