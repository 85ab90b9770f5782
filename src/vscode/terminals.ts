import { delimiter } from 'node:path';
import { Disposable, extensions, Uri, workspace, type EnvironmentVariableCollection } from 'vscode';
import type { Environment } from '../core/environment';
import type { PythonFolder } from '../core/folder';
import { relativeInside } from '../core/paths';
import { eachFolder } from './folders';
import type { Parts } from './parts';
import { section } from './settings';

/** Gives new terminals the active venv of their folder, unless Microsoft's extensions do that already. */
export function activateTerminals(parts: Parts): Disposable {
  const variables = parts.terminalVariables;
  const update = async (folder: PythonFolder): Promise<void> => {
    const active = await folder.venvs.active().catch(() => undefined);
    setVariables(parts, folder, active?.environment);
  };
  const updateAll = (): void => {
    for (const folder of parts.workspace.folders) void update(folder);
  };
  return Disposable.from(
    eachFolder(parts, (folder) => {
      void update(folder);
      return new Disposable(() => scopeOf(parts, folder)?.clear());
    }),
    parts.onDidChangeEnvironment(({ folder, environment }) => {
      setVariables(parts, folder, environment);
    }),
    workspace.onDidChangeConfiguration((change) => {
      const theirs = ['python.terminal', 'python.useEnvironmentsExtension', 'python-envs.terminal'];
      const names = [`${section}.terminal.activateEnvironment`, ...theirs];
      if (names.some((name) => change.affectsConfiguration(name))) updateAll();
    }),
    extensions.onDidChange(updateAll),
    new Disposable(() => {
      variables.clear();
    }),
  );
}

function setVariables(parts: Parts, folder: PythonFolder, environment: Environment | undefined): void {
  const scope = scopeOf(parts, folder);
  if (!scope) return;
  const wanted =
    parts.settings(folder.root).activateTerminals && !isActivatedByOthers(folder) ? environment : undefined;
  // Setting what is set already would offer people to restart their terminals.
  if (scope.get('VIRTUAL_ENV')?.value === wanted?.path) return;
  scope.clear();
  if (!wanted) return;
  const name = relativeInside(folder.root, wanted.path);
  scope.description = `Activates the Python environment ${name}`;
  scope.replace('VIRTUAL_ENV', wanted.path);
  // The shell's start files may put other Pythons first (pyenv does): after them it is put first once more.
  scope.prepend('PATH', `${wanted.scripts}${delimiter}`, {
    applyAtProcessCreation: true,
    applyAtShellIntegration: true,
  });
  // Empty is unset to Python; a collection can't take a variable out.
  scope.replace('PYTHONHOME', '');
}

function scopeOf({ terminalVariables }: Parts, folder: PythonFolder): EnvironmentVariableCollection | undefined {
  const workspaceFolder = workspace.getWorkspaceFolder(Uri.file(folder.root));
  return workspaceFolder && terminalVariables.getScoped({ workspaceFolder });
}

/**
 * Whether one of Microsoft's extensions activates; they do so by default, and go first, as they did before this one came.
 * Where Python Environments is in use, it alone activates, and its own setting goes before the older one.
 */
function isActivatedByOthers(folder: PythonFolder): boolean {
  const uri = Uri.file(folder.root);
  const python = workspace.getConfiguration('python', uri);
  const isOn = python.get('terminal.activateEnvironment') !== false;
  const isInstalled = (name: string): boolean => extensions.getExtension(`ms-python.${name}`) !== undefined;
  if (isInstalled('vscode-python-envs') && python.get('useEnvironmentsExtension') !== false) {
    const type = workspace.getConfiguration('python-envs.terminal').inspect('autoActivationType')?.globalValue;
    return type === undefined ? isOn : type !== 'off';
  }
  return isInstalled('python') && isOn;
}
