import { textOf } from '../process/capture';
import type { FailedRun } from './runHint';

/** @returns what to do where Python did not find a file whose path is too long for this Windows. */
export function longPathHint({ request, outcome }: FailedRun, platform = process.platform): string | undefined {
  const { program } = request;
  if (platform !== 'win32' || program.kind !== 'file' || program.path.length < 260 || outcome.exitCode !== 2)
    return undefined;
  const lines = textOf(outcome.stderr).split('\n');
  if (!lines.some((line) => line.includes("can't open file ") && line.includes('[Errno 2]'))) return undefined;
  return (
    `The file's path has ${program.path.length} characters, and Windows takes up to 259 unless long paths are enabled ` +
    "(the registry's LongPathsEnabled). Enable them, or move the project nearer to the root of its drive."
  );
}
