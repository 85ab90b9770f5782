import { basename } from 'node:path';
import { commands, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import type { ConnectionPlan } from '../../connect';

const scheme = 'python-tools-change';

/** Opens VS Code's diff editor on a file as it is and as it would be; `close` closes it. */
export async function showChange(plan: ConnectionPlan): Promise<{ readonly close: () => Promise<void> }> {
  const side = (query: string): Uri => Uri.from({ scheme, path: Uri.file(plan.file).path, query });
  const texts = new Map([
    [side('before').toString(), plan.before ?? ''],
    [side('after').toString(), plan.after],
  ]);
  const provider = workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()),
  });
  const title = `${basename(plan.file)} (proposed change)`;
  await commands.executeCommand('vscode.diff', side('before'), side('after'), title, { preview: true });
  return {
    close: async () => {
      const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
      await window.tabGroups.close(
        tabs.filter(({ input }) => input instanceof TabInputTextDiff && input.modified.scheme === scheme),
      );
      provider.dispose();
    },
  };
}
