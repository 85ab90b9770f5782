import { ToolError } from '../toolError';
import { nameProcesses } from './nameProcesses';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** At most five names, each on one line and short. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name.length > 100 ? `${name.slice(0, 99)}…` : name));
  return `${shown.join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}

/** Failures that concern environments and inline script metadata. */
export const environmentErrors = {
  venvNotFound: (path: string, others: readonly string[] = []) =>
    new ToolError(
      'venv_not_found',
      `There is no virtual environment at "${path}".`,
      `Create it with python.venv {"action": "create", "path": ${JSON.stringify(path)}}, or ${others.length > 0 ? `use one of those there are: ${quoted(others)}` : 'see {"action": "list"}'}.`,
    ),
  noActiveVenv: () =>
    new ToolError(
      'venv_not_found',
      'This folder has no virtual environment, and the base Python is never modified.',
      'Create one with python.venv {"action": "create"}, then call again.',
    ),
  venvExists: (path: string) =>
    new ToolError(
      'venv_exists',
      `A virtual environment exists at "${path}" already.`,
      `Use it with python.venv {"action": "select", "path": ${JSON.stringify(path)}}, or delete it first with {"action": "delete", "path": ${JSON.stringify(path)}}.`,
    ),
  venvBroken: (path: string, reason: string) =>
    new ToolError(
      'venv_broken',
      `The virtual environment "${path}" is broken: ${reason}.`,
      `Delete it with python.venv {"action": "delete", "path": ${JSON.stringify(path)}} and create it again, or select another.`,
    ),
  notAVenv: (path: string) =>
    new ToolError(
      'not_a_venv',
      `"${path}" is not a virtual environment (it has no pyvenv.cfg).`,
      'See python.venv {"action": "list"} for those there are.',
    ),
  venvInUse: (path: string, users: readonly { readonly pid: number; readonly name: string }[]) =>
    new ToolError(
      'permission_denied',
      users.length > 0
        ? `"${path}" is in use by ${nameProcesses(users)}, so it was not deleted; it is as it was.`
        : `Windows does not let "${path}" go: a process has a file in it open, or this user may not change it. It is as it was.`,
      'End what uses it (a terminal, a notebook, a debugger, a running program), then call again.',
    ),
  environmentBusy: (path: string, pid: number | undefined, limitMs: number) =>
    new ToolError(
      'timeout',
      `Another process${pid === undefined ? '' : ` (${pid})`} was still changing "${path}" after ${Math.round(limitMs / 1000)} s. Nothing was changed by this call.`,
      'Call again when that process is done, or end it.',
    ),
  venvCannotGo: (path: string, obstacle: string, reason: string) =>
    new ToolError(
      'permission_denied',
      `"${path}" was not deleted, since "${obstacle}" cannot be removed: ${reason}. The environment is as it was.`,
      'Ask the user to change that, or to remove the folder by hand.',
    ),
  venvPartlyDeleted: (
    path: string,
    reason: string,
    users: readonly { readonly pid: number; readonly name: string }[],
  ) =>
    new ToolError(
      'permission_denied',
      `A part of "${path}" could not be removed (${users.length > 0 ? `in use by ${nameProcesses(users)}` : reason}). The rest is gone, so the environment cannot be used any more.`,
      'End what uses it, then call again to remove what is left.',
    ),
  venvHoldsMore: (path: string, names: readonly string[]) =>
    new ToolError(
      'refused',
      `"${path}" was not deleted, since it holds what no installer and no virtual environment tool put there: ${listed(names)}.`,
      `Move that out of "${path}" first, then call again.`,
    ),
  refused: (message: string, hint?: string) => new ToolError('refused', message, hint),

  scriptMetadataInvalid: (path: string, line: number, rule: string) =>
    new ToolError(
      'invalid_input',
      `The inline script metadata of "${path}" is invalid in line ${line}: ${rule}.`,
      'Correct the block, for example: # /// script, # dependencies = ["requests>=2.31"], # ///, a line each (PEP 723).',
    ),
  noPythonForScript: (path: string, requiresPython: string, available: readonly string[]) =>
    new ToolError(
      'interpreter_not_found',
      `"${path}" requires Python ${requiresPython}, and there is none of these versions.`,
      `There is Python ${available.join(', ')}: correct "requires-python" in the file, or install a Python that it allows.`,
    ),
  scriptDependencies: (path: string, { kind, message, hint }: ToolError) =>
    new ToolError(kind, `The dependencies of "${path}" are not installed. ${message}`, hint),
};
