import { window, type LogOutputChannel } from 'vscode';
import { processErrors } from '../core/failures/processErrors';
import { isToolError } from '../core/toolError';
import { errorForPeople } from './errorForPeople';
import { offer, openOutput } from './offer';

/** Says to the user why something that they asked for could not be done, and logs it. */
export function notifyError(log: LogOutputChannel, thrown: unknown): void {
  const error = isToolError(thrown) ? thrown : processErrors.internal(thrown);
  if (error.kind === 'cancelled') {
    log.info(error.message);
    offer(window.showInformationMessage, error.message);
    return;
  }
  log.error(`${error.kind}: ${error.message}`);
  if (error.kind === 'internal' && thrown instanceof Error) log.error(thrown);
  const { text, next } = errorForPeople(error);
  offer(window.showErrorMessage, text, [...next, openOutput]);
}
