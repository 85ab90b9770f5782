import { textOf } from '../process/capture';
import { endingHint } from './endingHint';
import { exceptionHint } from './exceptionHint';
import { installerHint } from './installerHint';
import { longPathHint } from './longPathHint';
import { displayHint, portHint } from './surroundingsHint';
import type { FailedRun, HintSources } from './runHint';

/** Where no exception tells, a program's last words may. */
const mostLines = 25;

/** @returns the next step for a failure that the run itself explains: its exception, its last lines, its signal. */
export async function failureHint(sources: HintSources, run: FailedRun): Promise<string | undefined> {
  const lines = textOf(run.outcome.stderr).trimEnd().split(/\r?\n/).slice(-mostLines);
  const lastWords = lines.join('\n');
  return (
    installerHint(run, lastWords) ??
    displayHint(run, lastWords) ??
    (await exceptionHint(sources, run)) ??
    (run.outcome.exception ? undefined : (longPathHint(run) ?? portHint(lastWords))) ??
    (await endingHint(sources, run))
  );
}
