import { Uri, window, workspace, type Event } from 'vscode';

/** The selected interpreter of each folder, as one of Microsoft's Python extensions keeps it. */
export interface PythonSelection {
  /** @returns paths of what is selected for a folder: its interpreter, its root. Whether they exist is not said. */
  readonly pathsOf: (folder: Uri) => Promise<readonly string[]>;
  /** Tells that another one is selected somewhere, whoever selected it. */
  readonly onDidChange: Event<unknown>;
  /** Selects the interpreter of a venv. @throws where the extension refuses it. */
  readonly select: (folder: Uri, python: string) => Promise<void>;
  /** Whether its item in the status bar shows now what is selected for a folder. */
  readonly isShown: (folder: Uri) => boolean;
}

/** @returns the selection behind what an extension exports; undefined where that is another API, or none. */
export function readSelection(exports: unknown): PythonSelection | undefined {
  if (isEnvironmentsApi(exports)) return selectionOfEnvironments(exports);
  return isPythonApi(exports) ? selectionOfPython(exports) : undefined;
}

/** The part that is used here of what ms-python.vscode-python-envs exports. */
interface EnvironmentsApi {
  getEnvironment(scope: Uri): Promise<unknown>;
  resolveEnvironment(path: Uri): Promise<unknown>;
  setEnvironment(scope: Uri, environment: unknown): Promise<unknown>;
  readonly onDidChangeEnvironment: Event<unknown>;
}

function isEnvironmentsApi(value: unknown): value is EnvironmentsApi {
  const methods = ['getEnvironment', 'resolveEnvironment', 'setEnvironment', 'onDidChangeEnvironment'];
  return methods.every((name) => typeof propertyOf(value, name) === 'function');
}

function selectionOfEnvironments(api: EnvironmentsApi): PythonSelection {
  return {
    pathsOf: async (folder) => {
      const selected = await api.getEnvironment(folder);
      const run = propertyOf(propertyOf(selected, 'execInfo'), 'run');
      const path = propertyOf(propertyOf(selected, 'environmentPath'), 'fsPath');
      return texts(path, propertyOf(run, 'executable'), propertyOf(selected, 'sysPrefix'));
    },
    onDidChange: (listener) => api.onDidChangeEnvironment(listener),
    // The extension notes the folder's manager of environments in its settings, where that is not the default or several
    // folders are open; its API has no way around that.
    select: async (folder, python) => {
      const environment = await api.resolveEnvironment(Uri.file(python));
      if (environment === undefined) throw new Error(`it does not know ${python}`);
      await api.setEnvironment(folder, environment);
    },
    isShown: isPythonShown,
  };
}

/** The part that is used here of what ms-python.python exports. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource: Uri): unknown;
    updateActiveEnvironmentPath(path: string, resource: Uri): Promise<unknown>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

function isPythonApi(value: unknown): value is PythonApi {
  const methods = ['getActiveEnvironmentPath', 'updateActiveEnvironmentPath', 'onDidChangeActiveEnvironmentPath'];
  const environments = propertyOf(value, 'environments');
  return methods.every((name) => typeof propertyOf(environments, name) === 'function');
}

function selectionOfPython({ environments }: PythonApi): PythonSelection {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown must become a rejection
    pathsOf: async (folder) => texts(propertyOf(environments.getActiveEnvironmentPath(folder), 'path')),
    onDidChange: (listener) => environments.onDidChangeActiveEnvironmentPath(listener),
    // Kept in the extension's own storage, not in settings.
    select: async (folder, python) => {
      await environments.updateActiveEnvironmentPath(python, folder);
    },
    isShown: (folder) => {
      const visibility = workspace.getConfiguration('python', folder).get('interpreter.infoVisibility');
      return visibility === 'always' ? isCurrent(folder) : visibility !== 'never' && isPythonShown(folder);
    },
  };
}

const isPythonShown = (folder: Uri): boolean =>
  window.activeTextEditor?.document.languageId === 'python' && isCurrent(folder);

/** Whether the active editor's file is in a folder. Where that is in none, the only folder is meant. */
function isCurrent(folder: Uri): boolean {
  const document = window.activeTextEditor?.document;
  const current = document && workspace.getWorkspaceFolder(document.uri);
  return current ? current.uri.toString() === folder.toString() : !document && workspace.workspaceFolders?.length === 1;
}

const propertyOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const texts = (...values: unknown[]): string[] => values.filter((value) => typeof value === 'string');
