import * as vscode from 'vscode';
import { displayName as label, version } from '../../package.json';
import type { Endpoint } from '../mcp/endpoint';
import { busyTools } from './busyTools';
import { callFolders } from './callFolders';
import { isOffered, onDidChangeOffer } from './chatDoors';
import { outputLog } from './outputLog';
import type { Parts } from './parts';
import { section } from './settings';

/** As contributes.mcpServerDefinitionProviders names it. */
const id = 'python-tools';

/** Where the server is before it is started: VS Code wants an address at once, and asks for the real one later. */
const unresolved = vscode.Uri.parse('http://127.0.0.1/mcp');

/** Offers the tools to VS Code's MCP client for as long as the settings and the workspace's trust allow. */
export function registerMcpProvider(parts: Parts): vscode.Disposable {
  const server = new LazyEndpoint(parts);
  const definitionsChanged = new vscode.EventEmitter<void>();
  const announce = (): void => {
    definitionsChanged.fire();
    void server.announceTools();
  };
  return vscode.Disposable.from(
    definitionsChanged,
    server,
    vscode.lm.registerMcpServerDefinitionProvider(id, {
      onDidChangeMcpServerDefinitions: definitionsChanged.event,
      provideMcpServerDefinitions: () =>
        isOffered('mcp', parts.settings()) ? [new vscode.McpHttpServerDefinition(label, unresolved, {}, version)] : [],
      resolveMcpServerDefinition: async (definition: vscode.McpHttpServerDefinition) => {
        const { url, authorization } = await server.started();
        definition.uri = vscode.Uri.parse(url);
        definition.headers = { authorization };
        return definition;
      },
    }),
    onDidChangeOffer('mcp', parts, (offered) => {
      definitionsChanged.fire();
      if (!offered) server.stop();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(announce),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) announce();
    }),
  );
}

/** The endpoint, started when it is first needed. */
class LazyEndpoint {
  readonly #parts: Parts;
  #starting: Promise<Endpoint> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async started(): Promise<Endpoint> {
    this.#starting ??= this.#start();
    return await this.#starting;
  }

  async announceTools(): Promise<void> {
    const endpoint = await this.#starting?.catch(() => undefined);
    await endpoint?.announceTools();
  }

  stop(): void {
    const closing = this.#starting?.then(async (endpoint) => {
      await endpoint.close();
    });
    this.#starting = undefined;
    closing?.catch((cause: unknown) => {
      this.#parts.log.error(`The MCP server did not close: ${String(cause)}`);
    });
  }

  dispose(): void {
    this.stop();
  }

  async #start(): Promise<Endpoint> {
    const { log, workspace, busy } = this.#parts;
    const { startEndpoint } = await import('../mcp/endpoint');
    const endpoint = await startEndpoint({
      folders: callFolders(workspace),
      wrap: (tools) => busyTools(tools, busy),
      onOutput: outputLog(log),
      confirm: async (call, folder, signal) => await (await import('./askToRemove')).askToRemove(call, folder, signal),
      log: (line) => {
        log.error(line);
      },
    });
    log.info(`MCP server on ${endpoint.url}`);
    return endpoint;
  }
}
