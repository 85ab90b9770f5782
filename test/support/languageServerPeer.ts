import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  ConfigurationRequest,
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  type InitializeResult,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { sectionOf, type SettingsTree } from '../../src/core/languageServers/settingsTree';
import type { Service } from '../../src/core/process/service';

/** The client's side of the Language Server Protocol, as far as tests need it. */
export class LanguageServerPeer {
  readonly #connection: ProtocolConnection;
  readonly #published = new Map<string, readonly string[]>();
  /** What the server gets for `workspace/configuration`. */
  settings: SettingsTree;
  /** Whether the server wants to be asked for diagnostics rather than to tell of them. */
  #pulls = false;

  constructor({ stdout, stdin }: Service, settings: SettingsTree) {
    this.settings = settings;
    this.#connection = createProtocolConnection(stdout, stdin);
    this.#connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.#published.set(
        uri,
        diagnostics.map(({ message }) => (typeof message === 'string' ? message : message.value)),
      );
    });
    this.#connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(({ section }) => (section === undefined ? this.settings : sectionOf(this.settings, section))),
    );
    this.#connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.#pulls ||= registrations.some(({ method }) => method === DocumentDiagnosticRequest.method);
    });
    for (const method of ['window/workDoneProgress/create', 'workspace/diagnostic/refresh']) {
      this.#connection.onRequest(method, () => null);
    }
    this.#connection.listen();
  }

  async initialize(root: string, initializationOptions: unknown): Promise<InitializeResult> {
    const uri = pathToFileURL(root).href;
    const result = await this.#connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the protocol asks for it all the same
      rootUri: null,
      workspaceFolders: [{ uri, name: 'folder' }],
      ...(initializationOptions === undefined ? {} : { initializationOptions }),
      capabilities: {
        workspace: {
          configuration: true,
          didChangeConfiguration: { dynamicRegistration: true },
          workspaceFolders: true,
        },
        textDocument: { publishDiagnostics: {}, diagnostic: { dynamicRegistration: true }, hover: {} },
      },
    });
    await this.#connection.sendNotification(InitializedNotification.type, {});
    this.#pulls ||= result.capabilities.diagnosticProvider !== undefined;
    return result;
  }

  async open(path: string, text: string): Promise<void> {
    const textDocument = { uri: pathToFileURL(path).href, languageId: 'python', version: 1, text };
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  /** Tells of changed settings. @param pushed what is sent with it. */
  async changeSettings(settings: SettingsTree, pushed: boolean): Promise<void> {
    this.settings = settings;
    const params = { settings: pushed ? settings : null };
    await this.#connection.sendNotification(DidChangeConfigurationNotification.type, params);
  }

  /** @returns the text that is shown for a place in a file, once the server has one. */
  async hover(path: string, line: number, character: number): Promise<string> {
    const params = { textDocument: { uri: pathToFileURL(path).href }, position: { line, character } };
    const found = await this.#connection.sendRequest(HoverRequest.type, params);
    return JSON.stringify(found?.contents ?? '');
  }

  /** Looks, by the server's own way, every 100 ms until the messages of a file are as wanted. */
  async untilDiagnostics(path: string, wanted: (messages: readonly string[]) => boolean): Promise<readonly string[]> {
    const uri = pathToFileURL(path).href;
    let seen: readonly string[] | undefined;
    for (let attempt = 0; attempt < 300; attempt++) {
      seen = this.#pulls ? await this.#pull(uri) : this.#published.get(uri);
      if (seen && wanted(seen)) return seen;
      await delay(100);
    }
    throw new Error(`not seen in 30 s; last: ${JSON.stringify(seen)}`);
  }

  async shutDown(): Promise<void> {
    await this.#connection.sendRequest(ShutdownRequest.type);
    await this.#connection.sendNotification(ExitNotification.type);
    this.#connection.dispose();
  }

  async #pull(uri: string): Promise<readonly string[]> {
    const report = await this.#connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
    if (report.kind !== 'full') return [];
    return report.items.map(({ message }) => (typeof message === 'string' ? message : message.value));
  }
}
