import { Uri, workspace } from 'vscode';
import { languageServers, ruffServer, serverNames } from '../../core/languageServers/servers';
import { expandNames, isTree, mergeTrees, type SettingsTree } from '../../core/languageServers/settingsTree';
import { section } from '../settings';

/** What the user wants of language servers in a folder. */
export interface LanguageSettings {
  readonly languageServer: 'auto' | 'off' | (typeof serverNames)[number];
  /** The executable to use rather than one that is found, as it is written; undefined for none. */
  readonly path: string | undefined;
  /** Whether the workspace names it, and not the user: then it must lie outside of the folder. */
  readonly isPathOfWorkspace: boolean;
  readonly ruff: boolean;
  /** For the servers, by their own names: the editor's sections, with `languageServerSettings` over them. */
  readonly forServers: SettingsTree;
  /** Of those, what was set for this extension only, which nothing overrides. */
  readonly own: SettingsTree;
}

/** @returns the settings of a folder as they are now. Values that are not valid count as unset. */
export function readLanguageSettings(root: string): LanguageSettings {
  const uri = Uri.file(root);
  const configuration = workspace.getConfiguration(section, uri);
  const chosen = configuration.get<unknown>('languageServer');
  const path = configuration.get<unknown>('languageServerPath');
  const pathIn = configuration.inspect<unknown>('languageServerPath');
  const own = configuration.get<unknown>('languageServerSettings');
  const sections = new Set([...languageServers, ruffServer].flatMap((server) => server.sections));
  const editor = workspace.getConfiguration(undefined, uri);
  const ownTree = isTree(own) ? expandNames(own) : {};
  return {
    languageServer: (['off', ...serverNames] as const).find((name) => name === chosen) ?? 'auto',
    path: typeof path === 'string' && path.trim() !== '' ? path.trim() : undefined,
    isPathOfWorkspace: pathIn?.workspaceFolderValue !== undefined || pathIn?.workspaceValue !== undefined,
    ruff: configuration.get<unknown>('ruffServer') !== false,
    forServers: mergeTrees(Object.fromEntries([...sections].map((name) => [name, plain(editor.get(name))])), ownTree),
    own: ownTree,
  };
}

/** VS Code hands out objects that cannot be sent. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
