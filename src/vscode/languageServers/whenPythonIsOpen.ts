import { commands, Disposable, workspace, type TextDocument, type Uri } from 'vscode';
import { notifyError } from '../notifyError';
import type { Parts } from '../parts';
import { section } from '../settings';
import type { LanguageServers } from './languageServers';

/**
 * Waits for a Python file of a folder to be open: then, and unless the setting is off, the folder may get a language
 * server. What finds and runs one is loaded for that.
 */
export function serveLanguages(parts: Parts): Disposable {
  let loading: Promise<LanguageServers> | undefined;
  let disposed = false;
  const withServers = async (work: (servers: LanguageServers) => unknown): Promise<void> => {
    try {
      loading ??= import('./languageServers').then(({ LanguageServers: Servers }) => new Servers(parts));
      const servers = await loading;
      if (!disposed) await work(servers);
    } catch (error) {
      notifyError(parts.log, error);
    }
  };
  const notice = ({ languageId, uri }: TextDocument): void => {
    if (languageId === 'python' && uri.scheme === 'file' && isWanted(uri)) {
      void withServers((servers) => {
        servers.serve(uri);
      });
    }
  };
  const command = (name: string, work: (servers: LanguageServers, argument: unknown) => unknown): Disposable =>
    commands.registerCommand(`${section}.${name}`, async (argument: unknown) => {
      await withServers((servers) => work(servers, argument));
    });
  workspace.textDocuments.forEach(notice);
  return Disposable.from(
    workspace.onDidOpenTextDocument(notice),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${section}.languageServer`)) workspace.textDocuments.forEach(notice);
    }),
    command('restartLanguageServer', (servers) => {
      servers.restart();
    }),
    command('showLanguageServerLog', (servers) => {
      servers.showLog();
    }),
    command('installLanguageServer', async (servers, argument) => {
      await servers.offerInstall(argument);
    }),
    new Disposable(() => {
      disposed = true;
      void loading?.then(async (servers) => {
        await servers.dispose();
      });
    }),
  );
}

const isWanted = (uri: Uri): boolean => workspace.getConfiguration(section, uri).get('languageServer') !== 'off';
