import { pathToFileURL } from 'node:url';
import {
  ConfigurationRequest,
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidOpenTextDocumentNotification,
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
import { eventually } from './waiting';

/** The client's side of the Language Server Protocol, as far as tests need it. */
export class LanguageServerPeer {
  readonly #connection: ProtocolConnection;
  readonly #published = new Map<string, readonly string[]>();
  /** What the server gets for `workspace/configuration`. */
  settings: SettingsTree;

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
    this.#connection.onRequest(RegistrationRequest.type, () => undefined);
    this.#connection.onRequest('window/workDoneProgress/create', () => null);
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
        textDocument: { publishDiagnostics: {}, hover: {} },
      },
    });
    await this.#connection.sendNotification(InitializedNotification.type, {});
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

  /** @returns the messages of a file, once the server has told of those that are wanted. @throws after 30 s. */
  async untilDiagnostics(path: string, wanted: (messages: readonly string[]) => boolean): Promise<readonly string[]> {
    const uri = pathToFileURL(path).href;
    return await eventually(() => {
      const seen = this.#published.get(uri);
      return seen && wanted(seen) ? seen : undefined;
    }, 30_000);
  }

  async shutDown(): Promise<void> {
    await this.#connection.sendRequest(ShutdownRequest.type);
    await this.#connection.sendNotification(ExitNotification.type);
    this.#connection.dispose();
  }
}
