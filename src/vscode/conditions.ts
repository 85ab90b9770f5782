import { Disposable, workspace } from 'vscode';
import { readSettings, section } from './settings';

/** Keeps what `start` makes for as long as `pythonTools.enable` is on. */
export function whileEnabled(start: () => Disposable): Disposable {
  let running: Disposable | undefined;
  const follow = (): void => {
    const { enable } = readSettings();
    if (enable) running ??= start();
    else {
      running?.dispose();
      running = undefined;
    }
  };
  follow();
  const listening = workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${section}.enable`)) follow();
  });
  return new Disposable(() => {
    listening.dispose();
    running?.dispose();
  });
}

/** Makes what `start` makes once the workspace is trusted: nothing of it runs before. */
export function onceTrusted(start: () => Disposable): Disposable {
  if (workspace.isTrusted) return start();
  let running: Disposable | undefined;
  const listening = workspace.onDidGrantWorkspaceTrust(() => {
    running ??= start();
  });
  return new Disposable(() => {
    listening.dispose();
    running?.dispose();
  });
}
