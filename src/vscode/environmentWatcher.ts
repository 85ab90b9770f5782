import { Disposable, window } from 'vscode';
import { eachFolder } from './folders';
import { FolderWatcher } from './folderWatcher';
import type { Parts } from './parts';

/** Watches the venvs of every folder, so that what is done to them in a terminal shows at once. */
export function watchEnvironments(parts: Parts): Disposable {
  const watchers = new Set<FolderWatcher>();
  return Disposable.from(
    eachFolder(parts, (folder) => {
      const watcher = new FolderWatcher({
        folder,
        isBusy: () => parts.busy.of(folder.root) !== undefined,
        onError: (path, cause) => {
          parts.log.warn(`${path} cannot be watched: ${cause instanceof Error ? cause.message : String(cause)}`);
        },
      });
      watchers.add(watcher);
      return new Disposable(() => {
        watchers.delete(watcher);
        watcher.dispose();
      });
    }),
    // File systems of networks and virtual machines tell of nothing: whoever comes back from elsewhere sees what is.
    window.onDidChangeWindowState(({ focused }) => {
      if (focused) for (const watcher of watchers) void watcher.look();
    }),
  );
}
