import { extensions, Uri, workspace } from 'vscode';
import { homeFolder } from '../../core/files/homeFolder';
import type { PythonFolder } from '../../core/folder';
import { findServers, serverAt, type FoundServer } from '../../core/languageServers/findServers';
import { lintingExtension, servingExtension } from '../../core/languageServers/otherExtensions';
import { languageServers, ruffServer, type LanguageServer } from '../../core/languageServers/servers';
import type { ServerPlan } from '../../core/languageServers/serverSlot';
import { absolutePath } from '../../core/paths';
import { thisMachine } from '../../core/files/storage';
import { readLanguageSettings, type LanguageSettings } from './languageSettings';

export type Role = LanguageServer['role'];

/** Why nothing is to run: the user wants nothing, or an extension, given by its id, does the same. */
export type NoSearch = { readonly because: 'off' } | { readonly because: 'other'; readonly extension: string };

/** What a folder's servers are to be, and why nothing where it is nothing. */
export interface FolderPlan extends ServerPlan {
  /** Undefined where servers were looked for. */
  readonly noSearch: NoSearch | undefined;
}

/** @returns what is to serve a folder in a role, as things are now. Starts nothing but, at most, an unknown Python. */
export async function planFor(folder: PythonFolder, role: Role): Promise<FolderPlan> {
  const settings = readLanguageSettings(folder.root);
  const noSearch = whyNot(folder, role, settings);
  const environment =
    noSearch === undefined
      ? await folder.environmentToRun().then(
          (inUse) => inUse.environment,
          () => undefined, // A selected venv that broke, or no Python at all: the server does what it does by itself.
        )
      : undefined;
  const scripts = environment?.isVenv === true ? environment.scripts : undefined;
  return {
    noSearch,
    servers: noSearch === undefined ? serversFor(folder, role, settings, scripts) : [],
    python: environment,
    settings: JSON.stringify(settings.forServers),
  };
}

function whyNot({ root }: PythonFolder, role: Role, settings: LanguageSettings): NoSearch | undefined {
  if (settings.languageServer === 'off' || (role === 'lint' && !settings.ruff)) return { because: 'off' };
  // Who names a server wants that one.
  if (role === 'language' && settings.languageServer !== 'auto') return undefined;
  const has = (id: string): boolean => extensions.getExtension(id) !== undefined;
  const pythonLanguageServer = workspace.getConfiguration('python', Uri.file(root)).get<unknown>('languageServer');
  const extension = role === 'lint' ? lintingExtension({ has }) : servingExtension({ has, pythonLanguageServer });
  return extension === undefined ? undefined : { because: 'other', extension };
}

function serversFor(
  { root }: PythonFolder,
  role: Role,
  { languageServer, path }: LanguageSettings,
  scripts: string | undefined,
): FoundServer[] {
  const machine = thisMachine();
  if (role === 'lint') return findServers([ruffServer], { machine, scripts });
  const wanted = languageServers.filter(({ name }) => languageServer === 'auto' || languageServer === name);
  if (path === undefined) return findServers(wanted, { machine, scripts });
  const named = absolutePath(
    root,
    path.replace('${workspaceFolder}', () => root),
    homeFolder(),
  );
  return [serverAt(named, wanted, machine.platform) ?? []].flat();
}
