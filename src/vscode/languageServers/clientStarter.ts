import { createInterface } from 'node:readline';
import { Uri, workspace, type LogOutputChannel } from 'vscode';
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type { FoundServer } from '../../core/languageServers/findServers';
import { serverLaunch } from '../../core/languageServers/serverLaunch';
import type { RunningServer, ServerPlan } from '../../core/languageServers/serverSlot';
import { isSameName } from '../../core/pathIdentity';
import { startService, type Service } from '../../core/process/service';
import { thisMachine } from '../../core/files/storage';
import { middlewareFor, neverRestarts, toldOfDiagnostics } from './clientMiddleware';
import { ServerCommands } from './serverCommands';
import { ServedSettings } from './servedSettings';
import { traceChannel } from './traceChannel';

/** How long a server may take until it answers: one of them downloads itself at its first start. */
const startLimitMs = 120_000;

/** Starts servers and the clients that talk to them. */
export class ClientStarter {
  readonly #log: LogOutputChannel;
  readonly #commands = new ServerCommands();

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** @throws where the server does not start, or ends before it has answered. */
  async start(root: string, found: FoundServer, plan: ServerPlan, signal: AbortSignal): Promise<RunningServer> {
    const { server, path } = found;
    this.#log.info(`Starting ${path} for ${root}`);
    const service = await startService(serverLaunch(found, root, plan.python, thisMachine()));
    createInterface(service.stderr).on('line', (line) => {
      this.#log.info(`[${server.name}] ${line}`);
    });
    const settings = new ServedSettings(server, root, plan);
    const trace = traceChannel(this.#log);
    const client = new LanguageClient(
      'pythonTools',
      server.name,
      () => Promise.resolve({ reader: service.stdout, writer: service.stdin }),
      this.#options(root, settings, trace.channel),
    );
    client.registerFeature(toldOfDiagnostics);
    const withdraw = this.#shareCommands(client, (uri) => isIn(root, uri));
    void service.ended.then(({ exitCode, signal: by }) => {
      this.#log.info(`${path} for ${root} ended with ${exitCode ?? by ?? 'nothing'}`);
      withdraw();
      trace.dispose();
    });
    await untilStarted(client, service, signal);
    let stopping = false;
    return {
      version: client.initializeResult?.serverInfo?.version,
      ended: service.ended.then(({ intended }) => ({ intended: intended || stopping })),
      refresh: async (now) => {
        settings.follow(now);
        await client.sendNotification(DidChangeConfigurationNotification.type, { settings: settings.pushed() });
      },
      stop: async () => {
        stopping = true;
        await client.stop().catch((error: unknown) => {
          this.#log.warn(`${path} was not stopped as it should be: ${String(error)}`);
        });
        await service.end();
      },
    };
  }

  #options(root: string, settings: ServedSettings, traceOutputChannel: LogOutputChannel): LanguageClientOptions {
    const uri = Uri.file(root);
    const workspaceFolder = workspace.getWorkspaceFolder(uri);
    return {
      documentSelector: [{ scheme: 'file', language: 'python', pattern: { baseUri: uri.toString(), pattern: '**/*' } }],
      ...(workspaceFolder ? { workspaceFolder } : {}),
      initializationOptions: settings.initializationOptions(),
      outputChannel: this.#log,
      traceOutputChannel,
      errorHandler: neverRestarts,
      initializationFailedHandler: () => false,
      middleware: middlewareFor(settings, (file) => isIn(root, file)),
    };
  }

  /** Registers what the server announces with those of the other folders, since VS Code knows each name once. */
  #shareCommands(client: LanguageClient, owns: (uri: Uri) => boolean): () => void {
    const feature = client.getFeature(ExecuteCommandRequest.method);
    const registered = new Map<string, () => void>();
    const execute = async (command: string, args: unknown[]): Promise<unknown> =>
      await client.sendRequest('workspace/executeCommand', { command, arguments: args });
    feature.register = ({ id, registerOptions }) => {
      registered.set(id, this.#commands.add(registerOptions.commands, { owns, execute }));
    };
    feature.unregister = (id) => {
      registered.get(id)?.();
      registered.delete(id);
    };
    const withdrawAll = (): void => {
      for (const withdraw of registered.values()) withdraw();
      registered.clear();
    };
    feature.clear = withdrawAll;
    return withdrawAll;
  }
}

/** A file is of the innermost folder that holds it. */
function isIn(root: string, uri: Uri): boolean {
  const folder = workspace.getWorkspaceFolder(uri);
  return folder !== undefined && isSameName(folder.uri.fsPath, root);
}

async function untilStarted(client: LanguageClient, service: Service, signal: AbortSignal): Promise<void> {
  const end = (): void => void service.end();
  const limit = setTimeout(end, startLimitMs);
  signal.addEventListener('abort', end);
  const starting = client.start();
  starting.catch(() => undefined);
  const early = service.ended.then(({ exitCode, signal: by }) => {
    throw new Error(`it ended with ${exitCode ?? by ?? 'nothing'} before it answered`);
  });
  early.catch(() => undefined);
  try {
    if (signal.aborted) throw new Error('it is no longer wanted');
    await Promise.race([starting, early]);
  } catch (error) {
    await service.end();
    throw error;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', end);
  }
}
