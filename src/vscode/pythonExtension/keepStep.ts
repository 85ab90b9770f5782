import { Disposable, extensions, window, type Extension } from 'vscode';
import { lazily } from '../../core/lazily';
import type { Parts } from '../parts';

/**
 * The extensions that have a selected interpreter for each folder. With `python.useEnvironmentsExtension` the first keeps
 * it, and the second passes on what it says; without, the first has no API.
 */
const ids = ['ms-python.vscode-python-envs', 'ms-python.python'] as const;

/** Keeps the active venvs and the selection of Microsoft's Python extensions in step, as the settings say. */
export function keepStepWithPythonExtensions(parts: Parts): Disposable {
  const met = new Set<string>();
  let running: { readonly dispose: () => void } | undefined;
  let ended = false;
  const start = lazily(async () => {
    const { SelectionSync } = await import('./selectionSync');
    const sync = new SelectionSync(parts);
    running = sync;
    if (ended) sync.dispose();
    return sync;
  });
  const meet = async (extension: Extension<unknown>): Promise<void> => {
    try {
      // Of one that is active already this only returns what it exports.
      const api = await extension.activate();
      if (!ended) (await start()).meet(extension.id, api);
    } catch (cause) {
      parts.log.warn(`${extension.id} did not start: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  const look = (): void => {
    for (const id of ids) {
      const extension = met.has(id) ? undefined : extensions.getExtension<unknown>(id);
      if (!extension || !(extension.isActive || isBeingActivated(extension))) continue;
      met.add(id);
      void meet(extension);
    }
  };
  look();
  // No event tells that an extension was activated. What activates these without a Python file on the screen is a file in
  // the workspace, which comes before `onStartupFinished`, or what a person or an agent does: most of it shows here.
  const listening = Disposable.from(
    extensions.onDidChange(look),
    window.onDidChangeVisibleTextEditors(look),
    window.onDidChangeActiveTextEditor(look),
    window.onDidChangeWindowState(look),
    window.onDidOpenTerminal(look),
    parts.busy.onDidChange(look),
    parts.onDidChangeEnvironment(look),
  );
  return new Disposable(() => {
    ended = true;
    listening.dispose();
    running?.dispose();
  });
}

/**
 * Whether VS Code activates it anyway: then asking for it waits for that activation, and starts none. It takes seconds,
 * so it must not be for this extension's sake.
 */
function isBeingActivated({ packageJSON }: Extension<unknown>): boolean {
  const manifest: unknown = packageJSON;
  if (typeof manifest !== 'object' || manifest === null || !('activationEvents' in manifest)) return false;
  return (
    Array.isArray(manifest.activationEvents) &&
    manifest.activationEvents.includes('onLanguage:python') &&
    window.visibleTextEditors.some(({ document }) => document.languageId === 'python')
  );
}
