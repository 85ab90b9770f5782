import { window } from 'vscode';
import { errors } from '../core/errors';
import type { PythonFolder } from '../core/folder';
import { normalizeName } from '../core/packages/normalizedName';
import type { RiskyCall } from '../core/risk';
import type { Confirm } from '../tools/defineTool';
import { deletion, replacement, uninstallation, unknownRemoval, type Removal } from './removal';

/**
 * Asks in a dialog before a chat deletes or removes something, whatever the person allowed before: "Allow in this
 * Session" allows a tool, not what it is called with. The button that does nothing is the first one, which Enter presses
 * for somebody who is just typing.
 *
 * @throws ToolError venv_not_found and others, where there is nothing to ask about.
 */
export const askToRemove: Confirm = async (call, folder, signal) => {
  const removal = await removalOf(call, folder, signal);
  if (!removal) return true;
  const { message, detail, go, keep } = removal;
  return (await window.showWarningMessage(message, { modal: true, detail }, keep, go)) === go && !signal.aborted;
};

/** @returns what to ask; undefined where the call will find nothing to remove. */
async function removalOf(
  { tool, input }: RiskyCall,
  folder: PythonFolder,
  signal: AbortSignal,
): Promise<Removal | undefined> {
  if (tool === 'venv' && (input.action === 'delete' || input.action === 'select')) {
    const path = input.path ?? '.venv';
    const info = await folder.venvs.info(path, signal);
    if (!info.exists) throw errors.venvNotFound(path);
    if (input.action === 'select') return replacement(folder.root, await folder.venvs.selected(), info);
    const packages = await folder.listPackages(signal, path).then(
      (listed) => listed.packages,
      () => [], // A broken one may be deleted too.
    );
    return deletion(folder.root, info, packages);
  }
  if (tool === 'pip' && input.action === 'uninstall') {
    const { environment } = await folder.venvs.active();
    if (!environment) return undefined;
    const { packages } = await folder.listPackages(signal);
    const asked = new Set((input.packages ?? []).map((name) => normalizeName(name.trim())));
    const removed = packages.filter(({ name }) => asked.has(normalizeName(name)));
    return removed.length === 0 ? undefined : uninstallation(environment, removed);
  }
  return unknownRemoval(tool, input);
}
