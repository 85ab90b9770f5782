import { delimiter, dirname, join } from 'node:path';
import type { Command, Rig } from '../rig';
import { pythonOf } from '../venvs';
import { installPeer } from './installPeer';
import type { Calls, Server } from './server';

/** A server of somebody else's, in the version that was the newest when this was written. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly from: 'PyPI' | 'npm';
  /**
   * Packages to install along with it. Without bounds, version 2 of the MCP SDK, which came later, keeps most servers
   * from starting.
   */
  readonly along?: readonly string[];
  /** What its runs are. */
  readonly runs: string;
  /** What it loads from elsewhere when it starts. */
  readonly needs?: string;
  readonly calls: Calls;
  readonly start: (place: Place) => readonly [program: string, ...args: string[]];
}

/** Where a peer works. */
interface Place {
  readonly folder: string;
  /** Of the folder's `.venv`. */
  readonly python: string;
  /** The Python of all venvs, such as "3.13.0". */
  readonly version: string;
}

const inProcess = 'a process each';
const inOwnProcess = "a process each, of the server's Python";
const inOneInterpreter = "all in the server's interpreter";

const before2 = ['mcp<2'];
const fastBefore3 = ['mcp<2', 'fastmcp<3'];

export const peers: readonly Peer[] = [
  {
    ...{ name: 'mcp-python-interpreter', version: '1.2.3', from: 'PyPI', along: fastBefore3, runs: inProcess },
    start: ({ folder, python }) => ['mcp-python-interpreter', '--dir', folder, '--python-path', python],
    calls: {
      run: (code) => ({
        tool: 'run_python_code',
        input: { code, execution_mode: 'subprocess', environment: 'default' },
      }),
      seesVenv: true,
      list: () => ({ tool: 'list_installed_packages', input: { environment: 'default' } }),
      install: (name) => ({ tool: 'install_package', input: { package_name: name, environment: 'default' } }),
    },
  },
  {
    ...{ name: 'uv-mcp', version: '0.3.0', from: 'PyPI', along: before2, runs: inProcess },
    start: () => ['uv-mcp'],
    calls: {
      run: (code) => ({ tool: 'uv_run', input: { command: ['python', '-c', code] } }),
      seesVenv: true,
      // Its tool pip_list answers with an error of its own.
      list: () => ({ tool: 'pip', input: { command: ['list'] } }),
      show: (name) => ({ tool: 'pip', input: { command: ['show', name] } }),
      install: (name) => ({ tool: 'pip_install', input: { package_name: name } }),
    },
  },
  {
    ...{ name: 'uv-mcp-server', version: '0.6.4', from: 'PyPI', along: fastBefore3, runs: '' },
    start: () => ['uv-mcp-server'],
    calls: {
      list: () => ({ tool: 'uv_list_dependencies', input: {} }),
      show: (name) => ({ tool: 'uv_show_package_info', input: { package_name: name } }),
    },
  },
  {
    ...{ name: 'py-exec-mcp', version: '0.2.0', from: 'PyPI', along: before2, runs: inProcess },
    start: () => ['py-exec-mcp'],
    calls: { run: (code) => ({ tool: 'run_python', input: { code } }), seesVenv: true },
  },
  {
    ...{ name: 'mcp-server-code-runner', version: '0.1.8', from: 'npm', runs: inProcess },
    start: () => ['mcp-server-code-runner'],
    calls: { run: (code) => ({ tool: 'run-code', input: { code, languageId: 'python' } }), seesVenv: true },
  },
  {
    ...{ name: 'code-executor-mcp', version: '1.0.12', from: 'PyPI', along: before2, runs: inProcess },
    start: () => ['code_executor_mcp'],
    calls: { run: (code) => ({ tool: 'execute_code', input: { code } }), seesVenv: true },
  },
  {
    ...{ name: 'python-interpreter-mcp', version: '0.1.0', from: 'PyPI', along: before2, runs: '`uv run` each' },
    start: () => ['python-interpreter-mcp'],
    calls: { run: (code) => ({ tool: 'run_script', input: { script: code } }), seesVenv: true },
  },
  {
    ...{ name: 'mcp-python-exec-sandbox', version: '0.1.8', from: 'PyPI', along: fastBefore3 },
    runs: '`uv run --script` each',
    start: ({ version }) => ['mcp-python-exec-sandbox', ...['--sandbox-backend', 'none', '--python-version', version]],
    calls: { run: (code) => ({ tool: 'execute_python', input: { script: code } }) },
  },
  {
    ...{ name: 'quick-mcp-shell', version: '0.4.3', from: 'PyPI', along: before2, runs: inOwnProcess },
    start: () => ['quick-mcp-shell'],
    calls: { run: (code) => ({ tool: 'run_python_script', input: { script: code } }) },
  },
  {
    ...{ name: 'mcp-pyrunner', version: '0.2.4', from: 'PyPI', along: before2, runs: inOwnProcess },
    start: () => ['mcp-pyrunner'],
    calls: { run: (code) => ({ tool: 'run_python', input: { code } }) },
  },
  {
    ...{ name: 'mcp-python', version: '0.1.4', from: 'PyPI', along: before2, runs: inOneInterpreter },
    start: () => ['mcp-python'],
    calls: { run: (code) => ({ tool: 'execute_python', input: { code } }) },
  },
  {
    ...{ name: 'mcp-python-repl', version: '0.1.1', from: 'PyPI', along: before2, runs: inOneInterpreter },
    start: () => ['mcp-python-repl'],
    calls: { run: (code) => ({ tool: 'repl_run_code', input: { params: { code } } }) },
  },
  {
    ...{ name: 'mcp-run-python', version: '0.0.22', from: 'PyPI', along: ['mcp<2', 'deno==2.9.8'] },
    runs: 'Pyodide in Deno',
    needs: "packages of JSR, and Pyodide's from a CDN, which neither PyPI nor npm has",
    start: () => ['mcp-run-python', 'stdio'],
    calls: { run: (code) => ({ tool: 'run_python_code', input: { python_code: code } }) },
  },
];

/** Known servers that no package index has. */
export const unpublished: readonly { readonly name: string; readonly failure: string }[] = [
  { name: 'mcp_code_executor', failure: 'it is on neither PyPI nor npm, only in a Git repository' },
];

/** @returns how a peer is driven, once it is installed. @throws Skipped where that is not possible. */
export async function serverOf(peer: Peer, rig: Rig): Promise<Server> {
  const bin = await installPeer(peer, rig);
  return {
    name: peer.name,
    calls: peer.calls,
    command: async (folder): Promise<Command> => {
      const python = pythonOf(join(folder, '.venv'));
      const [program, ...args] = peer.start({ folder, python, version: rig.python.version });
      const places = [dirname(python), bin, dirname(rig.uv), dirname(rig.python.path), process.env['PATH'] ?? ''];
      const home = await rig.shared(homeOfPeers);
      return {
        command: join(bin, program),
        args,
        cwd: folder,
        env: { PATH: places.join(delimiter), HOME: home, USERPROFILE: home },
      };
    },
  };
}

/** Some keep things there. */
const homeOfPeers = async (rig: Rig): Promise<string> => await rig.folder();
