import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSimpleIndex, writeWheel } from '../../support/wheels';
import { afterThinking, timed, type Measure } from '../comparison';
import type { Command, Connection, Rig } from '../rig';
import { libraryOf, packageNames, removePackages } from '../venvs';
import type { Server, ToolCall } from './server';

/** What a server does over and over, on a folder of its own. */
export interface Site {
  readonly rig: Rig;
  readonly server: Server;
  /** With a `.venv` of 100 packages. */
  readonly folder: string;
  readonly command: Command;
}

/** Work that several servers do. */
export interface Work {
  /** For `--only`. */
  readonly name: string;
  /** Markdown. */
  readonly title: string;
  /** @returns the work as the server does it, undefined where it does not offer it. A wrong answer throws. */
  readonly prepare: (site: Site) => Promise<Measure> | undefined;
}

/** Another number each time, so that no answer can be an earlier one's, or a message that happens to hold it. */
let lastNumber = 1_000_000;
const nextNumber = (): number => ++lastNumber;

/** Makes a call. @throws where its answer does not say what it should. */
async function ask({ client }: Connection, call: ToolCall, ...expected: readonly string[]): Promise<void> {
  const result = await client.callTool({ name: call.tool, arguments: call.input }, undefined, { timeout: 60_000 });
  const text = JSON.stringify(result.content);
  if (result.isError === true || !expected.every((part) => text.includes(part))) {
    throw new Error(`it answers ${text}`);
  }
}

const start: Work = {
  name: 'start',
  title: 'start to `tools/list`',
  prepare: ({ rig, command }) =>
    Promise.resolve(async () => {
      const started = performance.now();
      const { client, close } = await rig.connect(command);
      const { tools } = await client.listTools();
      const took = performance.now() - started;
      await close();
      if (tools.length === 0) throw new Error('it offers no tools');
      return took;
    }),
};

const runPrint: Work = {
  name: 'run',
  title: 'run `print(1)`',
  prepare: ({ rig, server, command }) => {
    const { run } = server.calls;
    return (
      run &&
      repeated(rig, command, async (connection) => {
        const number = nextNumber();
        await ask(connection, run(`print(${number})`), String(number));
      })
    );
  },
};

const imports = [1, 2, 3].map((index) => `import bench_package_${index}\n`).join('');

const runImports: Work = {
  name: 'import',
  title: 'run code that imports 3 packages of the venv',
  prepare: ({ rig, server, command }) => {
    const { run, seesVenv = false } = server.calls;
    if (!run || !seesVenv) return undefined;
    return repeated(rig, command, async (connection) => {
      const number = nextNumber();
      await ask(connection, run(`${imports}print(bench_package_1.part1.work(${number}))`), String(number + 1));
    });
  },
};

const list: Work = {
  name: 'list',
  title: 'list 100 packages',
  prepare: ({ rig, server, command }) => {
    const call = server.calls.list?.();
    return (
      call &&
      repeated(rig, command, async (connection) => {
        await ask(connection, call, ...packageNames);
      })
    );
  },
};

const show: Work = {
  name: 'show',
  title: 'show a package',
  prepare: ({ rig, server, command }) => {
    const call = server.calls.show?.('bench-package-7');
    return (
      call &&
      repeated(rig, command, async (connection) => {
        await ask(connection, call, 'bench-package-7', '1.7.0');
      })
    );
  },
};

const installed = 'peer-package';

const install: Work = {
  name: 'install',
  title: 'install a cached wheel',
  prepare: ({ rig, server, folder, command }) => {
    const call = server.calls.install?.(installed);
    if (!call) return undefined;
    const library = libraryOf(join(folder, '.venv'), rig);
    return (async () => {
      const env = { ...command.env, ...(await rig.shared(cachedIndex)) };
      const connection = await rig.connect({ ...command, env });
      return timed(
        async () => {
          await ask(connection, call);
        },
        () => {
          if (!existsSync(join(library, 'peer_package-1.0.dist-info'))) throw new Error('it installs nothing');
          removePackages(library, 'peer_package');
          return Promise.resolve();
        },
      );
    })();
  },
};

/** @returns a call of a connected server, made once an agent could have thought about the one before. */
async function repeated(rig: Rig, command: Command, work: (connection: Connection) => Promise<void>): Promise<Measure> {
  const connection = await rig.connect(command);
  return afterThinking(
    timed(async () => {
      await work(connection);
    }),
  );
}

/** @returns the environment in which installers find the package in an index, and keep it in caches of their own. */
async function cachedIndex(rig: Rig): Promise<Record<string, string>> {
  const folder = await rig.folder();
  const wheels = join(folder, 'wheels');
  await writeWheel(wheels, { name: installed, version: '1.0' });
  const index = await writeSimpleIndex(
    join(folder, 'simple'),
    readdirSync(wheels).map((name) => join(wheels, name)),
  );
  const caches = { UV_CACHE_DIR: join(folder, 'uv'), PIP_CACHE_DIR: join(folder, 'pip') };
  return { UV_DEFAULT_INDEX: index, PIP_INDEX_URL: index, PIP_DISABLE_PIP_VERSION_CHECK: '1', ...caches };
}

/** In the order of the table's columns. A server that does not start is asked for nothing else. */
export const commonWork: readonly Work[] = [start, runPrint, runImports, list, show, install];
