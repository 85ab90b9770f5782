import type { GlobalEnvironmentVariableCollection, LogOutputChannel, Memento } from 'vscode';
import type { EnvironmentChanged } from '../core/folder';
import type { Finder } from '../core/interpreters/finder';
import type { Settings } from '../core/settings';
import type { Workspace } from '../core/workspace';
import type * as tools from '../tools';
import type { Busy } from './busy';
import type { TheirSelection } from './pythonExtension/theirSelection';

/** What the parts of the extension share; made once by extension.ts, passed to each. */
export interface Parts {
  readonly log: LogOutputChannel;
  /** The open folders with their managers, kept in step with VS Code's. */
  readonly workspace: Workspace;
  /** Finds the Pythons of the machine. */
  readonly finder: Finder;
  /** Forgets what is known of the machine and its packages, to find out anew. */
  readonly forget: () => Promise<void>;
  readonly settings: (root?: string) => ExtensionSettings;
  /** Which folders are being changed, for spinners. */
  readonly busy: Busy;
  /** Calls `listener` after folders were opened or closed. */
  readonly onDidChangeFolders: (listener: () => void) => { dispose: () => void };
  /** Calls `listener` for every change in any folder, also in one that is opened later. */
  readonly onDidChangeEnvironment: (listener: (event: EnvironmentChanged) => void) => { dispose: () => void };
  /** What Microsoft's Python extensions have selected. */
  readonly theirs: TheirSelection;
  /** What is remembered for the next time that the workspace is opened. */
  readonly memory: Memento;
  /** What new terminals find in their environment. */
  readonly terminalVariables: GlobalEnvironmentVariableCollection;
  /** Loads the tools with their schemas, on first use. */
  readonly loadTools: () => Promise<typeof tools>;
}

/** All settings of the extension, those of the managers among them. */
export interface ExtensionSettings extends Settings {
  readonly enable: boolean;
  readonly chatIntegration: 'languageModelTools' | 'mcp' | 'both';
  readonly activateTerminals: boolean;
  /** Whether the selection of Microsoft's Python extensions is adopted, or ours set there. */
  readonly syncWithPythonExtension: 'follow' | 'push' | 'off';
  /** Whether chats may run Python without asking, as the user alone can say. */
  readonly trustRuns: boolean;
  /** Whether chats may create environments and install without asking, as the user alone can say. */
  readonly trustInstalls: boolean;
  /** Whether the question before an install shows what it would change. */
  readonly showInstallPlan: boolean;
}
