import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { testPythons, type TestPython } from '../support/pythons';
import { Skipped } from './comparison';

const run = promisify(execFile);

/** A command line, with what it finds around it. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A client of the SDK, connected to a server over stdio. */
export interface Connection {
  readonly client: Client;
  readonly pid: number;
  /** @returns the structured result of a call. @throws where the call could not do what was asked. */
  readonly ask: (tool: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** What the rows are measured with: folders that go with it, Pythons, uv, our server and clients for it. */
export class Rig {
  readonly python: TestPython;
  /** Where the production bundle lies. */
  readonly dist: string;
  readonly #root: string;
  readonly #open = new Set<Connection>();
  readonly #ends: (() => Promise<void>)[] = [];
  readonly #made = new Map<unknown, Promise<unknown>>();
  #folders = 0;

  static async set(dist: string): Promise<Rig> {
    return new Rig(dist, await realpath(await mkdtemp(join(tmpdir(), 'python-tools-bench-'))));
  }

  private constructor(dist: string, root: string) {
    const python = testPythons().at(-1);
    if (!python) throw new Error('The benchmarks need a Python 3.8 or newer.');
    this.python = python;
    this.dist = dist;
    this.#root = root;
  }

  /** @returns the path of uv. @throws Skipped where there is none. */
  get uv(): string {
    const uv = process.env['PYTHON_TOOLS_TEST_UV'];
    if (uv === undefined) throw new Skipped('there is no uv');
    return uv;
  }

  /** @returns a new folder. */
  async folder(): Promise<string> {
    const path = join(this.#root, String(++this.#folders));
    await mkdir(path);
    return path;
  }

  /** @returns what `make` makes, made once for all rows. */
  async shared<T>(make: (rig: Rig) => Promise<T>): Promise<T> {
    const made = this.#made.get(make) ?? make(this);
    this.#made.set(make, made);
    return (await made) as T;
  }

  /** Runs a command as a person or an agent would. @returns its standard output. @throws where it fails. */
  async run({ command, args, cwd, env }: Command): Promise<string> {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
    return (await run(command, [...args], options)).stdout;
  }

  /** @returns a client of our server on a folder. */
  async serve(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Connection> {
    return await this.connect(this.server(folder, env));
  }

  /** @returns how our server is started. Without uv, unless the environment names one. */
  server(folder: string, env: Readonly<Record<string, string>> = {}): Command {
    const args = [join(this.dist, 'stdio.js'), '--workspace', folder];
    return { command: process.execPath, args, env: { PYTHON_TOOLS_UV: '', ...env } };
  }

  /** @returns a client of any server. */
  async connect({ command, args, cwd, env }: Command): Promise<Connection> {
    const client = new Client({ name: 'bench', version: '1.0.0' });
    const host = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const transport = new StdioClientTransport({
      command,
      args: [...args],
      env: { ...Object.fromEntries(host), ...env },
      stderr: 'pipe',
      ...(cwd === undefined ? {} : { cwd }),
    });
    let said = '';
    transport.stderr?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-4000)));
    await client.connect(transport, { timeout: 30_000 }).catch(async (cause: unknown) => {
      await client.close();
      throw new Error(`it does not start: ${lastWords(said) || String(cause)}`);
    });
    const connection: Connection = {
      client,
      pid: transport.pid ?? NaN,
      ask: async (name, input) => {
        const result = await client.callTool({ name, arguments: input }, undefined, { timeout: 300_000 });
        if (result.isError === true) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
        return result.structuredContent as Record<string, unknown>;
      },
      close: async () => {
        this.#open.delete(connection);
        await client.close();
      },
    };
    this.#open.add(connection);
    return connection;
  }

  /** Has something else ended with the row. */
  closeLater(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  /** Ends what a row has opened. */
  async close(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    await Promise.all(
      [...this.#open].map(async ({ close }) => {
        await close();
      }),
    );
  }

  async clear(): Promise<void> {
    await this.close();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @returns the last error that a program told of, else the last line that it wrote. */
function lastWords(text: string): string {
  const lines = stripVTControlCharacters(text).trimEnd().split('\n');
  return /(?:error|Error): .*?(?=at file:|$)/.exec(lines.at(-1) ?? '')?.[0] ?? lines.at(-1) ?? '';
}
