import type { FailedRun, HintSources } from './runHint';

/** @returns the next step where a module is missing, in the order of certainty. */
export function missingModuleHint(
  { root }: HintSources,
  { outcome: { exception } }: FailedRun,
): Promise<string | undefined> {
  const name = exception?.missingModule;
  return Promise.resolve(name === undefined ? undefined : `No module "${name}" is known in ${root}.`);
}
