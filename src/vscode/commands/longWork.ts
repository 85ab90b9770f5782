import { ProgressLocation, window } from 'vscode';
import type { PythonFolder } from '../../core/folder';
import type { Parts } from '../parts';

/** What long work reports to, and what ends it. */
export interface WorkControl {
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/** Does what takes its time: a notification with Cancel, the spinner of the folder, a line in the log. */
export async function longWork<Result>(
  { busy, log }: Parts,
  folder: PythonFolder,
  title: string,
  work: (control: WorkControl) => Promise<Result>,
): Promise<Result> {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return await window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const listening = token.onCancellationRequested(() => {
      abort.abort();
    });
    const onProgress = (message: string): void => {
      log.debug(message);
      progress.report({ message });
    };
    const started = performance.now();
    log.info(`${title} (${folder.root})`);
    try {
      const result = await busy.during(
        folder.root,
        title,
        async () => await work({ signal: abort.signal, onProgress }),
      );
      log.info(`${title}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return result;
    } finally {
      listening.dispose();
    }
  });
}
