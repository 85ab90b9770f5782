import { commands, ConfigurationTarget, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { relativeInside } from '../../core/paths';
import { readArguments } from '../commands/commandArguments';
import { commandFolder } from '../commands/commandFolder';
import type { Parts } from '../parts';
import { section } from '../settings';

/** Asks whether a language server shall be installed into a folder's environment, or never be offered there again. */
export async function offerInstall(parts: Parts, argument: unknown): Promise<void> {
  const folder = await commandFolder(parts, readArguments(argument));
  if (!folder) return;
  const active = await folder.venvs.active().catch(() => undefined);
  const venv = active?.environment ? relativeInside(folder.root, active.environment.path) : '.venv';
  const install: QuickPickItem = {
    label: `$(desktop-download) Install basedpyright into ${venv}`,
    detail: 'Checks types and imports, completes, finds definitions. Starts by itself once it is there.',
  };
  const never: QuickPickItem = {
    label: '$(circle-slash) Never',
    detail: 'Sets pythonTools.languageServer to "off" for this folder.',
  };
  const chosen = await window.showQuickPick([install, never], { title: 'Python Language Server' });
  if (chosen === install) {
    const what = { folder: folder.root, packages: ['basedpyright'] };
    await commands.executeCommand('pythonTools.installPackages', what);
  } else if (chosen === never) {
    const configuration = workspace.getConfiguration(section, Uri.file(folder.root));
    await configuration.update('languageServer', 'off', ConfigurationTarget.WorkspaceFolder);
  }
}
