import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Skipped, timed, type CommonWork, type Measure } from './comparison';
import type { Command, Rig } from './rig';
import { startToTools } from './rows/start';
import { program } from './rows/runs';
import { folderOfHundred, pythonOf } from './venvs';

/** Another MCP server that runs Python or asks about packages, as scripts/peers.mjs installed it. */
export interface Peer {
  readonly name: string;
  /** What each part of the work is there. One that keeps an interpreter running for all runs is asked for a process each. */
  readonly calls: Partial<Record<'run' | 'list', { readonly tool: string; readonly input: Record<string, unknown> }>>;
  /** @param bin where its executables lie. @param folder what it works on, with a `.venv`. */
  readonly server: (bin: string, folder: string) => Command;
}

const inFolder = (command: string, args: readonly string[], cwd: string, path: readonly string[] = []): Command => ({
  command,
  args,
  cwd,
  env: { PATH: [...path, process.env['PATH'] ?? ''].join(delimiter) },
});

export const peers: readonly Peer[] = [
  {
    name: 'mcp-python-interpreter',
    calls: {
      run: {
        tool: 'run_python_code',
        input: { code: program, execution_mode: 'subprocess', environment: 'default' },
      },
      list: { tool: 'list_installed_packages', input: { environment: 'default' } },
    },
    server: (bin, folder) =>
      inFolder(
        join(bin, 'mcp-python-interpreter'),
        ['--dir', folder, '--python-path', pythonOf(join(folder, '.venv'))],
        folder,
      ),
  },
  {
    name: 'uv-mcp',
    calls: {
      run: { tool: 'uv_run', input: { command: ['python', '-c', program] } },
      list: { tool: 'pip_list', input: {} },
    },
    server: (bin, folder) => inFolder(join(bin, 'uv-mcp'), [], folder, [bin]),
  },
  {
    name: 'mcp-server-code-runner',
    calls: { run: { tool: 'run-code', input: { code: program, languageId: 'python' } } },
    server: (bin, folder) =>
      inFolder(join(bin, 'mcp-server-code-runner'), [], folder, [join(pythonOf(join(folder, '.venv')), '..')]),
  },
  {
    name: 'mcp-run-python',
    calls: { run: { tool: 'run_python_code', input: { python_code: program } } },
    server: (bin, folder) => inFolder(join(bin, 'mcp-run-python'), ['stdio'], folder, [bin]),
  },
];

/** @returns the peer doing its part of the work. @throws Skipped where it cannot, with the reason. */
export async function measureOf(peer: Peer, work: CommonWork, rig: Rig): Promise<Measure | undefined> {
  const folder = await rig.shared(folderOfHundred);
  const server = peer.server(binOf(peer), folder);
  if (work === 'start') return startToTools(rig, server);
  const call = peer.calls[work];
  if (!call) return undefined;
  const { client } = await rig.connect(server);
  const run = async () => {
    const result = await client.callTool({ name: call.tool, arguments: call.input }, undefined, { timeout: 60_000 });
    const text = JSON.stringify(result.content);
    const expected = work === 'run' ? '1' : 'bench-package-99';
    if (result.isError === true || !text.includes(expected)) throw new Skipped(`it answers ${text.slice(0, 200)}`);
  };
  await run();
  return timed(run);
}

function binOf({ name }: Peer): string {
  const folder = join(process.env['PYTHON_TOOLS_TEST_PEERS'] ?? '', name);
  const bins = [join(folder, 'bin'), join(folder, 'Scripts'), join(folder, 'node_modules', '.bin')];
  const bin = bins.find((path) => existsSync(path));
  if (bin === undefined) throw new Skipped('it could not be installed');
  return bin;
}
