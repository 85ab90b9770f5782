import { Disposable, workspace } from 'vscode';
import { observeProcesses } from '../core/process/observe';
import type { Parts } from './parts';
import { section } from './settings';

/** Writes to the log what was run, where and for how long, and what changed; never a secret. */
export function logActivity({ log, workspace: { folders }, onDidChangeEnvironment }: Parts): Disposable {
  log.info(`Serving ${folders.length === 0 ? 'no folder' : folders.map(({ root }) => root).join(', ')}`);
  return Disposable.from(
    observeProcesses((ended) => {
      void import('../core/process/describe').then(({ describeProcess }) => {
        log.info(describeProcess(ended));
      });
    }),
    onDidChangeEnvironment(({ folder, reason, environment }) => {
      const now = environment ? `${environment.path} (Python ${environment.version})` : 'no environment that works';
      log.info(`${folder.root}: ${reason}; now ${now}`);
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(section)) log.info('Settings changed');
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      log.info('The workspace is trusted now');
    }),
  );
}
