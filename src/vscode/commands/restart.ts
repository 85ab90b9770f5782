import { commands, window } from 'vscode';
import { endAllProcesses } from '../../core/process/living';
import { offer, openOutput } from '../offer';
import type { Parts } from '../parts';

/** Ends what runs, forgets what is known of interpreters and packages, and looks at every environment anew. */
export async function restart({ log, forget, workspace }: Parts): Promise<void> {
  log.info('Restarting');
  await endAllProcesses();
  await forget();
  await Promise.all(
    workspace.folders.map(async (folder) => {
      await folder.noticeExternalChange();
    }),
  );
  await commands.executeCommand('pythonTools.restartLanguageServer');
  offer(window.showInformationMessage, 'Python Tools has looked at interpreters and environments anew.', [openOutput]);
}
