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
      const names = [`${section}.terminal.activateEnvironment`, 'python.terminal', 'python-envs.terminal'];
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

/** The Python extension activates by default; where both are set to, it goes first, as it did before this one came. */
function isActivatedByOthers(folder: PythonFolder): boolean {
  const uri = Uri.file(folder.root);
  const isOn = (name: string): boolean => workspace.getConfiguration('python.terminal', uri).get(name) !== false;
  const type = workspace.getConfiguration('python-envs.terminal', uri).get('autoActivationType');
  return (
    (extensions.getExtension('ms-python.python') !== undefined && isOn('activateEnvironment')) ||
    (extensions.getExtension('ms-python.vscode-python-envs') !== undefined &&
      type !== 'off' &&
      isOn('activateEnvironment'))
  );
}
